"""PostgreSQL from the wheel's binaries, started by ourselves as a child.

The wheel's own `get_server()` trusts every local user and outlives a kill; see docs/adr.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from config.launcher.children import Child, wait_until
from config.launcher.place import Runner
from config.launcher.secret_file import write_private
from config.launcher.wheels import POSTGRES, reachable_programs

DATABASE = "rehab"
SOCKET_NAME = ".s.PGSQL.5432"
# A failed statement is never logged with its values, which may be a patient's.
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "max_connections": "60",
}
_LINGER_SECONDS = 15


@dataclass(slots=True)
class Postgres:
    folder: Path
    sockets: Path
    runner: Runner
    secrets: dict[str, str]
    # Tests make databases of their own.
    owner_makes_databases: bool = False

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    def prepare(self) -> Child:
        """Make the cluster on first use, clear what a kill left, and return the server to start."""
        binaries = reachable_programs(POSTGRES, "postgres", self.folder, self.runner)
        if not self.data.exists():
            self._initialise(binaries)
        _wait_for_predecessor(self.data)
        options = [f"--{name}={value}" for name, value in OPTIONS.items()]
        return Child(
            name="postgres",
            command=[binaries / "postgres", "-D", self.data, "-k", self.sockets, *options],
            environment={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            folder=self.folder,
            runner=self.runner,
            log=self.folder / "postgres.log",
            # Fast shutdown: connections are closed, what is committed is kept.
            stop_signal=signal.SIGINT,
            farewell=signal.SIGINT,
        )

    def _initialise(self, binaries: Path) -> None:
        draft = self.folder / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        password = self.folder / "initial-password"
        write_private(password, self.secrets["postgres"])
        self.runner.own(password)
        try:
            subprocess.run(
                [
                    *(binaries / "initdb", "-D", draft, "--username=postgres"),
                    *("--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8"),
                    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                    "--no-instructions",
                ],
                check=True,
                stdout=subprocess.DEVNULL,
                cwd=self.folder,
                user=self.runner.uid,
                group=self.runner.gid,
                extra_groups=None if self.runner.uid is None else (),
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            )
        finally:
            password.unlink(missing_ok=True)
        draft.rename(self.data)

    def start(self) -> Child:
        child = self.prepare()
        child.start()
        wait_until(self._answers, child, 60)
        self.make_roles()
        return child

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg2.OperationalError as error:
            if "authentication failed" in str(error):
                raise SystemExit(
                    "The passwords in secrets.json are not those of the database."
                ) from None
            return False
        return True

    def _connect(self, database: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host=str(self.sockets),
            user="postgres",
            password=self.secrets["postgres"],
            dbname=database,
        )

    def make_roles(self) -> None:
        """Make the roles `owner` and `app` and the database. Repeating it changes nothing."""
        with contextlib.closing(self._connect("postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for role in ("owner", "app"):
                    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                    verb = "ALTER" if cursor.fetchone() else "CREATE"
                    cursor.execute(
                        sql.SQL(
                            "{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {} PASSWORD {}"
                        ).format(
                            sql.SQL(verb),
                            sql.Identifier(role),
                            sql.SQL(self._may_make_databases(role)),
                            sql.Literal(self.secrets[role]),
                        )
                    )
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if not cursor.fetchone():
                    cursor.execute(
                        sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(DATABASE))
                    )

    def _may_make_databases(self, role: str) -> str:
        return "CREATEDB" if role == "owner" and self.owner_makes_databases else "NOCREATEDB"

    def url(self, role: str) -> str:
        host = quote(str(self.sockets), safe="")
        return f"postgres://{role}:{quote(self.secrets[role], safe='')}@{host}/{DATABASE}"


def _wait_for_predecessor(data: Path) -> None:
    """Wait for a server that a killed launcher left; it is shutting down. Insist after a while.

    The lock on the data folder is ours, so nobody else's server can be meant. A pid that now
    belongs to another program is a leftover and is removed.
    """
    pid_file = data / "postmaster.pid"
    deadline = time.monotonic() + _LINGER_SECONDS
    while (pid := _server_pid(pid_file, data)) is not None:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGQUIT)
            deadline += _LINGER_SECONDS
        time.sleep(0.1)
    pid_file.unlink(missing_ok=True)


def _server_pid(pid_file: Path, data: Path) -> int | None:
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if os.fsencode(data) in command else None
