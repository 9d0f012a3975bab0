"""Contact points and notification preferences of one's own account."""

import json
from datetime import datetime, time
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from patients.access.walls import within_clinics
from patients.actions import audit
from patients.actions.checks import sound_email, sound_phone, sound_zone
from patients.domain.errors import Invalid, NotVisible
from patients.domain.roles import Channel
from patients.models import ContactPoint, NotificationPreference, User

LONGEST = 2000


def add_contact_point(*, by: User, at: datetime, channel: str, address: str) -> ContactPoint:
    """Add a way to reach this account; one that is there already is returned as it is.

    A device that subscribes is thereby verified, and so is the address the account signs in with.
    """
    canonical = _sound_address(channel, address)
    with within_clinics(by.clinic_ids):
        point, is_new = ContactPoint.objects.get_or_create(
            user=by,
            channel=channel,
            address=canonical,
            retired_at=None,
            defaults={"verified_at": at if _is_known(by, channel, canonical) else None},
        )
        if is_new:
            audit.record(_events(by, "contact.add", at, point))
    return point


def retire_contact_point(
    *, by: User, at: datetime, contact_point_id: UUID, reason: str = "removed"
) -> ContactPoint:
    """Stop using an address. The row stays, because deliveries name it."""
    with within_clinics(by.clinic_ids):
        point = (
            ContactPoint.objects.in_use()
            .select_for_update()
            .filter(user=by, pk=contact_point_id)
            .first()
        )
        if point is None:
            raise NotVisible
        point.retired_at, point.retired_reason = at, reason
        point.save(update_fields=["retired_at", "retired_reason"])
        audit.record(_events(by, "contact.retire", at, point))
    return point


def verify_contact_point(*, at: datetime, contact_point_id: UUID, address: str) -> ContactPoint:
    """Note that an address reaches its account. The door has checked the proof sent there."""
    with transaction.atomic():
        point = (
            ContactPoint.objects.in_use()
            .select_for_update()
            .filter(pk=contact_point_id, address=address)
            .first()
        )
        if point is None:
            raise NotVisible
        if point.verified_at is None:
            point.verified_at = at
            point.save(update_fields=["verified_at"])
    return point


def set_notification_preferences(
    *,
    by: User,
    at: datetime,
    quiet_from: time | None,
    quiet_until: time | None,
    zone: str,
    daily_budget: int = 6,
    may_wake: bool = False,
) -> NotificationPreference:
    """Set quiet hours (both ends or none), their zone, and how many messages a day are enough."""
    if (quiet_from is None) != (quiet_until is None):
        field = "quiet_from" if quiet_from is None else "quiet_until"
        raise Invalid("Quiet hours need a start and an end.", field=field, code="required")
    if not 0 <= daily_budget <= 100:
        raise Invalid("Between 0 and 100.", field="daily_budget", code="out_of_range")
    with within_clinics(by.clinic_ids):
        preference, _is_new = NotificationPreference.objects.update_or_create(
            user=by,
            defaults={
                "quiet_from": quiet_from,
                "quiet_until": quiet_until,
                "zone": sound_zone(zone),
                "daily_budget": daily_budget,
                "may_wake": may_wake,
            },
        )
        audit.record(_events(by, "preferences.set", at, None))
    return preference


def _sound_address(channel: str, address: str) -> str:
    if len(address) > LONGEST:
        raise Invalid("This address is too long.", field="address", code="too_long")
    if channel == Channel.EMAIL:
        return sound_email(address, field="address")
    if channel == Channel.SMS:
        return sound_phone(address, field="address")
    if channel == Channel.PUSH:
        return _sound_subscription(address)
    if channel == Channel.WEBHOOK:
        return _sound_web_address(address)
    raise Invalid("Choose one of the channels.", field="channel", code="unknown_channel")


def _sound_subscription(address: str) -> str:
    """A browser's push subscription in one canonical spelling."""
    try:
        data = json.loads(address)
        keys = data["keys"]
        kept = {
            "endpoint": _sound_web_address(data["endpoint"]),
            "keys": {"p256dh": str(keys["p256dh"]), "auth": str(keys["auth"])},
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid(
            "This is not a push subscription.", field="address", code="not_a_subscription"
        ) from None
    return json.dumps(kept, sort_keys=True)


def _sound_web_address(address: str) -> str:
    parts = urlsplit(address.strip())
    if parts.scheme != "https" or not parts.hostname:
        raise Invalid("Enter an address that begins with https://.", field="address", code="no_url")
    return address.strip()


def _is_known(user: User, channel: str, address: str) -> bool:
    return channel == Channel.PUSH or address in {user.email, user.phone}


def _events(by: User, kind: str, at: datetime, point: ContactPoint | None) -> list[audit.Event]:
    """An account belongs to no clinic, so each of its clinics hears of the change."""
    return [
        audit.Event(
            clinic_id,
            by.pk,
            kind,
            at,
            target_kind="contact_point" if point else "",
            target_id=point.pk if point else None,
            detail={"channel": point.channel} if point else {},
        )
        for clinic_id in by.clinic_ids
    ]
