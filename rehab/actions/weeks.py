"""Slots of n per week under a pause: a week asks for as many as its unpaused days are worth."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from rehab.domain.recurrence import instant, local_date, part_week_due
from rehab.models import Occurrence, OccurrenceState, Pause, PlanItem, PlanPart
from rehab.models.item_days import Day
from rehab.models.timetable import FURTHEST_DATE, set_states

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
UNRESOLVED = (OccurrenceState.DUE, OccurrenceState.PAUSED)


@dataclass(frozen=True, slots=True)
class Week:
    """One item's slots in one ISO week, as far as a version was in force in it."""

    item: PlanItem
    slots: Sequence[Occurrence]

    @property
    def n(self) -> int:
        return int(self.item.schedule["n"])

    def days(self) -> list[date]:
        """Return the days in force; the day on which a version ends belongs to the next one."""
        first, zone = self.slots[0].on, self.item.zone
        after = local_date(self.slots[0].closes_at - SECOND, zone) + DAY
        if self.item.version.ended_at is not None:
            home = self.item.home_zone or zone
            after = min(after, local_date(self.item.version.ended_at, home))
        return [first + DAY * count for count in range((after - first).days)]

    def unresolved(self) -> list[Occurrence]:
        """Return what nobody has answered yet, the first slot first."""
        found = [slot for slot in self.slots if slot.state in UNRESOLVED]
        return sorted(found, key=lambda slot: (len(slot.slot), slot.slot))

    def still_asked(self, days: int) -> int:
        """Return how many unresolved slots so many days leave to be done."""
        resolved = len(self.slots) - len(self.unresolved())
        return max(part_week_due(self.n, days) - resolved, 0)


def weeks_of(
    patient_ids: Collection[UUID], *, since: datetime, item_ids: Collection[UUID] | None = None
) -> Iterator[Week]:
    """Yield the weeks of n-per-week items that close after `since` (one statement)."""
    slots = Occurrence.objects.filter(
        patient_id__in=patient_ids,
        on__gte=since.date() - FURTHEST_DATE,
        closes_at__gt=since,
        item__schedule__rule="times_per_week",
    ).exclude(state=OccurrenceState.CANCELLED)
    if item_ids is not None:
        slots = slots.filter(item_id__in=item_ids)
    found: dict[tuple[UUID, date], list[Occurrence]] = defaultdict(list)
    for slot in slots.select_related("item__version").order_by("patient_id", "on", "id"):
        found[slot.item_id, slot.on].append(slot)
    for week in found.values():
        yield Week(week[0].item, week)


def fit_weeks(patient_ids: Collection[UUID], *, since: datetime, at: datetime) -> set[Day]:
    """Let as many slots of each week be due as its unpaused days ask for, the others be paused."""
    weeks = list(weeks_of(patient_ids, since=since))
    if not weeks:
        return set()
    pauses = _pauses(weeks)
    parts = _parts(weeks)
    states: dict[tuple[UUID, UUID], str] = {}
    for week in weeks:
        over = _Cover(pauses[week.item.patient_id, week.item.series], parts[week.item.pk])
        open_days = [day for day in week.days() if not over.stands_at_end_of(day, week.item.zone)]
        asked = week.still_asked(len(open_days))
        for place, slot in enumerate(week.unresolved()):
            wanted = OccurrenceState.DUE if place < asked else OccurrenceState.PAUSED
            if slot.state != wanted:
                states[slot.patient_id, slot.id] = wanted.value
    return set_states(states, at=at)


@dataclass(frozen=True, slots=True)
class _Cover:
    pauses: Sequence[Pause]
    parts: Sequence[UUID]

    def stands_at_end_of(self, day: date, zone: str) -> bool:
        """Tell whether the item, or every part, is paused as a day ends.

        The day on which a pause begins is a paused one; the day on which it ends is not.
        """
        moment = instant(day + DAY, time.min, zone)
        standing = {
            pause.part
            for pause in self.pauses
            if pause.starts_at < moment and (pause.ended_at is None or pause.ended_at >= moment)
        }
        return None in standing or (bool(self.parts) and standing.issuperset(self.parts))


def _pauses(weeks: Iterable[Week]) -> Mapping[tuple[UUID, UUID], list[Pause]]:
    items = [week.item for week in weeks]
    rows = Pause.objects.filter(
        patient_id__in={item.patient_id for item in items},
        series__in={item.series for item in items},
    )
    found: dict[tuple[UUID, UUID], list[Pause]] = defaultdict(list)
    for row in rows.order_by("starts_at", "id"):
        found[row.patient_id, row.series].append(row)
    return found


def _parts(weeks: Iterable[Week]) -> Mapping[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = PlanPart.objects.filter(item_id__in={week.item.pk for week in weeks})
    for item_id, part in rows.order_by("item_id", "position").values_list("item_id", "part"):
        found[item_id].append(part)
    return found
