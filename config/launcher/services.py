"""The processes of the product, with the environment they share."""

import os
import signal
from collections.abc import Mapping
from pathlib import Path

from config.launcher import commands
from config.launcher.children import Child

ROOT = Path(__file__).resolve().parent.parent.parent
# What another terminal needs to reach the running engines with manage.py.
FOR_MANAGE = (
    *("ENVIRONMENT", "SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"),
    *("EMAIL_URL", "PUBLIC_URL", "PORT", "DEMO_PASSWORD", "VAPID_PRIVATE_KEY"),
)


def _service(name: str, command: tuple[str, ...], environment: Mapping[str, str]) -> Child:
    return Child(name=name, command=commands.here(command), environment=environment, folder=ROOT)


def web(environment: Mapping[str, str]) -> Child:
    child = _service("web", commands.WEB, environment)
    # When the launcher is killed the port must be free at once for the next one.
    child.farewell = signal.SIGQUIT
    return child


def worker(environment: Mapping[str, str]) -> Child:
    return _service("worker", commands.WORKER, environment)


def beat(environment: Mapping[str, str]) -> Child:
    return _service("beat", commands.BEAT, environment)


def watch(environment: Mapping[str, str]) -> Child:
    return _service("watch", commands.WATCH, environment)


def mailbox(environment: Mapping[str, str], port: int, folder: Path) -> Child:
    arguments = ("--port", str(port), "--folder", str(folder))
    return _service("mailbox", (*commands.MAILBOX, *arguments), environment)


def preparation(environment: Mapping[str, str]) -> Child:
    return _service("preparation", commands.PREPARE, environment)


def local_environment(home: Path, secrets: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with what a local start needs and nobody has set."""
    given = {name: value for name, value in os.environ.items() if value}
    port = given.get("PORT", "8000")
    embedded = "DATABASE_URL" not in given
    defaults = {
        "ENVIRONMENT": "local",
        "DATA_DIR": str(home),
        "SECRET_KEY": secrets["secret_key"],
        "VAPID_PRIVATE_KEY": secrets["vapid"],
        "HOST": "127.0.0.1",
        "PORT": port,
        "PUBLIC_URL": f"http://localhost:{port}",
        "DEMO": "1" if embedded else "0",
        "DEMO_PASSWORD": secrets["demo"],
        "COLLECT_STATIC": "1",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }
    return {**defaults, **given}
