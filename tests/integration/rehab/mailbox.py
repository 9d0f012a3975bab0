"""A real SMTP server on loopback that keeps what it accepts and refuses what it is told to."""

import ssl
from asyncio import sleep
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings

from config.launcher.ports import free_port


class Mailbox:
    """answers: what the server says to a recipient or, under "DATA", to a whole message.

    takes: seconds that it lets pass before each answer about a message.
    """

    def __init__(self) -> None:
        self.takes = 0.0
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.connections = 0

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        await sleep(self.takes)
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await sleep(self.takes)
        if "DATA" in self.answers:
            return self.answers["DATA"]
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 kept"

    @property
    def recipients(self) -> list[str]:
        return [str(mail["To"]) for mail in self.mails]


@contextmanager
def open_mailbox(*, certificate: Path | None = None) -> Iterator[Mailbox]:
    """Run the server, over TLS from the start with a certificate; let Django's mail go to it."""
    kept, port = Mailbox(), free_port()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if certificate else None
    if tls and certificate:
        tls.load_cert_chain(certificate)
    server = Controller(kept, hostname="127.0.0.1", port=port, ssl_context=tls)
    server.start()
    try:
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=port,
            EMAIL_USE_TLS=False,
            EMAIL_USE_SSL=certificate is not None,
            EMAIL_HOST_USER="",
            EMAIL_HOST_PASSWORD="",
        ):
            yield kept
    finally:
        server.stop()
