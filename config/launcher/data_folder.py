"""The data folder: private, held by one launcher at a time."""

import fcntl
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from config.launcher.place import private_folder
from config.launcher.secret_file import write_private


class AlreadyRunning(SystemExit):
    """Another launcher holds the data folder."""


def take(home: Path) -> IO[str]:
    """Lock the data folder for this process and return the open lock; the kernel frees it when we
    end, however we end."""
    private_folder(home)
    descriptor = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    lock = os.fdopen(descriptor, "r+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        with lock:
            holder = lock.read().strip() or "?"
        raise AlreadyRunning(
            f"Already running: process {holder} holds {home}.\n"
            "Stop it first, or name another folder with DATA_DIR (and another PORT)."
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def publish(home: Path, environment: Mapping[str, str], names: Iterable[str]) -> None:
    """Leave the addresses of the running engines for `manage.py` in another terminal."""
    lines = (f"{name}={environment[name]}\n" for name in names if environment.get(name))
    write_private(home / "env", "".join(lines))


def withdraw(home: Path) -> None:
    (home / "env").unlink(missing_ok=True)
