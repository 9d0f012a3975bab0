"""E-mail over one kept SMTP connection."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation

from patients.channels.stop_links import stop_link

from .mail_in_time import MailInTime
from .message import Message, Sender, TryAgain, Undeliverable


@contextmanager
def email_sender() -> Iterator[Sender]:
    """Yield a function that sends one message; the connection is opened once and kept."""
    connection = MailInTime()
    try:
        yield lambda message: _send(message, connection)
    finally:
        connection.begin()
        connection.close()


def _send(message: Message, connection: MailInTime) -> None:
    mail = _compose(message, connection)
    connection.begin()
    try:
        # Opened here and not by `send`, which would close what it had to open.
        connection.open()
        mail.send()
    except SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        connection.close()
        if 500 <= code < 600:
            raise Undeliverable(f"smtp {code}") from refused
        raise TryAgain(f"smtp {code}") from refused
    except (SMTPServerDisconnected, SMTPException, OSError) as failed:
        # A half-dead connection would fail every message after this one.
        connection.close()
        raise TryAgain(type(failed).__name__) from failed


def _compose(message: Message, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    stop = _stop_link(message)
    context = {"count": message.count, "link": message.link, "stop_link": stop}
    with translation.override(message.language):
        subject = render_to_string(f"rehab/mail/{message.wording}.subject.txt", context).strip()
        text = render_to_string(f"rehab/mail/{message.wording}.txt", context)
        html = render_to_string(f"rehab/mail/{message.wording}.html", context)
    mail = EmailMultiAlternatives(
        subject,
        text,
        to=[message.address],
        connection=connection,
        headers={
            "Message-ID": f"<{message.id}@{_domain()}>",
            "Auto-Submitted": "auto-generated",
            **_unsubscribe(stop),
        },
    )
    mail.attach_alternative(html, "text/html")
    return mail


def _stop_link(message: Message) -> str:
    """Return the link that stops reminders at this address; an alert has none."""
    if message.wording not in ("due", "note") or message.contact_point_id is None:
        return ""
    return stop_link(UUID(message.contact_point_id))


def _unsubscribe(stop: str) -> Mapping[str, str]:
    """Return the headers that give a mail program its button (RFC 2369, RFC 8058)."""
    if not stop:
        return {}
    return {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _domain() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
