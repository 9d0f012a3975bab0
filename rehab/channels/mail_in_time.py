"""SMTP with one deadline for all that is said about a message.

`EMAIL_TIMEOUT` bounds each answer in Django's backend, and there are four to ten of them: a mail
server that takes its time over each would hold a message longer than its lease, and whoever claims
it then sends it again.
"""

from collections.abc import Callable
from functools import partial
from smtplib import SMTP, SMTP_SSL, SMTPServerDisconnected
from time import monotonic
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class MailInTime(EmailBackend):
    """Call `begin` before each message: everything until the next one is over in EMAIL_TIMEOUT."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.begin()

    def begin(self) -> None:
        self._deadline = monotonic() + self.timeout

    @property
    def connection_class(self) -> Callable[..., SMTP]:
        return partial(_OverTls if self.use_ssl else _InTime, left=self._left)

    def _left(self) -> float:
        return self._deadline - monotonic()


class _InTime(SMTP):
    """left: the seconds until the deadline."""

    def __init__(self, *args: Any, left: Callable[[], float], **options: Any) -> None:
        self._left = left
        super().__init__(*args, **options)

    def send(self, s: Any) -> None:
        self._hurry()
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        self._hurry()
        return super().getreply()

    def _hurry(self) -> None:
        left = self._left()
        if left <= 0:
            self.close()
            raise SMTPServerDisconnected("the mail server takes too long")
        if self.sock is not None:
            self.sock.settimeout(left)


class _OverTls(_InTime, SMTP_SSL):
    """Over TLS from the start."""
