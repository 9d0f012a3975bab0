"""What is due, stored or not yet: days further ahead are computed from the schedule in force."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from rehab.domain.identity import occurrence_id
from rehab.domain.in_force import schedule_in_force
from rehab.domain.recurrence import Due, TimesPerWeek, due, local_date
from rehab.models.reads.agenda import Agenda, ItemRow, OccurrenceRow, PauseRow, PlanRow

DAY = timedelta(days=1)
WEEKLY = "times_per_week"


def occurrences_between(agenda: Agenda, first: date, last: date) -> list[OccurrenceRow]:
    """Return what is due on these local dates of each item, in the order of its time.

    A slot of n a week belongs to every date of its week.
    """
    zones = {item.id: item for item in agenda.items}
    stored = [
        row for row in agenda.occurrences if _touches(row, zones.get(row.item_id), first, last)
    ]
    return sorted([*stored, *_computed(agenda, first, last)], key=_order)


def is_weekly(item: ItemRow) -> bool:
    return item.schedule.get("rule") == WEEKLY


def is_paused(
    pauses: Iterable[PauseRow], series: UUID, part: UUID | None, moment: datetime
) -> bool:
    """Tell whether the item (part None), or that part of it, is paused at a moment."""
    return any(
        pause.series == series and pause.part in (None, part) and _covers(pause, moment)
        for pause in pauses
    )


def is_all_paused(pauses: Sequence[PauseRow], item: ItemRow, moment: datetime) -> bool:
    """Tell whether nothing of an item may be done: it is paused, or every one of its parts is."""
    if is_paused(pauses, item.series, None, moment):
        return True
    return bool(item.parts) and all(
        is_paused(pauses, item.series, each.part, moment) for each in item.parts
    )


def _covers(pause: PauseRow, moment: datetime) -> bool:
    return pause.starts_at < moment and (pause.ended_at is None or moment < pause.ended_at)


def _touches(row: OccurrenceRow, item: ItemRow | None, first: date, last: date) -> bool:
    if first <= row.on <= last:
        return True
    if item is None or not is_weekly(item):
        return False
    return row.on <= last and first < local_date(row.closes_at, item.zone)


def _computed(agenda: Agenda, first: date, last: date) -> Iterator[OccurrenceRow]:
    if agenda.plan is None or _is_stored(agenda.plan, last):
        return
    taken = {
        (row.series, row.on, row.slot) for row in agenda.occurrences if row.state != "cancelled"
    }
    for item in agenda.items:
        if item.running:
            since = agenda.plan.stored_until or item.effective_at
            for each in _due(item, first, last):
                if each.due_at >= since and (item.series, each.on, each.slot_id) not in taken:
                    yield _row(item, each, agenda.pauses)


def _is_stored(plan: PlanRow, last: date) -> bool:
    """Tell whether everything due up to a date is stored, in whichever zone the date is."""
    ends = datetime.combine(last + 2 * DAY, time.min, tzinfo=UTC)
    return plan.stored_until is not None and plan.stored_until >= ends


def _due(item: ItemRow, first: date, last: date) -> Sequence[Due]:
    schedule = schedule_in_force(
        item.schedule,
        item.zone,
        home_zone=item.home_zone,
        kind=item.kind,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        training_expires_on=item.training_expires_on,
        effective_at=item.effective_at,
        ended_at=item.ended_at,
    )
    weekly = isinstance(schedule.rule, TimesPerWeek)
    return [
        each for each in due(schedule, first, last) if weekly or each.due_at >= item.effective_at
    ]


def _row(item: ItemRow, each: Due, pauses: Sequence[PauseRow]) -> OccurrenceRow:
    return OccurrenceRow(
        id=occurrence_id(item.series, item.version, each.on, each.slot_id),
        series=item.series,
        version=item.version,
        item_id=item.id,
        on=each.on,
        slot=each.slot_id,
        due_at=each.due_at,
        opens_at=each.opens_at,
        closes_at=each.closes_at,
        state="paused" if is_all_paused(pauses, item, each.due_at) else "due",
        skip_reason="",
        snoozed_until=None,
        superseded_by=None,
        log=None,
        reminder="none",
        stored=False,
    )


def _order(row: OccurrenceRow) -> tuple[datetime, int, str, UUID]:
    return row.due_at, len(row.slot), row.slot, row.id
