"""Writing reminders as rows, in the transaction that makes something due."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import Exists, OuterRef, Q, QuerySet

from patients.models.addresses import Address
from rehab.actions.recipients import Circle, circles, contact_points
from rehab.actions.reminding import LATEST_NEXT_MINUTES
from rehab.models import Delivery, Occurrence, OccurrenceState, PlanItem, Reminder, ReminderKind
from rehab.models.outbox import withdraw

LATEST_NEXT = timedelta(minutes=LATEST_NEXT_MINUTES)
Points = Mapping[UUID, Sequence[Address]]


@dataclass(frozen=True, slots=True)
class _Group:
    """What one person is told about at one moment; recipient_id is None where nobody may be."""

    patient_id: UUID
    clinic_id: UUID
    recipient_id: UUID | None
    due_at: datetime
    after_silence: bool = False

    @property
    def id(self) -> UUID:
        return reminder_id(
            self.patient_id, self.recipient_id, self.due_at, after_silence=self.after_silence
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    occurrence_id: UUID
    on: date
    kind: str
    wakes: bool


def reminder_id(
    patient_id: UUID, recipient_id: UUID | None, due_at: datetime, *, after_silence: bool = False
) -> UUID:
    """Return the id of what one person is told at one moment about one patient."""
    moment = due_at.astimezone(UTC).isoformat()
    return uuid5(patient_id, f"{recipient_id}/{moment}{'/next' if after_silence else ''}")


def plan_reminders(
    patient_ids: Collection[UUID], *, after: datetime, until: datetime, at: datetime
) -> None:
    """Write the reminders of everything due in (after, until]; doing so again changes nothing.

    Who is reminded first is the first in line who can be reached; who comes next is told after
    the silence that the item asks for. Where nobody can be reached, that is written down.
    """
    people = circles(patient_ids, at=at)
    points = contact_points({user for circle in people.values() for user in circle.allowed()})
    due = _to_remind(patient_ids, after=after, until=until).filter(state=OccurrenceState.DUE)
    groups = _groups(due, people, points, after=after)
    _forget_unreachable(patient_ids, after=after)
    Reminder.objects.bulk_create(
        [_reminder(group, wanted, points, at=at) for group, wanted in groups.items()],
        update_conflicts=True,
        unique_fields=["patient_id", "id"],
        update_fields=["occurrence_ids", "kind", "wakes", "nobody_reachable"],
    )
    have_one = _with_delivery(patient_ids, groups)
    Delivery.objects.bulk_create(
        [
            new_delivery(group, user, points[user][0], at=at)
            for group in groups
            if (user := group.recipient_id) in points and user and group.id not in have_one
        ],
        ignore_conflicts=True,
    )


def replan_reminders(patient_id: UUID, *, at: datetime, until: datetime) -> None:
    """Write anew what is to come, after the plan or the people changed.

    What is no longer wanted is taken back; what was held back or failed and is still wanted stays.
    What is paused or done by now stays too: when its time comes it is not sent, and the reason is
    written down.
    """
    before = _planned(patient_id, at=at)
    plan_reminders([patient_id], after=at, until=until, at=at)
    people = circles([patient_id], at=at)
    points = contact_points(people[patient_id].allowed())
    standing = _to_remind([patient_id], after=at, until=until)
    wanted = {group.id for group in _groups(standing, people, points, after=at)}
    unwanted = [each for each in before if each not in wanted]
    withdraw(unwanted, patient_id=patient_id, reason="plan_changed", at=at)
    spoke = Delivery.objects.filter(patient_id=patient_id, reminder_id=OuterRef("id"))
    Reminder.objects.filter(~Exists(spoke), patient_id=patient_id, id__in=unwanted).delete()


def new_delivery(
    reminder: "_Group | Reminder", recipient_id: UUID, point: Address, *, at: datetime
) -> Delivery:
    """Return the first delivery of a reminder, for its time."""
    return Delivery(
        patient_id=reminder.patient_id,
        clinic_id=reminder.clinic_id,
        id=uuid5(reminder.id, point.id),
        due_at=reminder.due_at,
        reminder_id=reminder.id,
        recipient_id=recipient_id,
        contact_point_id=point.id,
        channel=point.channel,
        next_at=reminder.due_at,
        wanted_at=reminder.due_at,
        created_at=at,
    )


def _planned(patient_id: UUID, *, at: datetime) -> list[UUID]:
    """Return the reminders to come that the schedule wrote; what somebody snoozed is theirs."""
    future = Reminder.objects.filter(patient_id=patient_id, due_at__gt=at)
    rows = future.exclude(kind=ReminderKind.ALERT).values_list(
        "id", "recipient_id", "due_at", "after_silence"
    )
    return [
        found
        for found, recipient_id, due_at, silence in rows
        if found == reminder_id(patient_id, recipient_id, due_at, after_silence=silence)
    ]


def _groups(
    occurrences: Iterable[Occurrence],
    people: Mapping[UUID, Circle],
    points: Points,
    *,
    after: datetime,
) -> Mapping[_Group, list[_Wanted]]:
    groups: dict[_Group, list[_Wanted]] = defaultdict(list)
    for occurrence in occurrences:
        item: PlanItem = occurrence.item
        for group in _told(occurrence, people[occurrence.patient_id], points):
            if group.due_at > after:
                groups[group].append(_Wanted(occurrence.id, occurrence.on, item.kind, item.wakes))
    return groups


def _told(occurrence: Occurrence, circle: Circle, points: Points) -> Iterator[_Group]:
    """Yield who is told of one occurrence and when: the first, and after a silence the next."""
    item: PlanItem = occurrence.item
    moment = occurrence.remind_at
    if moment is None:
        return
    named = item.reminded_by_slot.get(occurrence.slot) or item.reminded
    line = circle.in_line(UUID(user) for user in named)
    reachable = [user for user in line if user in points]
    first = next(iter(reachable or line), None)
    yield _Group(occurrence.patient_id, occurrence.clinic_id, first, moment)
    if item.next_after_minutes is None or len(reachable) < 2:
        return
    later = moment + timedelta(minutes=item.next_after_minutes)
    if later < occurrence.closes_at:
        yield _Group(
            occurrence.patient_id, occurrence.clinic_id, reachable[1], later, after_silence=True
        )


def _to_remind(
    patient_ids: Collection[UUID], *, after: datetime, until: datetime
) -> QuerySet[Occurrence]:
    """Return what stands then, and what stood shortly before and may yet be told to the next."""
    to_come = Q(remind_at__gt=after) | Q(
        remind_at__gt=after - LATEST_NEXT, item__next_after_minutes__isnull=False
    )
    return (
        Occurrence.objects.filter(
            to_come,
            patient_id__in=patient_ids,
            remind_at__lte=until,
        )
        .exclude(state=OccurrenceState.CANCELLED)
        .select_related("item")
        .order_by("patient_id", "remind_at", "id")
    )


def _with_delivery(patient_ids: Collection[UUID], groups: Iterable[_Group]) -> set[UUID]:
    """Return the reminders that have a delivery, so that a new address makes no second message."""
    found = Delivery.objects.filter(
        patient_id__in=patient_ids, reminder_id__in=[group.id for group in groups]
    )
    return set(found.values_list("reminder_id", flat=True))


def _forget_unreachable(patient_ids: Collection[UUID], *, after: datetime) -> None:
    """Nobody could be reached when these were written; that is looked at anew."""
    Reminder.objects.filter(
        patient_id__in=patient_ids, due_at__gt=after, nobody_reachable=True
    ).delete()


def _reminder(
    group: _Group, wanted: Sequence[_Wanted], points: Points, *, at: datetime
) -> Reminder:
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
        after_silence=group.after_silence,
        nobody_reachable=group.recipient_id not in points,
        created_at=at,
    )
