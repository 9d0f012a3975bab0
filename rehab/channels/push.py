"""Web push to one browser: seal the words for it alone, then post them to its push service."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from django.conf import settings

from patients.channels.exchange import Post
from patients.channels.push_key import encoded
from patients.domain.push_subscription import unpadded
from rehab.channels import sealing
from rehab.channels.answers import deliver
from rehab.channels.message import Message, Sender, TryAgain, Undeliverable
from rehab.channels.vapid import Vapid
from rehab.channels.wording import words

# 404 and 410: the subscription is over. 400 and 413: this endpoint takes nothing that we send.
DEAD = frozenset({400, 404, 410, 413})
# An alert without an end is worth showing on a phone that was off overnight.
KEPT_SECONDS = 24 * 60 * 60


@contextmanager
def push_sender() -> Iterator[Sender]:
    """Yield a function that sends one message; connections are the process's, and stay open."""
    yield lambda message: deliver("push", request(message))


def request(message: Message) -> Post:
    """Return what is posted for a message: what was sealed ahead while it still says the same."""
    ahead = message.sealed
    if ahead is not None and ahead.says == fingerprint(message):
        return _post(message, ahead.body)
    return _post(message, seal(message))


def seal(message: Message) -> bytes:
    """Return the encrypted body of a message. It can be made ahead."""
    to = _keys(message.address)
    return sealing.seal(to.public_key, to.auth, payload(message), receiver=to.receiver)


def payload(message: Message) -> bytes:
    """Return what the service worker shows: fixed words, an address to open, an opaque tag."""
    said = words(message.wording, message.language, message.count)
    shown = {
        "title": said.title,
        "body": said.body,
        "lang": message.language,
        "tag": _tag(message),
        "link": message.link,
        "alert": message.is_alert,
    }
    if message.receipt:
        shown["receipt"] = message.receipt
    return orjson.dumps(shown)


def fingerprint(message: Message) -> bytes:
    """Return what a sealed body stands for: another subscription or other words, another one.

    The tag and the path of the receipt are the delivery's own and never change.
    """
    said = words(message.wording, message.language, message.count)
    told = (message.address, message.wording, message.language, said.title, said.body, message.link)
    return sha256("\0".join(told).encode()).digest()


def vapid() -> Vapid:
    """Return the signer of this installation; TryAgain while the operator has set no key."""
    if not settings.VAPID_PRIVATE_KEY:
        raise TryAgain("push is not set up")
    return _vapid(settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT)


def _post(message: Message, sealed: bytes) -> Post:
    endpoint = _read(message.address)["endpoint"]
    headers = {
        "Authorization": vapid().authorization(endpoint, at=message.at),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_seconds_to_live(message)),
        "Urgency": "high" if message.is_alert else "normal",
        "Topic": encoded(bytes.fromhex(_tag(message))),
    }
    return Post(endpoint, headers, sealed, DEAD)


@lru_cache(maxsize=4)
def _vapid(private_key: bytes, subject: str) -> Vapid:
    return Vapid(private_key, subject)


class _Keys(NamedTuple):
    public_key: bytes
    auth: bytes
    receiver: EllipticCurvePublicKey


def _keys(address: str) -> _Keys:
    """Return the keys of a subscription; it was judged when it was stored, and may be broken."""
    try:
        keys = _read(address)["keys"]
        public_key = unpadded(keys["p256dh"])
        return _Keys(public_key, unpadded(keys["auth"]), sealing.read_key(public_key))
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise Undeliverable("push subscription cannot be read") from broken


def _read(address: str) -> Any:
    try:
        found = orjson.loads(address)
        found["endpoint"], found["keys"]
    except (ValueError, KeyError, TypeError) as broken:
        raise Undeliverable("push subscription cannot be read") from broken
    return found


def _tag(message: Message) -> str:
    """Return what a later message of the same group takes the place of, as 32 hex digits."""
    return (message.group or message.id).replace("-", "")


def _seconds_to_live(message: Message) -> int:
    if message.expires_at is None:
        return KEPT_SECONDS
    return max(int((message.expires_at - message.at).total_seconds()), 0)
