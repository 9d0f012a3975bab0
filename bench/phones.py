"""The phones of the benchmark: each has keys of its own, that follow from whose it is.

So what was sealed for one can be opened afterwards without keeping fifty thousand keys.
"""

from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from tests.integration.channels.browser_keys import BrowserKeys

# The order of the curve P-256 (FIPS 186-5), less one.
_KEYS = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550


def phone_of(user_id: UUID) -> BrowserKeys:
    """Return the keys of the phone of an account."""
    secret = sha256(b"key" + user_id.bytes).digest()
    private = derive_private_key(int.from_bytes(secret) % _KEYS + 1, SECP256R1())
    return BrowserKeys(private, sha256(b"auth" + user_id.bytes).digest()[:16])
