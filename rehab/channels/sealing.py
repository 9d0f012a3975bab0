"""Encryption of a web push message for one browser (RFC 8291, content coding of RFC 8188)."""

import hmac
import os

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from patients.channels.push_key import point

# What every push service takes: 4096 bytes of body, less the header, the padding and the tag.
LONGEST_PAYLOAD = 4096 - 86 - 1 - 16
_RECORD_SIZE = (4096).to_bytes(4)
_LAST_RECORD = b"\x02"
_CURVE = SECP256R1()
_ECDH = ECDH()


def seal(
    public_key: bytes,
    auth: bytes,
    payload: bytes,
    *,
    receiver: EllipticCurvePublicKey | None = None,
    sender: EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return the body to post: header, then one encrypted record.

    public_key: 65 bytes and auth: 16 bytes, of the subscription; receiver is the same key where it
    has been read already. sender and salt are fresh for each message; only a test names them.
    ValueError when the payload is too long for one record.
    """
    if len(payload) > LONGEST_PAYLOAD:
        raise ValueError("too long for one push message")
    sender = sender or generate_private_key(_CURVE)
    salt = salt or os.urandom(16)
    ours = point(sender.public_key())
    shared = sender.exchange(_ECDH, receiver or read_key(public_key))
    secret = _expanded(_extracted(auth, shared), b"WebPush: info\x00" + public_key + ours, 32)
    extracted = _extracted(salt, secret)
    key = _expanded(extracted, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _expanded(extracted, b"Content-Encoding: nonce\x00", 12)
    record = AESGCM(key).encrypt(nonce, payload + _LAST_RECORD, None)
    return salt + _RECORD_SIZE + bytes([len(ours)]) + ours + record


def read_key(public_key: bytes) -> EllipticCurvePublicKey:
    """Return the key of a browser; ValueError when this is no point of the curve."""
    return EllipticCurvePublicKey.from_encoded_point(_CURVE, public_key)


def _extracted(salt: bytes, secret: bytes) -> bytes:
    """The first half of HKDF with SHA-256 (RFC 5869)."""
    return hmac.digest(salt, secret, "sha256")


def _expanded(extracted: bytes, info: bytes, length: int) -> bytes:
    """The second half, for up to 32 bytes."""
    return hmac.digest(extracted, info + b"\x01", "sha256")[:length]
