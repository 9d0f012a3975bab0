"""Contact points and notification preferences of one's own account."""

from datetime import datetime, time
from secrets import token_urlsafe
from uuid import UUID

from django.conf import settings
from django.db import transaction

from patients.access.walls import within_clinics
from patients.actions import audit
from patients.actions.attempts import count_attempt
from patients.actions.checks import sound_email, sound_phone, sound_zone
from patients.channels.letters import send_address_check
from patients.channels.offered import offered
from patients.channels.phone_codes import is_phone_code, send_phone_code
from patients.domain.errors import Invalid, NotVisible
from patients.domain.public_address import public_url
from patients.domain.push_subscription import as_address
from patients.domain.roles import Channel
from patients.models import ContactPoint, NotificationPreference, User

LONGEST = 2000
MOST_IN_USE = 20
SECRET_BYTES = 32


def add_contact_point(*, by: User, at: datetime, channel: str, address: str) -> ContactPoint:
    """Add a way to reach this account; one that is there already is returned as it is.

    A device that subscribes is thereby verified, and so is the address the account signs in with.
    A webhook gets a new secret each time it is added, and waits for its first test.
    """
    canonical = _sound_address(channel, address)
    with within_clinics(by.clinic_ids):
        _leave_room(by)
        point, is_new = ContactPoint.objects.get_or_create(
            user=by,
            channel=channel,
            address=canonical,
            retired_at=None,
            defaults={"verified_at": at if _is_known(by, channel, canonical) else None},
        )
        if channel == Channel.WEBHOOK:
            point.secret = token_urlsafe(SECRET_BYTES)
            point.save(update_fields=["secret"])
        if channel == Channel.PUSH:
            _take_over(point, at=at)
        if is_new:
            audit.record(_events(by, "contact.add", at, point))
    return point


def send_proof(*, by: User, at: datetime, point: ContactPoint) -> bool:
    """Send what proves an address that is not proven yet: a link by letter, a code by text message.

    False when there is nothing to send, or it did not leave. TooManyAttempts protects whoever has
    that address from being written to over and over.
    """
    if point.verified_at is not None or point.channel not in {Channel.EMAIL, Channel.SMS}:
        return False
    count_attempt("proof", str(by.pk))
    count_attempt("proof", f"{point.channel}:{point.address}")
    return send_address_check(point) or send_phone_code(point, at=at)


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


def confirm_phone(*, by: User, at: datetime, contact_point_id: UUID, code: str) -> ContactPoint:
    """Note that a number reaches its account, by the code that was sent there."""
    point = own_contact_point(by=by, contact_point_id=contact_point_id)
    count_attempt("phone-code", str(point.pk))
    if point.channel != Channel.SMS or not is_phone_code(point, code, at=at):
        raise Invalid(
            "This code is not right, or too old. Ask for a new one.",
            field="code",
            code="wrong_code",
        )
    return verify_contact_point(at=at, contact_point_id=point.pk, address=point.address)


def own_contact_point(*, by: User, contact_point_id: UUID) -> ContactPoint:
    """Return one's own contact point that is in use; NotVisible for any other."""
    point = ContactPoint.objects.of(by).in_use().filter(pk=contact_point_id).first()
    if point is None:
        raise NotVisible
    return point


def set_reminders(*, at: datetime, contact_point_id: UUID, wanted: bool) -> ContactPoint:
    """Stop reminders at one address, or begin again. Alerts are not touched.

    The door has checked who asks: the account itself, or whoever holds the link in its letter.
    """
    point = ContactPoint.objects.in_use().select_related("user").filter(pk=contact_point_id).first()
    if point is None:
        raise NotVisible
    with within_clinics(point.user.clinic_ids):
        if (point.reminders_off_at is None) != wanted:
            point.reminders_off_at = None if wanted else at
            point.save(update_fields=["reminders_off_at"])
            kind = "contact.reminders_on" if wanted else "contact.reminders_off"
            audit.record(_events(point.user, kind, at, point))
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
    if channel in set(Channel) - offered():
        raise Invalid(
            "This channel is not set up here.", field="channel", code="channel_not_set_up"
        )
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
        return as_address(address, private_hosts=settings.OUTGOING_PRIVATE_HOSTS)
    except ValueError:
        raise Invalid(
            "This is not a push subscription.", field="address", code="not_a_subscription"
        ) from None


def _sound_web_address(address: str) -> str:
    try:
        return public_url(address, private_hosts=settings.OUTGOING_PRIVATE_HOSTS)
    except ValueError:
        raise Invalid(
            "Enter an address on the public internet that begins with https://.",
            field="address",
            code="no_url",
        ) from None


def _leave_room(by: User) -> None:
    if ContactPoint.objects.of(by).in_use().count() >= MOST_IN_USE:
        raise Invalid("There are too many addresses already.", field="address", code="too_many")


def _take_over(point: ContactPoint, *, at: datetime) -> None:
    """A device speaks to one account: who signs up last. The one before must not be heard there."""
    others = ContactPoint.objects.in_use().filter(channel=point.channel, address=point.address)
    others.exclude(pk=point.pk).update(retired_at=at, retired_reason="device_changed_hands")


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
