"""Web push to one browser: seal the words for it alone, then post them to its push service."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256

from django.conf import settings

from patients.channels.push_key import encoded
from patients.domain.push_subscription import PushSubscription, push_subscription
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
    yield _send


def seal(message: Message) -> bytes:
    """Return the encrypted body of a message. It can be made ahead: `post` sends it as it is."""
    to = _subscription(message.address)
    return sealing.seal(to.public_key, to.auth, payload(message))


def post(message: Message, sealed: bytes) -> None:
    """Post an encrypted body; Undeliverable when the subscription is over, else maybe TryAgain."""
    endpoint = _subscription(message.address).endpoint
    headers = {
        "Authorization": vapid().authorization(endpoint, at=message.at),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_seconds_to_live(message)),
        "Urgency": "high" if message.is_alert else "normal",
        "Topic": encoded((message.group or message.id).bytes),
    }
    deliver("push", endpoint, headers, sealed, dead=DEAD)


def payload(message: Message) -> bytes:
    """Return what the service worker shows: fixed words, an address to open, an opaque tag."""
    said = words(message.wording, message.language, message.count)
    shown = {
        "title": said.title,
        "body": said.body,
        "lang": message.language,
        "tag": (message.group or message.id).hex,
        "link": message.link,
        "alert": message.is_alert,
    }
    if message.receipt:
        shown["receipt"] = message.receipt
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(message: Message) -> bytes:
    """Return what a sealed body stands for: another subscription or other words, another one."""
    return sha256(message.address.encode() + b"\x00" + payload(message)).digest()


def vapid() -> Vapid:
    """Return the signer of this installation; TryAgain while the operator has set no key."""
    if not settings.VAPID_PRIVATE_KEY:
        raise TryAgain("push is not set up")
    return _vapid(settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT)


def _send(message: Message) -> None:
    ahead = message.sealed
    still_so = ahead is not None and ahead.says == fingerprint(message)
    post(message, ahead.body if ahead and still_so else seal(message))


@lru_cache(maxsize=4)
def _vapid(private_key: bytes, subject: str) -> Vapid:
    return Vapid(private_key, subject)


@lru_cache(maxsize=4096)
def _subscription(address: str) -> PushSubscription:
    try:
        return push_subscription(address, private_hosts=settings.OUTGOING_PRIVATE_HOSTS)
    except ValueError as broken:
        raise Undeliverable("push subscription cannot be read") from broken


def _seconds_to_live(message: Message) -> int:
    if message.expires_at is None:
        return KEPT_SECONDS
    return max(int((message.expires_at - message.at).total_seconds()), 0)
