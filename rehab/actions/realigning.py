"""Moving what is due and not resolved to a clock that has changed; the past stays."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from rehab.actions.item_schedule import schedule_of
from rehab.domain.realignment import Times, realigned
from rehab.domain.recurrence import Due, due
from rehab.models import Occurrence, OccurrenceState, PlanItem
from rehab.models.item_days import Day, recompute
from rehab.models.timetable import FURTHEST_DATE, move, set_states

UNRESOLVED = (OccurrenceState.DUE, OccurrenceState.PAUSED)
Key = tuple[UUID, UUID]


def realign(items: Sequence[PlanItem], *, at: datetime) -> set[Day]:
    """Give the unresolved slots to come of these items the times that their clocks now show.

    Three statements, however many there are. The ids stay: they name a local date and a slot, not
    a moment. Lock the patients first; reminders are for the caller to write anew.
    """
    times: dict[Key, Times] = {}
    called_off: dict[Key, str] = {}
    stored = _stored(items, at=at)
    for item in items:
        if rows := stored[item.pk]:
            anew = _anew(item, rows)
            for row in rows:
                found = realigned(_times(row), anew.get((row.on, row.slot)), at)
                if found is None:
                    called_off[row.patient_id, row.id] = OccurrenceState.CANCELLED.value
                else:
                    times[row.patient_id, row.id] = found
    days = move(times) | set_states(called_off, at=at)
    recompute(days)
    return days


def _stored(items: Sequence[PlanItem], *, at: datetime) -> Mapping[UUID, list[Occurrence]]:
    rows = Occurrence.objects.filter(
        patient_id__in={item.patient_id for item in items},
        item_id__in=[item.pk for item in items],
        state__in=UNRESOLVED,
        on__gte=at.date() - FURTHEST_DATE,
        closes_at__gt=at,
    )
    found: dict[UUID, list[Occurrence]] = defaultdict(list)
    for row in rows.order_by("patient_id", "on", "id"):
        found[row.item_id].append(row)
    return found


def _anew(item: PlanItem, rows: Sequence[Occurrence]) -> Mapping[tuple[date, str], Due]:
    first, last = rows[0].on, rows[-1].on
    return {(each.on, each.slot_id): each for each in due(schedule_of(item), first, last)}


def _times(row: Occurrence) -> Times:
    return Times(row.due_at, row.remind_at, row.opens_at, row.closes_at)
