"""What a device says once it has shown a message; without it the next address is told.

The link carries its own proof, because a service worker may not be signed in. It names one delivery
and can only say that this one was shown.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core import signing
from django.urls import reverse

from patients.access.walls import within_clinics
from rehab.models.outbox import Claim, note_receipt

SALT = "rehab.receipt"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def receipt_path(claim: Claim) -> str:
    """Return the path that confirms this delivery; the same for the same delivery."""
    moment = (claim.due_at - _EPOCH) // _MICROSECOND
    named = f"{claim.clinic_id.hex}.{claim.id.hex}.{moment}"
    return reverse("rehab:received", args=[signing.Signer(salt=SALT).sign(named)])


def confirm_receipt(*, token: str, at: datetime) -> bool:
    """Note that a message was shown; False for a token that nobody of ours signed."""
    try:
        clinic, delivery, moment = signing.Signer(salt=SALT).unsign(token).split(".")
    except (signing.BadSignature, ValueError):
        return False
    with within_clinics([UUID(clinic)]):
        note_receipt(UUID(delivery), _EPOCH + int(moment) * _MICROSECOND, at=at)
    return True
