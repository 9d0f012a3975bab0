"""The processes that deliver, on engines of a benchmark: the real worker and the real beat."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.launcher import services
from config.launcher.children import Child
from config.launcher.engines import Engines
from config.launcher.supervisor import Watched

# The sink is on loopback. Elsewhere nothing ever leaves for a private address.
SINK_IS_PRIVATE = {"OUTGOING_PRIVATE_HOSTS": "127.0.0.1"}
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Installation:
    """One worker with as many processes as asked for, and beat. `look` starts again what ended."""

    environment: Mapping[str, str]
    workers: int = 2
    watched: dict[str, Watched] = field(default_factory=dict)

    def start(self) -> None:
        environment = {**self.environment, "WORKER_CONCURRENCY": str(self.workers)}
        for child in (services.worker(environment), services.beat(environment)):
            child.start()
            self.watched[child.name] = Watched(child)

    def look(self, now: float) -> None:
        for each in self.watched.values():
            each.look(now)

    def stop(self) -> None:
        while self.watched:
            self.watched.popitem()[1].child.stop()

    def pid(self, name: str) -> int | None:
        process = self.watched[name].child.process
        return process.pid if process and self.watched[name].child.running else None

    def worker_processes(self) -> list[int]:
        """Return the processes that send: the children of the worker."""
        pid = self.pid("worker")
        return children_of(pid) if pid else []


def children_of(pid: int) -> list[int]:
    try:
        return [int(each) for each in _read(f"/proc/{pid}/task/{pid}/children").split()]
    except OSError:
        return []


def cpu_seconds(pids: list[int]) -> float:
    """Return what these processes and their ended children have used of the processors."""
    return sum(_cpu_seconds(pid) for pid in pids)


def postgres_pids(engines: Engines) -> list[int]:
    """Return the server and its children: each connection is one."""
    child: Child = engines.children[0]
    assert child.process
    return [child.process.pid, *children_of(child.process.pid)]


def _cpu_seconds(pid: int) -> float:
    try:
        fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(each) for each in fields[11:15]) / _TICKS


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")
