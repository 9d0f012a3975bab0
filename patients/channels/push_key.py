"""The key that browsers sign up for notifications with (RFC 8292)."""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@lru_cache(maxsize=4)
def public_key(private_key: bytes) -> str:
    """Return the public half of VAPID_PRIVATE_KEY as base64url; empty without a key."""
    if not private_key:
        return ""
    return encoded(point(derive_private_key(int.from_bytes(private_key), SECP256R1()).public_key()))


def point(key: EllipticCurvePublicKey) -> bytes:
    """Return a public key as 65 bytes, an uncompressed point."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encoded(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
