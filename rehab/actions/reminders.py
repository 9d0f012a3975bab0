"""Writing reminders as rows, in the transaction that makes something due."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from patients.models.contact import ContactPoint
from rehab.actions.recipients import circles, contact_points
from rehab.models import Delivery, Occurrence, OccurrenceState, PlanItem, Reminder, ReminderKind
from rehab.models.outbox import cancel


@dataclass(frozen=True, slots=True)
class _Group:
    """What one person is told about at one moment."""

    patient_id: UUID
    clinic_id: UUID
    recipient_id: UUID
    due_at: datetime

    @property
    def id(self) -> UUID:
        return reminder_id(self.patient_id, self.recipient_id, self.due_at)


@dataclass(frozen=True, slots=True)
class _Wanted:
    occurrence_id: UUID
    on: date
    kind: str
    wakes: bool


def reminder_id(patient_id: UUID, recipient_id: UUID, due_at: datetime) -> UUID:
    """Return the id of what one person is told at one moment about one patient."""
    return uuid5(patient_id, f"{recipient_id}/{due_at.isoformat()}")


def plan_reminders(
    patient_ids: Collection[UUID], *, after: datetime, until: datetime, at: datetime
) -> None:
    """Write the reminders of everything due in (after, until]; doing so again changes nothing."""
    groups = _groups(patient_ids, after=after, until=until, at=at)
    points = contact_points({group.recipient_id for group in groups})
    Reminder.objects.bulk_create(
        [_reminder(group, wanted, at=at) for group, wanted in groups.items()],
        update_conflicts=True,
        unique_fields=["patient_id", "id"],
        update_fields=["occurrence_ids", "kind", "wakes"],
    )
    Delivery.objects.bulk_create(
        [
            _delivery(group, point, at=at)
            for group in groups
            for point in points.get(group.recipient_id, ())[:1]
        ],
        ignore_conflicts=True,
    )


def replan_reminders(patient_id: UUID, *, at: datetime, until: datetime) -> None:
    """Take back what is not sent yet and write it anew, after the plan or the people changed."""
    ids = _planned(patient_id, at=at)
    Delivery.objects.filter(
        patient_id=patient_id, reminder_id__in=ids, attempts=0, next_at__isnull=False
    ).delete()
    cancel(ids, patient_id=patient_id, reason="plan_changed", at=at)
    plan_reminders([patient_id], after=at, until=until, at=at)


def _planned(patient_id: UUID, *, at: datetime) -> list[UUID]:
    """Return the reminders to come that the schedule wrote; what somebody snoozed is theirs."""
    future = Reminder.objects.filter(patient_id=patient_id, due_at__gt=at)
    rows = future.exclude(kind=ReminderKind.ALERT).values_list("id", "recipient_id", "due_at")
    return [
        found
        for found, recipient_id, due_at in rows
        if found == reminder_id(patient_id, recipient_id, due_at)
    ]


def _groups(
    patient_ids: Collection[UUID], *, after: datetime, until: datetime, at: datetime
) -> Mapping[_Group, list[_Wanted]]:
    people = circles(patient_ids, at=at)
    groups: dict[_Group, list[_Wanted]] = defaultdict(list)
    for occurrence in _to_remind(patient_ids, after=after, until=until):
        item: PlanItem = occurrence.item
        recipient = people[occurrence.patient_id].first_of(UUID(user) for user in item.reminded)
        moment = occurrence.remind_at
        if recipient is not None and moment is not None:
            group = _Group(occurrence.patient_id, occurrence.clinic_id, recipient, moment)
            groups[group].append(_Wanted(occurrence.id, occurrence.on, item.kind, item.wakes))
    return groups


def _to_remind(
    patient_ids: Collection[UUID], *, after: datetime, until: datetime
) -> Iterable[Occurrence]:
    return (
        Occurrence.objects.filter(
            patient_id__in=patient_ids,
            state=OccurrenceState.DUE,
            remind_at__gt=after,
            remind_at__lte=until,
        )
        .select_related("item")
        .order_by("patient_id", "remind_at", "id")
    )


def _reminder(group: _Group, wanted: Sequence[_Wanted], *, at: datetime) -> Reminder:
    care = any(each.kind == ReminderKind.CARE for each in wanted)
    return Reminder(
        patient_id=group.patient_id,
        clinic_id=group.clinic_id,
        id=group.id,
        recipient_id=group.recipient_id,
        kind=ReminderKind.CARE if care else ReminderKind.TRAINING,
        on=wanted[0].on,
        due_at=group.due_at,
        occurrence_ids=[each.occurrence_id for each in wanted],
        wakes=any(each.wakes for each in wanted),
        created_at=at,
    )


def _delivery(group: _Group, point: ContactPoint, *, at: datetime) -> Delivery:
    return Delivery(
        patient_id=group.patient_id,
        clinic_id=group.clinic_id,
        id=uuid5(group.id, str(point.pk)),
        due_at=group.due_at,
        reminder_id=group.id,
        recipient_id=group.recipient_id,
        contact_point=point,
        channel=point.channel,
        next_at=group.due_at,
        wanted_at=group.due_at,
        created_at=at,
    )
