"""`make run`, from outside: a launcher of our own, on its own data folder and port."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from config.launcher.ports import free_port

ROOT = Path(__file__).resolve().parent.parent


def until(true: Callable[[], bool], *, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


class Launched:
    """A launcher of our own, on its own data folder and port."""

    def __init__(self, home: Path, uid: int | None = None, **settings: str) -> None:
        self.home, self.uid, self.port = home, uid, free_port()
        self.settings = settings
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
                    **self.settings,
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


@contextmanager
def launched_in_temporary_folder(uid: int | None = None, **settings: str) -> Iterator[Launched]:
    """A launcher, not yet started, that is stopped and erased at the end. settings: variables."""
    home = Path(tempfile.mkdtemp(prefix="rehab-launch-"))
    if uid is not None:
        os.chown(home, uid, uid)
    launched = Launched(home, uid, **settings)
    try:
        yield launched
    finally:
        if launched.running:
            launched.end(signal.SIGTERM)
        shutil.rmtree((launched.data / "engines").resolve(), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
