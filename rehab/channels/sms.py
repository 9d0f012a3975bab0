"""Text messages through the operator's gateway, each short enough to be one message."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from patients.channels import sms_gateway
from patients.channels.exchange import Post
from rehab.channels.answers import deliver
from rehab.channels.message import Message, Sender, TryAgain

# One message: 160 letters of the GSM alphabet, or 70 where one letter is outside it.
PLAIN_LETTERS, OTHER_LETTERS = 160, 70


@contextmanager
def sms_sender() -> Iterator[Sender]:
    """Yield a function that sends one message; connections are the process's, and stay open."""
    yield _send


def text(message: Message) -> str:
    """Return the fixed words, with the address to open where both fit into one message."""
    with translation.override(message.language):
        said = _said(message.wording)
    longer = f"{said} {message.link}"
    return longer if len(longer) <= room(longer) else said


def room(said: str) -> int:
    """Return how many letters one text message has for this text."""
    return PLAIN_LETTERS if said.isascii() else OTHER_LETTERS


def _said(wording: str) -> str:
    match wording:
        case "alert":
            return gettext(
                "Something that was recorded needs a person to look at it. In an emergency call"
                " the emergency number."
            )
        case "note":
            return gettext("There is a note for you. Open it to read what it says.")
        case "test":
            return gettext("This is a test. Reminders can reach you at this number.")
        case _:
            return gettext("It is time for something on today's list.")


def request(message: Message) -> Post:
    """Return what is posted for a message; TryAgain while there is no gateway."""
    if not settings.SMS_GATEWAY_URL:
        raise TryAgain("sms is not set up")
    headers, body = sms_gateway.request(
        message.id, message.address, text(message), message.language
    )
    url, dead = settings.SMS_GATEWAY_URL, sms_gateway.UNREACHABLE
    return Post(url, headers, body, dead, trusted=True)


def _send(message: Message) -> None:
    deliver("sms", request(message))
