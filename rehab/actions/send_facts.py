"""Reading again, just before sending, whether a message should still leave."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal
from uuid import UUID

from django.db.models import F, Q

from patients.domain.roles import ConsentDecision, Purpose, Scope
from patients.models.consent import Consent
from patients.models.contact import ContactPoint, NotificationPreference
from patients.models.patient import Patient
from patients.models.relationship import CareRelationship
from rehab.domain.quiet import MessageFacts
from rehab.domain.recurrence import instant, local_date
from rehab.models import Delivery, Occurrence, OccurrenceState, Reminder, ReminderKind, SafetyFlag
from rehab.models.outbox import Claim

State = Literal["due", "done", "paused", "cancelled", "acknowledged"]


@dataclass(frozen=True, slots=True)
class Bundle:
    """One claim with everything that decides about it and everything that it says."""

    claim: Claim
    facts: MessageFacts
    address: str
    language: str
    wording: str
    count: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What is true now of everything that a batch of claims is about."""

    reminders: Mapping[UUID, Reminder]
    occurrences: Mapping[tuple[UUID, UUID], Occurrence]
    flags: Mapping[UUID, SafetyFlag]
    points: Mapping[UUID, ContactPoint]
    preferences: Mapping[UUID, NotificationPreference]
    related: Collection[tuple[UUID, UUID]]
    withdrawn: Collection[UUID]
    sent_today: Mapping[UUID, int]


def bundles(claims: Sequence[Claim], *, at: datetime) -> list[Bundle]:
    """Return what decides about each claim, in a constant number of statements."""
    if not claims:
        return []
    known = _look(claims, at=at)
    return [_bundle(each, known) for each in claims if each.reminder_id in known.reminders]


def _bundle(claim: Claim, known: _Known) -> Bundle:
    reminder = known.reminders[claim.reminder_id]
    point = known.points[claim.contact_point_id]
    preference = known.preferences.get(claim.recipient_id)
    due = [
        occurrence
        for each in reminder.occurrence_ids
        if (occurrence := known.occurrences.get((claim.patient_id, each)))
    ]
    flag = known.flags.get(reminder.flag_id) if reminder.flag_id else None
    still = [each for each in due if each.state == OccurrenceState.DUE]
    facts = MessageFacts(
        kind="flag"
        if reminder.kind == ReminderKind.ALERT
        else "care"
        if reminder.kind == ReminderKind.CARE
        else "training",
        level=flag.level if flag else None,
        state=_state(flag, due, still),
        consents=reminder.kind == ReminderKind.ALERT or claim.patient_id not in known.withdrawn,
        related=(claim.patient_id, claim.recipient_id) in known.related,
        reachable=point.retired_at is None,
        closes_at=max((each.closes_at for each in still), default=None),
        quiet_from=preference.quiet_from if preference else None,
        quiet_until=preference.quiet_until if preference else None,
        zone=preference.zone if preference else "UTC",
        may_wake=reminder.wakes and bool(preference and preference.may_wake),
        sent_today=known.sent_today.get(claim.recipient_id, 0),
        daily_budget=preference.daily_budget
        if preference
        else MessageFacts.__dataclass_fields__["daily_budget"].default,
    )
    wording = "alert" if flag else "due"
    return Bundle(
        claim, facts, point.address, point.user.language.lower(), wording, max(len(still), 1)
    )


def _state(
    flag: SafetyFlag | None, due: Sequence[Occurrence], still: Sequence[Occurrence]
) -> State:
    if flag is not None:
        return "acknowledged" if flag.acknowledged_at else "due"
    if still:
        return "due"
    states = {each.state for each in due}
    if states <= {OccurrenceState.CANCELLED}:
        return "cancelled"
    return "paused" if OccurrenceState.PAUSED in states else "done"


def _look(claims: Sequence[Claim], *, at: datetime) -> _Known:
    patients = {each.patient_id for each in claims}
    recipients = {each.recipient_id for each in claims}
    reminders = {
        each.id: each
        for each in Reminder.objects.filter(
            patient_id__in=patients, id__in=[c.reminder_id for c in claims]
        )
    }
    wanted = {one for each in reminders.values() for one in each.occurrence_ids}
    preferences = {
        each.user_id: each for each in NotificationPreference.objects.filter(user_id__in=recipients)
    }
    return _Known(
        reminders=reminders,
        occurrences={
            (each.patient_id, each.id): each
            for each in Occurrence.objects.filter(patient_id__in=patients, id__in=wanted)
        },
        flags=SafetyFlag.objects.in_bulk(
            [each.flag_id for each in reminders.values() if each.flag_id]
        ),
        points={
            each.pk: each
            for each in ContactPoint.objects.filter(
                pk__in=[c.contact_point_id for c in claims]
            ).select_related("user")
        },
        preferences=preferences,
        related=_related(patients, recipients, at=at),
        withdrawn=_withdrawn(patients),
        sent_today=_sent_today(recipients, preferences, at=at),
    )


def _related(
    patients: Collection[UUID], recipients: Collection[UUID], *, at: datetime
) -> set[tuple[UUID, UUID]]:
    """Return the pairs that may still speak of each other: the patient's own account, and running relationships."""
    own = Patient.objects.filter(pk__in=patients, user_id__in=recipients).values_list(
        "pk", "user_id"
    )
    running = CareRelationship.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        patient_id__in=patients,
        user_id__in=recipients,
        starts_at__lte=at,
    ).filter(
        Q(scopes__contains=[Scope.LOG_SESSIONS.value])
        | Q(scopes__contains=[Scope.RECEIVE_ALERTS.value])
    )
    # Whoever is on duty is told about flags of the clinic, also without a relationship of their own.
    clinic_duty = Delivery.objects.filter(
        patient_id__in=patients,
        recipient_id__in=recipients,
        next_at__isnull=False,
        recipient__posts__clinic_id=F("clinic_id"),
        recipient__posts__ended_at__isnull=True,
    )
    return (
        {(patient, user) for patient, user in own if user}
        | set(running.values_list("patient_id", "user_id"))
        | set(clinic_duty.values_list("patient_id", "recipient_id"))
    )


def _withdrawn(patients: Collection[UUID]) -> set[UUID]:
    standing = Consent.objects.filter(patient_id__in=patients, purpose=Purpose.REMINDERS).standing()
    return {each.patient_id for each in standing if each.decision == ConsentDecision.WITHDRAWN}


def _sent_today(
    recipients: Collection[UUID],
    preferences: Mapping[UUID, NotificationPreference],
    *,
    at: datetime,
) -> Mapping[UUID, int]:
    """Count what each recipient got since their own midnight, over all channels and patients."""
    zones = {user: preferences[user].zone if user in preferences else "UTC" for user in recipients}
    midnights = {
        user: instant(local_date(at, zone), time.min, zone) for user, zone in zones.items()
    }
    sent = Delivery.objects.filter(
        recipient_id__in=recipients, outcome="sent", finished_at__gte=min(midnights.values())
    ).values_list("recipient_id", "finished_at")
    return Counter(user for user, finished_at in sent if finished_at >= midnights[user])
