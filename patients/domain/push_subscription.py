"""A browser's push subscription: where to post, and the keys that only that browser can open."""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass

from patients.domain.public_address import public_url

# The curve P-256 (FIPS 186-5): y² = x³ - 3x + b modulo p.
_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


@dataclass(frozen=True, slots=True)
class PushSubscription:
    """public_key: 65 bytes, an uncompressed point of P-256. auth: 16 bytes (RFC 8291)."""

    endpoint: str
    public_key: bytes
    auth: bytes


def push_subscription(
    text: str, *, private_hosts: frozenset[str] = frozenset()
) -> PushSubscription:
    """Read what `PushSubscription.toJSON()` gives; ValueError when a message could never be read.

    A key that is no point of the curve would fail at every message, so it is refused here.
    """
    try:
        data = json.loads(text)
        keys = data["keys"]
        found = PushSubscription(
            public_url(data["endpoint"], private_hosts=private_hosts),
            unpadded(keys["p256dh"]),
            unpadded(keys["auth"]),
        )
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("not a push subscription") from None
    if not _is_on_curve(found.public_key) or len(found.auth) != 16:
        raise ValueError("not the keys of a push subscription")
    return found


def as_address(text: str, *, private_hosts: frozenset[str] = frozenset()) -> str:
    """Return a subscription in its one spelling, with what is needed and nothing else."""
    push_subscription(text, private_hosts=private_hosts)
    data = json.loads(text)
    keys = {name: data["keys"][name].rstrip("=") for name in ("p256dh", "auth")}
    return json.dumps({"endpoint": data["endpoint"].strip(), "keys": keys}, sort_keys=True)


def unpadded(text: str) -> bytes:
    """Decode base64url with or without padding; ValueError for anything else."""
    if not isinstance(text, str):
        raise TypeError("not text")
    bare = text.rstrip("=")
    if not bare.isascii() or not bare.replace("-", "").replace("_", "").isalnum():
        raise ValueError("not base64url")
    return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def _is_on_curve(point: bytes) -> bool:
    if len(point) != 65 or point[0] != 4:
        return False
    x, y = int.from_bytes(point[1:33]), int.from_bytes(point[33:])
    return max(x, y) < _P and (y * y - (x * x * x - 3 * x + _B)) % _P == 0
