"""Saying to a push service who we are (RFC 8292): one signed token for each origin, kept."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from patients.channels.push_key import encoded, public_key

# A push service refuses tokens that are valid for longer than 24 hours.
VALID_FOR = timedelta(hours=12)
RENEWED_BEFORE_END = timedelta(hours=1)


class Vapid:
    """The signing key of this installation and the tokens that are still good.

    private_key: 32 bytes. subject: where a push service reaches the operator, mailto: or https:.
    """

    def __init__(self, private_key: bytes, subject: str) -> None:
        self._key = derive_private_key(int.from_bytes(private_key), SECP256R1())
        self._subject = subject
        self._kept: dict[str, tuple[datetime, str]] = {}
        self.public_key = public_key(private_key)

    def authorization(self, endpoint: str, *, at: datetime) -> str:
        """Return the Authorization header for an endpoint; signed once a half day and origin."""
        scheme, _, rest = endpoint.partition("://")
        origin = f"{scheme}://{rest.partition('/')[0]}"
        ends, header = self._kept.get(origin, (at, ""))
        if not RENEWED_BEFORE_END < ends - at <= VALID_FOR:
            ends = at + VALID_FOR
            claims = {"aud": origin, "exp": int(ends.timestamp()), "sub": self._subject}
            header = f"vapid t={_token(self._key, claims)}, k={self.public_key}"
            self._kept[origin] = ends, header
        return header


def new_private_key() -> str:
    """Return a fresh signing key as VAPID_PRIVATE_KEY takes it."""
    secret = generate_private_key(SECP256R1()).private_numbers().private_value
    return encoded(secret.to_bytes(32))


def _token(key: EllipticCurvePrivateKey, claims: Mapping[str, object]) -> str:
    head = {"typ": "JWT", "alg": "ES256"}
    signed = ".".join(
        encoded(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims)
    )
    r, s = decode_dss_signature(key.sign(signed.encode("ascii"), ECDSA(SHA256())))
    return f"{signed}.{encoded(r.to_bytes(32) + s.to_bytes(32))}"
