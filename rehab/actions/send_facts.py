"""Reading again, just before sending, what is true of everything that a batch is about.

A constant number of statements for a batch, however large; what is rare is only read where it is.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from patients.domain.roles import ConsentDecision, Purpose
from patients.models.consent import Consent
from patients.models.contact import ContactPoint, NotificationPreference
from patients.models.patient import Patient
from rehab.actions.recipients import contact_points, who_may_be_told
from rehab.domain.recurrence import instant, local_date
from rehab.models import Delivery, Occurrence, Reminder, SafetyFlag
from rehab.models.outbox import Claim


@dataclass(frozen=True, slots=True)
class Known:
    """What is true now.

    points: each recipient's addresses in use, best first. tried: those that deliveries of a
    reminder have used. received: reminders that a device confirmed. snoozed: (occurrence, account)
    that asked to be reminded later.
    """

    reminders: Mapping[UUID, Reminder]
    occurrences: Mapping[tuple[UUID, UUID], Occurrence]
    flags: Mapping[UUID, SafetyFlag]
    points: Mapping[UUID, Sequence[ContactPoint]]
    preferences: Mapping[UUID, NotificationPreference]
    zones: Mapping[UUID, str]
    may_be_told: Collection[tuple[UUID, UUID, bool]]
    withdrawn: Collection[UUID]
    sent_today: Counter[UUID]
    received: Collection[UUID]
    snoozed: Collection[tuple[UUID, UUID]]

    def occurrences_of(self, reminder: Reminder) -> list[Occurrence]:
        wanted = ((reminder.patient_id, each) for each in reminder.occurrence_ids)
        return [self.occurrences[each] for each in wanted if each in self.occurrences]


def look(claims: Sequence[Claim], *, at: datetime) -> Known:
    """Read everything that these claims are judged by."""
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
    occurrences = _occurrences_of(patients, reminders.values())
    return Known(
        reminders=reminders,
        occurrences=occurrences,
        flags=SafetyFlag.objects.in_bulk(
            [each.flag_id for each in reminders.values() if each.flag_id]
        ),
        points=contact_points(recipients),
        preferences=preferences,
        zones=zones,
        may_be_told=who_may_be_told(patients, recipients, at=at),
        withdrawn=_withdrawn(patients),
        sent_today=_sent_today(claims, preferences, zones, at=at),
        received=_received([each for each in claims if each.follows]),
        snoozed=_snoozed(occurrences.values(), at=at),
    )


def tried_points(reminders: Iterable[tuple[UUID, UUID]]) -> Mapping[UUID, set[UUID]]:
    """Return the contact points that deliveries of each (patient, reminder) were for."""
    wanted = list(reminders)
    rows = Delivery.objects.filter(
        patient_id__in={patient for patient, _ in wanted},
        reminder_id__in=[reminder for _, reminder in wanted],
    ).values_list("reminder_id", "contact_point_id")
    tried: dict[UUID, set[UUID]] = defaultdict(set)
    for reminder_id, point_id in rows:
        tried[reminder_id].add(point_id)
    return tried


def _occurrences_of(
    patients: Collection[UUID], reminders: Collection[Reminder]
) -> Mapping[tuple[UUID, UUID], Occurrence]:
    wanted = {one for each in reminders for one in each.occurrence_ids}
    if not wanted:
        return {}
    rows = Occurrence.objects.filter(patient_id__in=patients, id__in=wanted)
    return {(each.patient_id, each.id): each for each in rows}


def _received(claims: Sequence[Claim]) -> set[UUID]:
    if not claims:
        return set()
    rows = Delivery.objects.filter(
        patient_id__in={each.patient_id for each in claims},
        reminder_id__in=[each.reminder_id for each in claims],
        received_at__isnull=False,
    )
    return set(rows.values_list("reminder_id", flat=True))


def _snoozed(occurrences: Iterable[Occurrence], *, at: datetime) -> set[tuple[UUID, UUID]]:
    """Return who asked to be told of which occurrence later: their snoozes are reminders."""
    waiting = [each for each in occurrences if each.snoozed_until and each.snoozed_until > at]
    if not waiting:
        return set()
    rows = Reminder.objects.filter(
        patient_id__in={each.patient_id for each in waiting},
        due_at__in={each.snoozed_until for each in waiting},
        occurrence_ids__overlap=[each.id for each in waiting],
    ).values_list("occurrence_ids", "recipient_id")
    return {(one, user) for ids, user in rows if user and len(ids) == 1 for one in ids}


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
