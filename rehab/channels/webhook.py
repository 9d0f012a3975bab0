"""A webhook: JSON to an address that somebody set up, signed with the secret they were given."""

import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager

from patients.channels.exchange import Post
from rehab.channels.answers import deliver
from rehab.channels.message import Message, Sender
from rehab.channels.wording import words

DEAD = frozenset({400, 404, 410, 413})


@contextmanager
def webhook_sender() -> Iterator[Sender]:
    """Yield a function that sends one message; connections are the process's, and stay open."""
    yield _send


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return the header that proves sender and moment: t=<seconds>,v1=<HMAC-SHA256 in hex>.

    What is signed is the timestamp, a full stop and the body: an old message cannot be replayed
    under a new time.
    """
    signed = b"%d." % timestamp + body
    return f"t={timestamp},v1={hmac.digest(secret.encode(), signed, 'sha256').hex()}"


def request(message: Message) -> Post:
    """Return what is posted for a message."""
    body = _body(message)
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": message.id,
        "Rehab-Signature": signature(message.secret, int(message.at.timestamp()), body),
        "User-Agent": "rehab-record",
    }
    return Post(message.address, headers, body, DEAD)


def _send(message: Message) -> None:
    deliver("webhook", request(message))


def _body(message: Message) -> bytes:
    said = words(message.wording, message.language, message.count)
    told = {
        "id": message.id,
        "group": message.group or message.id,
        "kind": message.wording,
        "count": message.count,
        "title": said.title,
        "body": said.body,
        "language": message.language,
        "link": message.link,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
