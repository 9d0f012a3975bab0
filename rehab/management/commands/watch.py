"""Watch over the messages that are due: needs PostgreSQL and nothing else of the product."""

import json
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone

from patients.access.walls import within_every_clinic
from rehab.domain.watch import Say, Watch
from rehab.models import tally
from rehab.models.outbox import oldest_due_unsent_age

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 10
KEEP_MINUTES = timedelta(days=2)
"""Counts are kept by the minute for two days, then by the day."""


class Command(BaseCommand):
    help = "Raise the alarm when due messages do not leave; runs without broker, beat and worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once and end")

    def handle(self, *, once: bool, **options: Any) -> None:
        watch = Watch(timedelta(seconds=settings.REMINDERS_LATE_AFTER_SECONDS))
        if once:
            look(watch, now=timezone.now())
            return
        while True:
            # First a pause: after a restart the workers have something to catch up with.
            time.sleep(settings.WATCH_EVERY_SECONDS)
            watch = look(watch, now=timezone.now())


def look(watch: Watch, *, now: datetime) -> Watch:
    """Look once, tell whoever is to be told, and return the watch as it goes on."""
    oldest = _oldest(now)
    (settings.DATA_DIR / "watch-alive").touch()
    watch, said = watch.look(oldest, now=now)
    if said in (Say.WELL, Say.OVER):
        _ping()
    if said in (Say.ALARM, Say.AGAIN, Say.OVER) and not _tell(said, oldest):
        return watch.untold()
    return watch


def _oldest(now: datetime) -> timedelta | None:
    """Return the age of the oldest due unsent message, None when the database does not answer."""
    try:
        with within_every_clinic():
            oldest = oldest_due_unsent_age(now)
        tally.fold(before=now - KEEP_MINUTES)
    except DatabaseError:
        logger.exception("the watch cannot ask the database")
        connection.close()
        return None
    return oldest


def _ping() -> None:
    """Tell the dead-man switch that all is well: silence is what it raises the alarm for."""
    if settings.WATCH_PING_URL:
        _tried("ping", lambda: _open(Request(settings.WATCH_PING_URL)))  # noqa: S310 - set by the operator


def _tell(said: Say, oldest: timedelta | None) -> bool:
    """Tell the operator on every channel that is set; tell whether one of them took it."""
    waited = None if oldest is None else round(oldest.total_seconds())
    text = _words(said, waited)
    logger.log(logging.INFO if said is Say.OVER else logging.ERROR, text)
    ways = [
        *([lambda: _post(said, text, waited)] if settings.WATCH_ALERT_URL else []),
        *([lambda: _mail(text)] if settings.WATCH_ALERT_EMAIL else []),
    ]
    told = [_tried("alarm", way) for way in ways]
    return not told or any(told)


def _words(said: Say, waited: int | None) -> str:
    if said is Say.OVER:
        return "Reminders leave again."
    if waited is None:
        return "The database does not answer: no reminder and no alert can leave."
    return f"Reminders do not leave: the oldest has waited {waited} seconds."


def _post(said: Say, text: str, waited: int | None) -> None:
    body = {"event": str(said), "text": text, "oldest_due_unsent_seconds": waited}
    headers = {"Content-Type": "application/json"}
    data = json.dumps(body).encode()
    _open(Request(settings.WATCH_ALERT_URL, data=data, headers=headers))  # noqa: S310 - set by the operator


def _mail(text: str) -> None:
    subject = "Rehab reminders"
    EmailMessage(subject, f"{text}\n{settings.PUBLIC_URL}", to=[settings.WATCH_ALERT_EMAIL]).send()


def _open(request: Request) -> None:
    with urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - set by the operator
        answer.read(1024)


def _tried(what: str, way: Callable[[], None]) -> bool:
    """Try one way out; a failure is logged and never ends the watch."""
    try:
        way()
    except (URLError, OSError, SMTPException) as error:
        logger.error("the watch could not send its %s: %s", what, type(error).__name__)
        return False
    return True
