"""The link in a reminder by e-mail that stops reminders at that address (RFC 8058).

It works without signing in and for ever: who holds the letter may stop the letters. It names a
contact point and nothing else, so it can't be used for anything but that.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "patients.stop-reminders"


def stop_link(contact_point_id: UUID) -> str:
    token = signing.Signer(salt=SALT).sign(contact_point_id.hex)
    return settings.PUBLIC_URL + reverse("people:stop-reminders", args=[token])


def read_stop_link(token: str) -> UUID | None:
    """Return the contact point of a link, or None when nobody of ours signed it."""
    try:
        return UUID(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
