"""Web servers side by side under the same gunicorn settings: the service, and bare functions."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.deployment import only_what_is_deployed
from config.launcher import commands, ports, services
from config.launcher.children import Child, wait_until

FLOOR = "bench.floor:application"
REPLAY = "bench.replay:application"
_READY_SECONDS = 60


class Server:
    """gunicorn by config/gunicorn.conf.py with what a deployment has, on a free port."""

    def __init__(self, name: str, environment: Mapping[str, str], *application: str) -> None:
        self.port = ports.free_port()
        self.child = Child(
            name=name,
            command=[*commands.here(commands.WEB), *application],
            environment={
                **environment,
                **only_what_is_deployed(),
                "PORT": str(self.port),
                "HOST": "127.0.0.1",
            },
            folder=services.ROOT,
            stop_signal=signal.SIGTERM,
            farewell=signal.SIGQUIT,
        )

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def workers(self) -> list[int]:
        assert self.child.process
        pid = self.child.process.pid
        return [int(each) for each in _read(f"/proc/{pid}/task/{pid}/children").split()]

    @property
    def worker_megabytes(self) -> float:
        """Return the resident memory of the largest worker."""
        return max(_resident_megabytes(pid) for pid in self.workers)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    server.child.start()
    try:
        wait_until(lambda: not ports.is_free(*server.address), server.child, _READY_SECONDS)
        yield server
    finally:
        server.child.stop()


def _resident_megabytes(pid: int) -> float:
    line = next(each for each in _read(f"/proc/{pid}/status").splitlines() if "VmRSS" in each)
    return int(line.split()[1]) / 1024


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")
