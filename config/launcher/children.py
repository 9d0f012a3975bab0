"""One child process: in a session of its own, and told to go when its parent dies."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config.launcher.place import Runner

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def follow_parent(parent: int, farewell: signal.Signals) -> Callable[[], None]:
    """Return what a child runs before its program: ask for a signal when the parent dies.

    The parent may have died before the request, so the child looks once more.
    """

    def request() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(farewell))
        if os.getppid() != parent:
            os._exit(1)

    return request


@dataclass(slots=True)
class Child:
    """`stop_signal` asks it to finish, `farewell` is what it gets when the launcher is killed."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] | None = None
    folder: Path | None = None
    runner: Runner = field(default_factory=Runner)
    log: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    farewell: signal.Signals = signal.SIGTERM
    patience_seconds: float = 20.0
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        with contextlib.ExitStack() as stack:
            output: IO[bytes] | None = None
            if self.log:
                output = stack.enter_context(self._open_log(self.log))
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=self.runner.uid,
                group=self.runner.gid,
                extra_groups=None if self.runner.uid is None else (),
                umask=0o077,
                # Safe here: the launcher has one thread.
                preexec_fn=follow_parent(os.getpid(), self.farewell),  # noqa: PLW1509
            )

    def _open_log(self, path: Path) -> IO[bytes]:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "ab")

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    def stop(self) -> None:
        """Ask, wait, then insist; and leave nobody of its session behind."""
        if self.process is None:
            return
        if self.running:
            self.process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience_seconds)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def wait_until(ready: Callable[[], bool], child: Child, seconds: float) -> None:
    """Poll until ready. SystemExit where the child ended or the time is up, naming its log.

    Whoever stops waiting, by a signal too, leaves no child behind.
    """
    deadline = time.monotonic() + seconds
    try:
        while not ready():
            if not child.running:
                raise SystemExit(f"{child.name} ended with {child.exit_code}. {_where(child)}")
            if time.monotonic() > deadline:
                raise SystemExit(f"{child.name} was not ready in {seconds:.0f} s. {_where(child)}")
            time.sleep(0.05)
    except BaseException:
        child.stop()
        raise


def _where(child: Child) -> str:
    if not child.log or not child.log.exists():
        return ""
    tail = child.log.read_text(errors="replace").splitlines()[-5:]
    return "\n".join([f"The end of {child.log}:", *tail])
