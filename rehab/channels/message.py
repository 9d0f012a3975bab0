"""What leaves the house: an address, a language and fixed words, never a diagnosis or a plan."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from msgspec import Struct, field


class Sealed(NamedTuple):
    """A body encrypted ahead; says is the fingerprint of what it tells, and to whom."""

    says: bytes
    body: bytes


class Message(Struct, frozen=True):
    """One message on one channel. Ids are text as the database has it: lower case, with hyphens.

    id stays the same over retries, so that the receiving side can show it once.
    wording: due or alert; it chooses between fixed texts.
    at: when it leaves; now, unless told. expires_at: after it the message says nothing useful.
    group: what it speaks of; on a device a later message of the same group takes the place of the
    earlier one. secret: what a webhook signs with. sealed: a push encrypted ahead.
    receipt: the path where a device says that it showed the message.
    """

    id: str
    address: str
    language: str
    wording: str
    count: int
    link: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    expires_at: datetime | None = None
    contact_point_id: str | None = None
    group: str | None = None
    secret: str = ""
    sealed: Sealed | None = None
    receipt: str = ""

    @property
    def is_alert(self) -> bool:
        return self.wording == "alert"


class Undeliverable(Exception):
    """The address will never work: retire it. The reason is for the person and for staff."""


class TryAgain(Exception):
    """The channel did not take it this time.

    retry_after_seconds: how long the other side asked us to wait, if it did.
    """

    def __init__(self, reason: str, *, retry_after_seconds: float | None = None) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(reason)


Sender = Callable[[Message], None]
