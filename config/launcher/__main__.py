"""`make run`: everything, from an empty folder to a served address, under one process."""

import os
import signal
import time
from pathlib import Path

from config.launcher import data_folder, ports, services
from config.launcher.children import wait_until
from config.launcher.engines import Engines
from config.launcher.progress import say, welcome
from config.launcher.secret_file import kept_secrets
from config.launcher.supervisor import Supervisor

_PORT_PATIENCE_SECONDS = 10
_READY_SECONDS = 60


class StopRequestedError(Exception):
    """Ctrl-C, or a polite signal."""


def _stop(*_: object) -> None:
    raise StopRequestedError


class Launch:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.environment = services.local_environment(data, kept_secrets(data / "secrets.json"))
        self.owner = {"DATABASE_OWNER_URL": self.environment.pop("DATABASE_OWNER_URL", "")}
        self.supervisor = Supervisor()
        self.engines: Engines | None = None
        self.mail = self.environment.get("EMAIL_HOST", "as EMAIL_URL says")

    @property
    def address(self) -> tuple[str, int]:
        return self.environment["HOST"], int(self.environment["PORT"])

    def bring_up(self) -> None:
        self._start_engines()
        self._start_mailbox()
        self._prepare_database()
        self._wait_for_port()
        say("starting web, worker, beat and watch")
        web = services.web(self.environment)
        self.supervisor.start(web)
        self.supervisor.start(services.worker(self.environment))
        self.supervisor.start(services.beat(self.environment))
        self.supervisor.start(services.watch(self.environment))
        wait_until(lambda: ports.serves(*self.address), web, _READY_SECONDS)
        welcome(self.environment, mail=self.mail, data=self.data)

    def bring_down(self) -> None:
        data_folder.withdraw(self.data)
        self.supervisor.stop()
        if self.engines:
            self.engines.forget_sockets()

    def _start_engines(self) -> None:
        """Start those engines that the environment does not name."""
        own_database = "DATABASE_URL" not in self.environment
        own_redis = "REDIS_URL" not in self.environment
        if not (own_database or own_redis):
            return
        self.engines = engines = Engines(self.data)
        if own_database:
            say("starting PostgreSQL" if engines.postgres.data.exists() else "making a database")
            self.supervisor.add(engines.postgres.start())
            self.environment["DATABASE_URL"] = engines.postgres.url("app")
            self.owner["DATABASE_OWNER_URL"] = engines.postgres.url("owner")
        if own_redis:
            say("starting Valkey")
            self.supervisor.add(engines.valkey.start())
            self.environment["REDIS_URL"] = engines.valkey.url

    def _start_mailbox(self) -> None:
        if "EMAIL_URL" in self.environment or "EMAIL_HOST" in self.environment:
            return
        port, folder = ports.free_port(), self.data / "mail"
        self.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        self.supervisor.start(services.mailbox(self.environment, port, folder))
        self.mail = f"{folder}/*.eml"

    def _prepare_database(self) -> None:
        """Migrate and load, as the owner, whose address the other processes never learn."""
        say("preparing the database")
        environment = {**self.environment, **self.owner}
        data_folder.publish(self.data, environment, services.FOR_MANAGE)
        child = services.preparation(environment)
        child.start()
        try:
            while child.running:
                time.sleep(0.05)
            code = child.exit_code
        finally:
            child.stop()
        if code:
            raise SystemExit("Preparing the database failed; the reason stands above.")

    def _wait_for_port(self) -> None:
        """A web server left by a killed launcher frees its port within seconds."""
        deadline = time.monotonic() + _PORT_PATIENCE_SECONDS
        while not ports.is_free(*self.address):
            if time.monotonic() > deadline:
                raise SystemExit(f"Port {self.address[1]} is taken. Another: PORT=8001 make run")
            time.sleep(0.1)


def main() -> None:
    data = Path(os.environ.get("DATA_DIR") or services.ROOT / "var").absolute()
    lock = data_folder.take(data)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    launch = Launch(data)
    try:
        launch.bring_up()
        launch.supervisor.watch()
    except StopRequestedError:
        say("stopping")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        launch.bring_down()
        lock.close()
    say("stopped; the data is kept")


if __name__ == "__main__":
    main()
