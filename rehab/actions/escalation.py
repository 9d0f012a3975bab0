"""Telling people about a flag, step by step, until somebody acknowledges it."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from patients.actions.duty import open_for_duty
from patients.models.addresses import Address
from patients.models.clinic import Clinic, Practitioner
from patients.models.duty import duty_contact_at, who_is_away
from rehab import rules as rulebook
from rehab.actions.patient_row import PatientRow
from rehab.actions.recipients import contact_points, receive_alerts
from rehab.domain.escalation import Audience, planned
from rehab.domain.opening_hours import opening_from
from rehab.domain.recurrence import local_date
from rehab.domain.safety import Level
from rehab.models import Delivery, EscalationStep, Reminder, ReminderKind, SafetyFlag

logger = logging.getLogger(__name__)

Points = Mapping[UUID, Sequence[Address]]

TOLD = "told"
NOBODY = "nobody_reachable"
STEP_RETRY = timedelta(minutes=1)
STAFF = frozenset(
    {Audience.ON_DUTY, Audience.DEPUTY, Audience.COORDINATOR, Audience.LAST_RESORT}
)  # fmt: skip


def plan_escalation(
    patient: PatientRow, flags: Sequence[SafetyFlag], *, at: datetime, after: int = 0
) -> None:
    """Write the steps of flags as rows with their moments; after: how many steps were before."""
    if not flags:
        return
    clinic = Clinic.objects.get(pk=patient.clinic_id)
    EscalationStep.objects.bulk_create(
        EscalationStep(
            patient_id=patient.id,
            clinic_id=patient.clinic_id,
            flag=flag,
            position=after + step.position,
            audience=step.who.value,
            next_at=step.next_at,
        )
        for flag in flags
        for step in planned(
            rulebook.escalation(),
            Level(flag.level),
            at,
            lambda moment: opening_from(moment, clinic.hours, clinic.holidays, clinic.zone),
            operations=flag.rule in rulebook.operations(),
        )
    )


def escalate_now(patient: PatientRow, flags: Sequence[SafetyFlag], *, at: datetime) -> None:
    """Take the steps that are due with the flag itself, in the transaction that raised it."""
    due = (
        EscalationStep.objects.filter(flag__in=flags, next_at__lte=at)
        .select_related("flag")
        .order_by("flag_id", "position")
    )
    for step in due:
        _take(step, at=at)


def escalate(*, at: datetime, limit: int = 200) -> int:
    """Take every step that is due; safe to run twice at once, inside the wall of every clinic.

    A step that fails is put off and holds up no other.
    """
    with transaction.atomic():
        due = (
            EscalationStep.objects.filter(next_at__lte=at)
            .select_related("flag")
            .order_by("next_at")
            .select_for_update(skip_locked=True, of=("self",))[:limit]
        )
        steps = list(due)
        for step in steps:
            _take_or_put_off(step, at=at)
    return len(steps)


def _take_or_put_off(step: EscalationStep, *, at: datetime) -> None:
    try:
        with transaction.atomic():
            _take(step, at=at)
    except (OperationalError, InterfaceError):
        raise  # the database, not this step
    except Exception:
        logger.exception("escalation step failed", extra={"flag": str(step.flag_id)})
        EscalationStep.objects.filter(pk=step.pk).update(
            next_at=at + STEP_RETRY, attempts=F("attempts") + 1
        )


def _take(step: EscalationStep, *, at: datetime) -> None:
    recipients = list(dict.fromkeys(_audience(step, at=at)))
    points = contact_points(recipients)
    reached = [user for user in recipients if user in points]
    if step.flag.acknowledged_at is None:
        _alert(step, reached, points, at=at)
        _open_for_duty(step, recipients, at=at)
    step.next_at, step.finished_at = None, at
    step.attempts += 1
    step.outcome = TOLD if reached else NOBODY
    step.save(update_fields=["next_at", "finished_at", "attempts", "outcome"])


def _open_for_duty(step: EscalationStep, recipients: Sequence[UUID], *, at: datetime) -> None:
    """Whoever is told for the clinic can see what they were told of, and answer it."""
    if step.audience in STAFF and recipients:
        open_for_duty(
            patient_id=step.patient_id,
            clinic_id=step.clinic_id,
            user_ids=recipients,
            flag_id=step.flag_id,
            at=at,
        )


def _alert(
    step: EscalationStep, recipients: Iterable[UUID], points: Points, *, at: datetime
) -> None:
    reminders = {user: _reminder(step, user, at=at) for user in recipients}
    Reminder.objects.bulk_create(reminders.values(), ignore_conflicts=True)
    deliveries = [_delivery(each, user, points[user][0], at=at) for user, each in reminders.items()]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)


def _reminder(step: EscalationStep, user: UUID, *, at: datetime) -> Reminder:
    """Each step speaks for itself: who has not answered one is told again by a later one."""
    flag = step.flag
    return Reminder(
        patient_id=flag.patient_id,
        clinic_id=flag.clinic_id,
        id=uuid5(flag.pk, f"alert/{step.position}/{user}"),
        recipient_id=user,
        kind=ReminderKind.ALERT,
        on=local_date(at, "UTC"),
        due_at=flag.raised_at,
        flag_id=flag.pk,
        wakes=flag.level in (Level.E0, Level.E1),
        created_at=at,
    )


def _delivery(reminder: Reminder, user: UUID, point: Address, *, at: datetime) -> Delivery:
    return Delivery(
        patient_id=reminder.patient_id,
        clinic_id=reminder.clinic_id,
        id=uuid5(reminder.id, point.id),
        due_at=reminder.due_at,
        reminder_id=reminder.id,
        recipient_id=user,
        contact_point_id=point.id,
        channel=point.channel,
        next_at=at,
        wanted_at=at,
        urgent=True,
        created_at=at,
    )


def _audience(step: EscalationStep, *, at: datetime) -> Iterable[UUID]:
    """Return the accounts that a step tells, as things stand now."""
    clinic = Clinic.objects.get(pk=step.clinic_id)
    match Audience(step.audience):
        case Audience.PATIENT:
            return _own(step)
        case Audience.CAREGIVERS:
            return receive_alerts(step.patient_id, clinicians=False, at=at)
        case Audience.ON_DUTY:
            return _on_duty(clinic, at=at) or receive_alerts(
                step.patient_id, clinicians=True, at=at
            )
        case Audience.DEPUTY:
            return _deputy(clinic, at=at) or _coordinators(clinic, at=at)
        case Audience.COORDINATOR | Audience.LAST_RESORT:
            return _coordinators(clinic, at=at)


def _own(step: EscalationStep) -> list[UUID]:
    user_id = step.flag.patient.user_id
    return [user_id] if user_id else []


def _on_duty(clinic: Clinic, *, at: datetime) -> list[UUID]:
    contact = duty_contact_at(clinic, at)
    return [contact.practitioner.user_id] if contact else []


def _deputy(clinic: Clinic, *, at: datetime) -> list[UUID]:
    contact = duty_contact_at(clinic, at)
    return [contact.deputy.user_id] if contact and contact.deputy else []


def _coordinators(clinic: Clinic, *, at: datetime) -> list[UUID]:
    posts = Practitioner.objects.running(at).filter(clinic=clinic, is_coordinator=True)
    users = list(posts.order_by("starts_at", "id").values_list("user_id", flat=True))
    away = who_is_away(clinic, at)
    # Somebody away is better than nobody.
    return [user for user in users if user not in away] or users
