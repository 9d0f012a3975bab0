"""Telling people where they are that messages no longer reach them."""

from datetime import datetime

from patients.models import ContactPoint, User
from patients.models.contact import TOLD_FOR


def is_unreached(user: User, *, now: datetime) -> bool:
    """Tell whether an address of this account stopped working lately and was not added again."""
    return ContactPoint.objects.of(user).lost_since(now - TOLD_FOR).exists()
