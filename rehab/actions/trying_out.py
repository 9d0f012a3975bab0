"""Sending a test message to one's own address, at once and not through the queue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings

from patients.actions.attempts import count_attempt
from patients.actions.contact import (
    own_contact_point,
    retire_contact_point,
    verify_contact_point,
)
from patients.domain.errors import Conflict
from patients.domain.roles import Channel
from patients.models import ContactPoint, User
from rehab.channels import CHANNELS, Message
from rehab.channels.message import TryAgain, Undeliverable

WORTH_READING_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Tried:
    """reason: what the channel said when it did not take the message; it holds no address."""

    sent: bool
    reason: str = ""


def send_test(*, by: User, at: datetime, contact_point_id: UUID) -> Tried:
    """Send a test. A webhook that takes it is verified; an address that is over is retired."""
    point = own_contact_point(by=by, contact_point_id=contact_point_id)
    if point.verified_at is None and point.channel != Channel.WEBHOOK:
        raise Conflict("Confirm this address first.", code="not_confirmed")
    count_attempt("test-message", str(by.pk))
    try:
        with CHANNELS[point.channel]() as send:
            send(_message(point, by, at=at))
    except TryAgain as failed:
        return Tried(False, str(failed))
    except Undeliverable as refused:
        retire_contact_point(by=by, at=at, contact_point_id=point.pk, reason=str(refused)[:60])
        return Tried(False, str(refused))
    verify_contact_point(at=at, contact_point_id=point.pk, address=point.address)
    return Tried(True)


def _message(point: ContactPoint, by: User, *, at: datetime) -> Message:
    return Message(
        id=str(uuid4()),
        address=point.address,
        language=by.language.lower(),
        wording="test",
        count=1,
        link=f"{settings.PUBLIC_URL}/",
        at=at,
        expires_at=at + WORTH_READING_FOR,
        contact_point_id=str(point.pk),
        secret=point.secret,
    )
