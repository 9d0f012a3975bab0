"""Reminders leave without Redis: it only rings, the rows are in PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings

from config.launcher.ports import free_port
from rehab.models import Delivery
from tests.launched import ROOT
from tests.people import Cast
from tests.plans import assign, shoulder


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[Message] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content))
        return "250 kept"


@pytest.fixture
def smtp() -> Iterator[Controller]:
    server = Controller(Mailbox(), hostname="127.0.0.1", port=free_port())
    server.start()
    yield server
    server.stop()


def address_of_test_database() -> str:
    database = settings.DATABASES["default"]
    host, password = quote(database["HOST"], safe=""), quote(database["PASSWORD"], safe="")
    return f"postgres://{database['USER']}:{password}@{host}/{database['NAME']}"


def deliver(smtp_port: int, nowhere: Path) -> str:
    """Run the command in a process of its own, whose Redis is a socket that nobody serves."""
    done = subprocess.run(
        [sys.executable, "manage.py", "deliver"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "ENVIRONMENT": "test",
            "DATABASE_URL": address_of_test_database(),
            "REDIS_URL": f"unix://{nowhere}/nobody.sock",
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.django_db(transaction=True)
def test_what_is_due_is_sent_once_while_redis_is_dead(
    cast: Cast, smtp: Controller, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    due = (now - timedelta(minutes=2)).astimezone(ZoneInfo("Asia/Shanghai"))
    assign(cast, shoulder(f"{due:%H:%M}"), at=now - timedelta(minutes=10))

    said = deliver(smtp.port, tmp_path)
    again = deliver(smtp.port, tmp_path)

    assert said.startswith("sent 1,")
    assert again.startswith("sent 0,")
    assert [mail["To"] for mail in smtp.handler.mails] == [cast.alice.email]
    with cast.inside():
        assert Delivery.objects.filter(outcome="sent").count() == 1
