"""The commands of every service, in one place: the launcher and docker-compose.yml use the same."""

import sys

PYTHON = "python"

PREPARE = (PYTHON, "-m", "config.prepare")
WEB = (PYTHON, "-m", "gunicorn", "--config", "config/gunicorn.conf.py")
WORKER = (
    *(PYTHON, "-m", "celery", "--quiet", "--app", "config.celery", "worker"),
    *("--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
)
BEAT = (
    *(PYTHON, "-m", "celery", "--quiet", "--app", "config.celery", "beat"),
    *("--scheduler", "config.beat:LivingScheduler", "--pidfile=", "--loglevel", "WARNING"),
)
WATCH = (PYTHON, "manage.py", "watch")
MAILBOX = (PYTHON, "-m", "config.launcher.mailbox")


def here(command: tuple[str, ...]) -> list[str]:
    """Return the command with the interpreter that runs us."""
    return [sys.executable, *command[1:]]
