"""Reading again, just before sending, whether a message should still leave."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal
from uuid import UUID

from patients.domain.roles import ConsentDecision, Purpose
from patients.models.consent import Consent
from patients.models.contact import ContactPoint, NotificationPreference
from patients.models.patient import Patient
from rehab import rules as rulebook
from rehab.actions.recipients import who_may_be_told
from rehab.domain.escalation import level_now
from rehab.domain.quiet import Drop, Hold, MessageFacts, Send, send_decision
from rehab.domain.recurrence import instant, local_date
from rehab.domain.safety import Level
from rehab.models import Delivery, Occurrence, OccurrenceState, Reminder, ReminderKind, SafetyFlag
from rehab.models.outbox import Claim

State = Literal["due", "done", "paused", "cancelled", "acknowledged"]
Kind = Literal["training", "care", "flag"]

KINDS: Mapping[str, Kind] = {
    ReminderKind.TRAINING: "training",
    ReminderKind.CARE: "care",
    ReminderKind.ALERT: "flag",
}
DEFAULT_BUDGET = 6
GONE = "nothing_to_say"


@dataclass(frozen=True, slots=True)
class Bundle:
    """One claim, what is decided about it, and everything that it says."""

    claim: Claim
    decision: Send | Hold | Drop
    address: str
    language: str
    wording: str
    count: int
    closes_at: datetime | None = None
    secret: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is true now of everything that a batch of claims is about."""

    reminders: Mapping[UUID, Reminder]
    occurrences: Mapping[tuple[UUID, UUID], Occurrence]
    flags: Mapping[UUID, SafetyFlag]
    points: Mapping[UUID, ContactPoint]
    preferences: Mapping[UUID, NotificationPreference]
    zones: Mapping[UUID, str]
    may_be_told: Collection[tuple[UUID, UUID, bool]]
    withdrawn: Collection[UUID]
    sent_today: Counter[UUID]


def bundles(claims: Sequence[Claim], *, at: datetime) -> tuple[list[Bundle], list[Claim]]:
    """Return what is decided about each claim, and the claims that no longer say anything.

    A constant number of statements. One person's messages count against one budget, also within
    this batch.
    """
    if not claims:
        return [], []
    known = _look(claims, at=at)
    speaking = [each for each in claims if _is_known(each, known)]
    silent = [each for each in claims if not _is_known(each, known)]
    return list(_decide(speaking, known, at=at)), silent


def _is_known(claim: Claim, known: _Known) -> bool:
    return claim.reminder_id in known.reminders and claim.contact_point_id in known.points


def _decide(claims: Sequence[Claim], known: _Known, *, at: datetime) -> Iterator[Bundle]:
    sent = known.sent_today
    for claim in claims:
        reminder, point = known.reminders[claim.reminder_id], known.points[claim.contact_point_id]
        flag = known.flags.get(reminder.flag_id) if reminder.flag_id else None
        still = _still_due(claim, reminder, known)
        facts = _facts(claim, reminder, flag, point, known, at=at)
        decision = send_decision(facts, at)
        if isinstance(decision, Send):
            sent[claim.recipient_id] += 1
        wording = "due" if flag is None else "alert"
        language = point.user.language.lower()
        yield Bundle(
            claim,
            decision,
            point.address,
            language,
            wording,
            max(len(still), 1),
            facts.closes_at,
            point.secret,
        )


def _facts(
    claim: Claim,
    reminder: Reminder,
    flag: SafetyFlag | None,
    point: ContactPoint,
    known: _Known,
    *,
    at: datetime,
) -> MessageFacts:
    preference = known.preferences.get(claim.recipient_id)
    alert = reminder.kind == ReminderKind.ALERT
    still = _still_due(claim, reminder, known)
    return MessageFacts(
        kind=KINDS[reminder.kind],
        level=_level(flag, at),
        state=_state(flag, claim, reminder, known),
        consents=alert or claim.patient_id not in known.withdrawn,
        related=(claim.patient_id, claim.recipient_id, alert) in known.may_be_told,
        reachable=point.retired_at is None and (alert or point.reminders_off_at is None),
        closes_at=max((each.closes_at for each in still), default=None),
        quiet_from=preference.quiet_from if preference else None,
        quiet_until=preference.quiet_until if preference else None,
        zone=preference.zone if preference else known.zones[claim.patient_id],
        may_wake=reminder.wakes and bool(preference and preference.may_wake),
        sent_today=known.sent_today[claim.recipient_id],
        daily_budget=preference.daily_budget if preference else DEFAULT_BUDGET,
    )


def _level(flag: SafetyFlag | None, at: datetime) -> str | None:
    """Return the level as it now stands: what nobody has seen for long rises."""
    if flag is None:
        return None
    seen = flag.acknowledged_at is not None
    return level_now(rulebook.escalation(), Level(flag.level), flag.raised_at, at, seen=seen)


def _state(flag: SafetyFlag | None, claim: Claim, reminder: Reminder, known: _Known) -> State:
    if flag is not None:
        return "acknowledged" if flag.acknowledged_at else "due"
    due = _occurrences(claim, reminder, known)
    states = {each.state for each in due}
    if OccurrenceState.DUE in states:
        return "due"
    if states <= {OccurrenceState.CANCELLED}:
        return "cancelled"
    return "paused" if OccurrenceState.PAUSED in states else "done"


def _still_due(claim: Claim, reminder: Reminder, known: _Known) -> list[Occurrence]:
    due = _occurrences(claim, reminder, known)
    return [each for each in due if each.state == OccurrenceState.DUE]


def _occurrences(claim: Claim, reminder: Reminder, known: _Known) -> list[Occurrence]:
    wanted = ((claim.patient_id, each) for each in reminder.occurrence_ids)
    return [known.occurrences[each] for each in wanted if each in known.occurrences]


def _look(claims: Sequence[Claim], *, at: datetime) -> _Known:
    patients = {each.patient_id for each in claims}
    recipients = {each.recipient_id for each in claims}
    reminders = {
        each.id: each
        for each in Reminder.objects.filter(
            patient_id__in=patients, id__in=[c.reminder_id for c in claims]
        )
    }
    preferences = {
        each.user_id: each for each in NotificationPreference.objects.filter(user_id__in=recipients)
    }
    zones = dict(Patient.objects.filter(pk__in=patients).values_list("pk", "zone"))
    return _Known(
        reminders=reminders,
        occurrences=_occurrences_of(patients, reminders.values()),
        flags=SafetyFlag.objects.in_bulk(
            [each.flag_id for each in reminders.values() if each.flag_id]
        ),
        points=_points(claims),
        preferences=preferences,
        zones=zones,
        may_be_told=who_may_be_told(patients, recipients, at=at),
        withdrawn=_withdrawn(patients),
        sent_today=_sent_today(claims, preferences, zones, at=at),
    )


def _occurrences_of(
    patients: Collection[UUID], reminders: Collection[Reminder]
) -> Mapping[tuple[UUID, UUID], Occurrence]:
    wanted = {one for each in reminders for one in each.occurrence_ids}
    rows = Occurrence.objects.filter(patient_id__in=patients, id__in=wanted)
    return {(each.patient_id, each.id): each for each in rows}


def _points(claims: Sequence[Claim]) -> Mapping[UUID, ContactPoint]:
    wanted = {each.contact_point_id for each in claims}
    return {
        each.pk: each for each in ContactPoint.objects.filter(pk__in=wanted).select_related("user")
    }


def _withdrawn(patients: Collection[UUID]) -> set[UUID]:
    standing = Consent.objects.filter(patient_id__in=patients, purpose=Purpose.REMINDERS).standing()
    return {each.patient_id for each in standing if each.decision == ConsentDecision.WITHDRAWN}


def _sent_today(
    claims: Sequence[Claim],
    preferences: Mapping[UUID, NotificationPreference],
    zones: Mapping[UUID, str],
    *,
    at: datetime,
) -> Counter[UUID]:
    """Count what each recipient got since their own midnight, over all channels and patients."""
    midnights = {
        each.recipient_id: _midnight(
            preferences[each.recipient_id].zone
            if each.recipient_id in preferences
            else zones[each.patient_id],
            at,
        )
        for each in claims
    }
    sent = Delivery.objects.filter(
        recipient_id__in=midnights, outcome="sent", finished_at__gte=min(midnights.values())
    ).values_list("recipient_id", "finished_at")
    return Counter(
        user for user, finished_at in sent if finished_at and finished_at >= midnights[user]
    )


def _midnight(zone: str, at: datetime) -> datetime:
    return instant(local_date(at, zone), time.min, zone)
