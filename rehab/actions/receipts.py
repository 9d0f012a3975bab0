"""What a device says once it has shown a message; without it the next address is told.

The link carries its own proof, because a service worker may not be signed in. It names one delivery
and can only say that this one was shown.
"""

import hmac
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from patients.access.walls import within_clinics
from patients.channels.push_key import encoded
from rehab.models.outbox import Claim, note_receipt

SALT = b"rehab.receipt"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def receipt_path(claim: Claim) -> str:
    """Return the path that confirms this delivery; the same for the same delivery."""
    moment = (claim.due_at - _EPOCH) // _MICROSECOND
    ids = f"{claim.clinic_id}.{claim.id}".replace("-", "")
    named = f"{ids}.{moment}"
    before, after = _path()
    return f"{before}{named}:{_proof(named, settings.SECRET_KEY)}{after}"


def confirm_receipt(*, token: str, at: datetime) -> bool:
    """Note that a message was shown; False for a token that nobody of ours signed."""
    named, _, proof = token.rpartition(":")
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(proof, _proof(named, str(key))) for key in keys):
        return False
    clinic, delivery, moment = named.split(".")
    with within_clinics([UUID(clinic)]):
        note_receipt(UUID(delivery), _EPOCH + int(moment) * _MICROSECOND, at=at)
    return True


def _proof(named: str, secret: str) -> str:
    return encoded(hmac.digest(_key(secret), named.encode(), "sha256"))


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    """Return the key for receipts alone; Django's signer would make it anew each time."""
    return hmac.digest(secret.encode(), SALT, "sha256")


@cache
def _path() -> tuple[str, str]:
    """Return what stands before and after the token: looking a route up costs more than signing."""
    before, _, after = reverse("rehab:received", args=["TOKEN"]).partition("TOKEN")
    return before, after
