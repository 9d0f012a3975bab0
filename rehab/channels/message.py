"""What leaves the house: an address, a language and fixed words, never a diagnosis or a plan."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Message:
    """One message on one channel.

    id stays the same over retries, so that the receiving side can show it once.
    wording: due or alert; it chooses between fixed texts.
    """

    id: UUID
    address: str
    language: str
    wording: str
    count: int
    link: str


class Undeliverable(Exception):
    """The address will never work: retire it. The reason is for the person and for staff."""


class TryAgain(Exception):
    """The channel did not take it this time."""


Sender = Callable[[Message], None]
