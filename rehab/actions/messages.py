"""From what was decided about a claim to the message that leaves."""

from datetime import datetime

from django.conf import settings

from rehab.actions.bundles import Bundle
from rehab.actions.next_channel import CONFIRMS
from rehab.actions.receipts import receipt_path
from rehab.channels import Message


def message_of(bundle: Bundle, *, at: datetime) -> Message:
    """Return the message of a bundle as it would leave at a moment."""
    return Message(
        id=bundle.claim.id,
        address=bundle.address,
        language=bundle.language,
        wording=bundle.wording,
        count=bundle.count,
        link=f"{settings.PUBLIC_URL}/",
        at=at,
        expires_at=bundle.closes_at,
        contact_point_id=bundle.claim.contact_point_id,
        group=bundle.claim.reminder_id,
        secret=bundle.secret,
        sealed=bundle.sealed,
        receipt=receipt_path(bundle.claim) if bundle.claim.channel in CONFIRMS else "",
    )
