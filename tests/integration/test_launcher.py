"""`make run`, from outside: started, killed, started again, stopped."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from config.launcher.place import Runner
from config.launcher.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
NOBODY = 65534


def until(true: Callable[[], bool], *, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


class Launched:
    """A launcher of our own, on its own data folder and port."""

    def __init__(self, home: Path, uid: int | None) -> None:
        self.home, self.uid, self.port = home, uid, free_port()
        self.output = home / "output"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.home / "var"

    def begin(self) -> "subprocess.Popen[bytes]":
        with self.output.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "config.launcher"],
                cwd=ROOT,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(self.home),
                    "DATA_DIR": str(self.data),
                    "PORT": str(self.port),
                    "WEB_CONCURRENCY": "1",
                    "WORKER_CONCURRENCY": "1",
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=self.uid,
                group=self.uid,
                extra_groups=None if self.uid is None else (),
            )

    def start(self) -> None:
        self.output.write_bytes(b"")
        self.process = self.begin()
        assert until(lambda: "Ready" in self.said or not self.running, seconds=90), self.said
        assert self.running, self.said

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def said(self) -> str:
        return self.output.read_text()

    @property
    def children(self) -> list[psutil.Process]:
        assert self.process
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, word: str) -> psutil.Process | None:
        found = (child for child in self.children if any(word in part for part in named(child)))
        return next(found, None)

    def serves(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}/healthz", timeout=5) as got:
                return bool(got.status == 200)
        except OSError:
            return False

    def end(self, number: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(60)


def named(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def all_gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=20)
    return not alive


def users() -> list[int | None]:
    """Ourselves; and for root also an ordinary user, where that one can reach this interpreter."""
    ordinary = Runner(NOBODY, NOBODY)
    reachable = os.geteuid() == 0 and ordinary.can_run(Path(sys.executable))
    return [None, NOBODY] if reachable and os.access(ROOT, os.X_OK) else [None]


@pytest.fixture(params=users(), ids=lambda uid: "ordinary user" if uid else "ourselves")
def launched(request: pytest.FixtureRequest) -> Iterator[Launched]:
    home = Path(tempfile.mkdtemp(prefix="rehab-launch-"))
    if request.param is not None:
        os.chown(home, request.param, request.param)
    launched = Launched(home, request.param)
    yield launched
    if launched.running:
        launched.end(signal.SIGTERM)
    shutil.rmtree((launched.data / "engines").resolve(), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_serves_restarts_what_dies_recovers_from_a_kill_and_leaves_nobody_behind(
    launched: Launched,
) -> None:
    launched.start()
    assert launched.serves()
    assert "clinician@demo.test" in launched.said

    # Private, also from other users of the machine.
    assert mode(launched.data) == mode(launched.data / "engines") == 0o700
    for name in ("secrets.json", "env", "lock"):
        assert mode(launched.data / name) == 0o600, name

    # A second launch on the same folder says so.
    second = launched.begin()
    assert second.wait(20) != 0
    assert "Already running" in launched.said

    # What dies is started again.
    for word in ("valkey-server", "gunicorn"):
        victim = launched.child(word)
        assert victim
        victim.kill()
        assert until(lambda w=word, v=victim: (now := launched.child(w)) is not None and now != v)
    assert until(launched.serves)

    # The launcher itself is killed: its children end, and the next start finds the data.
    secrets = (launched.data / "secrets.json").read_text()
    children = launched.children
    launched.end(signal.SIGKILL)
    launched.start()
    assert launched.serves()
    assert all_gone(children)
    assert (launched.data / "secrets.json").read_text() == secrets

    # Ctrl-C.
    children = launched.children
    assert launched.end(signal.SIGINT) == 0
    assert all_gone(children)
    assert "the data is kept" in launched.said
    assert not (launched.data / "env").exists()
