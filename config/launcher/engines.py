"""The two engines together: for the launcher in the data folder, for tests in a temporary one."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.launcher import postgres, valkey
from config.launcher.children import Child
from config.launcher.place import (
    ROOT_PARENT,
    Runner,
    engine_folder,
    engine_runner,
    private_folder,
    socket_folder,
)
from config.launcher.postgres import Postgres
from config.launcher.secret_file import kept_secrets
from config.launcher.valkey import Valkey


@dataclass(slots=True)
class Engines:
    """Addresses and passwords are known as soon as this exists; `start` makes them answer.

    The caller holds the lock on `home`.
    """

    home: Path
    root_parent: Path = ROOT_PARENT
    owner_makes_databases: bool = False
    runner: Runner = field(default_factory=engine_runner)
    secrets: dict[str, str] = field(init=False)
    folder: Path = field(init=False)
    sockets: Path = field(init=False)
    children: list[Child] = field(default_factory=list)

    def __post_init__(self) -> None:
        private_folder(self.home)
        self.secrets = kept_secrets(self.home / "secrets.json")
        self.folder = engine_folder(self.home, self.runner, self.root_parent)
        longest = max(postgres.SOCKET_NAME + ".lock", valkey.SOCKET_NAME, key=len)
        self.sockets = socket_folder(self.folder, self.runner, longest)

    @property
    def postgres(self) -> Postgres:
        return Postgres(
            self.folder, self.sockets, self.runner, self.secrets, self.owner_makes_databases
        )

    @property
    def valkey(self) -> Valkey:
        return Valkey(self.folder, self.sockets, self.runner, self.secrets)

    def environment(self) -> dict[str, str]:
        """Return the variables that lead a process to these engines, as the role `app`."""
        return {"DATABASE_URL": self.postgres.url("app"), "REDIS_URL": self.valkey.url}

    def owner_environment(self) -> dict[str, str]:
        return {"DATABASE_OWNER_URL": self.postgres.url("owner")}

    def start(self) -> None:
        if not self.children:
            self.children = [self.postgres.start(), self.valkey.start()]

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()
        self.children = []
        self.forget_sockets()

    def forget_sockets(self) -> None:
        if self.sockets.parent != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def erase(self) -> None:
        """Stop, then remove the engines and the data folder. For temporary ones only."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)


def in_temporary_folder() -> Engines:
    """Return engines, not yet started, in a new folder that `erase` removes."""
    home = Path(tempfile.mkdtemp(prefix="rehab-"))
    outside = Path(tempfile.gettempdir()) if os.geteuid() == 0 else ROOT_PARENT
    return Engines(home, root_parent=outside, owner_makes_databases=True)


@contextmanager
def temporary_engines() -> Iterator[Engines]:
    engines = in_temporary_folder()
    try:
        engines.start()
        yield engines
    finally:
        engines.erase()
