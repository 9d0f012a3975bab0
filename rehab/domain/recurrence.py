"""When something is due. The only place that turns local time into instants and back.

A schedule is local: step by dates, then combine with the wall clock; never add 24 hours.

- A time that does not exist (spring) is due at the first valid minute after the gap.
- A time that comes twice (autumn) is due at the first of the two, once.
- A date that does not exist in the zone (Samoa, 30 December 2011) has nothing due.

Windows of one item tile the days on which it is due: the boundary between two slots is their
midpoint, or local midnight where eight hours or more lie between slots of different dates. A day
without a slot belongs to no window, because nothing is carried over days: a session done then is
extra. n per week: slots "1".."n", window = the ISO week of the item's zone, cut to the days in
force, due at its opening.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.metadata import version
from itertools import pairwise
from zoneinfo import ZoneInfo

from rehab.domain.schedules import (
    EveryNDays,
    Rule,
    Schedule,
    ScheduleError,
    Slot,
    TimesPerWeek,
    Weekly,
    dump,
    schedule_from,
)

__all__ = [
    "OVERNIGHT",
    "Due",
    "EveryNDays",
    "Rule",
    "Schedule",
    "ScheduleError",
    "Slot",
    "TimesPerWeek",
    "Weekly",
    "due",
    "dump",
    "instant",
    "is_missing",
    "is_repeated",
    "local_date",
    "local_slots",
    "local_time",
    "part_week_due",
    "schedule_from",
    "tzdata_version",
    "week_of",
    "zone_named",
]

DAY = timedelta(days=1)
OVERNIGHT = timedelta(hours=8)
SECOND = timedelta(seconds=1)
NO_OFFSET = timedelta()


@dataclass(frozen=True, slots=True)
class Due:
    """One slot of one local date; all moments in UTC. The window is [opens_at, closes_at).

    `remind_at` equals `due_at` for a clock-time slot. n per week without a reminder time: None;
    with one, the n reminders are spread evenly over the days of the week in force.
    """

    on: date
    slot_id: str
    due_at: datetime
    opens_at: datetime
    closes_at: datetime
    remind_at: datetime | None


@cache
def tzdata_version() -> str:
    """Return which edition of the world's clocks this process reckons with, such as "2026.3"."""
    return version("tzdata")


def zone_named(zone: str) -> ZoneInfo:
    """Return the IANA zone; ScheduleError (a ValueError) when there is none of that name."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise ScheduleError("zone", f"no IANA time zone is called {zone!r}") from None


def instant(on: date, at: time, zone: str) -> datetime:
    """Return the UTC moment of a wall-clock time on a local date."""
    local = datetime.combine(on, at.replace(fold=0), tzinfo=zone_named(zone))
    first, second = _offsets(local)
    if second > first:
        return _end_of_gap(local, first, second)
    return (local.replace(tzinfo=None) - first).replace(tzinfo=UTC)


def is_missing(on: date, at: time, zone: str) -> bool:
    """Tell whether the clock jumps over this local time."""
    first, second = _offsets(datetime.combine(on, at, tzinfo=zone_named(zone)))
    return second > first


def is_repeated(on: date, at: time, zone: str) -> bool:
    """Tell whether this local time comes twice."""
    first, second = _offsets(datetime.combine(on, at, tzinfo=zone_named(zone)))
    return second < first


def local_time(moment: datetime, zone: str) -> datetime:
    """Return the moment on the wall clock of a zone; ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset")
    return moment.astimezone(zone_named(zone))


def local_date(moment: datetime, zone: str) -> date:
    """Return the date on which the moment falls in a zone."""
    return local_time(moment, zone).date()


def _offsets(local: datetime) -> tuple[timedelta, timedelta]:
    """Return the offsets before and after a change at this local time, equal when there is none."""
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    # A ZoneInfo always has an offset; the types only do not know it.
    return first or NO_OFFSET, second or NO_OFFSET


def _end_of_gap(local: datetime, before: timedelta, after: timedelta) -> datetime:
    """Return the first whole minute on the clock after the gap that holds a missing time."""
    zone, naive = local.tzinfo, local.replace(tzinfo=None, fold=0)
    early, late = (naive - after).replace(tzinfo=UTC), (naive - before).replace(tzinfo=UTC)
    while late - early > SECOND:
        middle = early + SECOND * ((late - early) // SECOND // 2)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    spare = -late.astimezone(zone).second % 60
    return late + SECOND * spare


def _exists(on: date, zone: str) -> bool:
    return instant(on, time.min, zone) < instant(on + DAY, time.min, zone)


def local_slots(schedule: Schedule, first: date, last: date) -> Iterator[tuple[date, Slot]]:
    """Yield the dates and slots from `first` to `last` (both included), in order.

    Costs the same however old the plan is. n per week yields every ISO week that touches the
    range, dated by its first day in force, so the same week may come from two ranges; its slots
    carry the reminder time, or midnight when there is none.
    """
    if isinstance(schedule.rule, TimesPerWeek):
        yield from _week_slots(schedule, schedule.rule, first, last)
        return
    start, end = max(first, schedule.starts_on), _earliest(last, schedule.ends_on)
    for on in _dates(schedule.rule, start, end):
        for slot in schedule.rule.slots:
            yield on, slot


def part_week_due(n: int, days: int) -> int:
    """Return how many of n times a week are due in `days` days in force and unpaused (0-7).

    n × days / 7, rounded; a tie cannot happen.
    """
    if not 0 <= days <= 7:
        raise ValueError(f"a week has 0 to 7 days, not {days}")
    return (2 * n * days + 7) // 14


def week_of(on: date) -> date:
    """Return the Monday of the ISO week of a date."""
    return on - DAY * on.weekday()


def _earliest(last: date, ends_on: date | None) -> date:
    return last if ends_on is None else min(last, ends_on)


def _dates(rule: Weekly | EveryNDays, start: date, end: date) -> Iterator[date]:
    if isinstance(rule, EveryNDays):
        return _nth_dates(rule, start, end)
    days = (start + DAY * count for count in range((end - start).days + 1))
    return (on for on in days if on.weekday() in rule.days)


def _nth_dates(rule: EveryNDays, start: date, end: date) -> Iterator[date]:
    wait = (rule.anchor - start).days % rule.n
    return (start + DAY * count for count in range(wait, (end - start).days + 1, rule.n))


def _weeks(schedule: Schedule, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield first and last day in force of each ISO week that touches the range."""
    start, end = max(first, schedule.starts_on), _earliest(last, schedule.ends_on)
    if start > end:
        return
    for count in range((week_of(end) - week_of(start)).days // 7 + 1):
        monday = week_of(start) + DAY * 7 * count
        yield max(monday, schedule.starts_on), _earliest(monday + DAY * 6, schedule.ends_on)


def _week_slots(
    schedule: Schedule, rule: TimesPerWeek, first: date, last: date
) -> Iterator[tuple[date, Slot]]:
    for opens, closes in _weeks(schedule, first, last):
        for count in range(part_week_due(rule.n, (closes - opens).days + 1)):
            yield opens, Slot(str(count + 1), rule.at or time.min)


def due(schedule: Schedule, first: date, last: date) -> list[Due]:
    """Return what is due from `first` to `last` (local dates, both included) with windows."""
    if isinstance(schedule.rule, TimesPerWeek):
        return _due_in_weeks(schedule, schedule.rule, first, last)
    # One day more on each side: only a neighbour across one midnight can move a boundary.
    moments = list(_moments(schedule, first - DAY, last + DAY))
    windows = zip(moments, _windows(moments, schedule.zone), strict=True)
    return [
        Due(each.on, each.slot.id, each.at, opens_at, closes_at, each.at)
        for each, (opens_at, closes_at) in windows
        if first <= each.on <= last
    ]


@dataclass(frozen=True, slots=True)
class _Moment:
    """A slot with its instant, and what the wall clock shows then."""

    on: date
    slot: Slot
    at: datetime
    clock: datetime


def _moments(schedule: Schedule, first: date, last: date) -> Iterator[_Moment]:
    zone = schedule.zone
    for on, slot in local_slots(schedule, first, last):
        at = instant(on, slot.at, zone)
        clock = local_time(at, zone).replace(tzinfo=None)
        if clock.date() == on or _exists(on, zone):
            yield _Moment(on, slot, at, clock)


def _windows(moments: Sequence[_Moment], zone: str) -> list[tuple[datetime, datetime]]:
    """Return when each window opens and closes."""
    if not moments:
        return []
    between = [_boundary(a, b, zone) for a, b in pairwise(moments)]
    opens = [_midnight_before(moments[0], zone), *(opening for _, opening in between)]
    closes = [*(closing for closing, _ in between), _midnight_after(moments[-1], zone)]
    return list(zip(opens, closes, strict=True))


def _boundary(before: _Moment, after: _Moment, zone: str) -> tuple[datetime, datetime]:
    """Return when the earlier window closes and the later one opens.

    The gap is read off the wall clock, so that the night of a clock change is like any other.
    """
    same_day = before.clock.date() == after.clock.date()
    if same_day or after.clock - before.clock < OVERNIGHT:
        middle = before.at + (after.at - before.at) / 2
        return middle, middle
    return _midnight_after(before, zone), _midnight_before(after, zone)


def _midnight_before(moment: _Moment, zone: str) -> datetime:
    return instant(moment.clock.date(), time.min, zone)


def _midnight_after(moment: _Moment, zone: str) -> datetime:
    return instant(moment.clock.date() + DAY, time.min, zone)


def _due_in_weeks(schedule: Schedule, rule: TimesPerWeek, first: date, last: date) -> list[Due]:
    found = []
    for start, end in _weeks(schedule, first, last):
        opens_at = instant(start, time.min, schedule.zone)
        closes_at = instant(end + DAY, time.min, schedule.zone)
        days = (end - start).days + 1
        count = part_week_due(rule.n, days)
        for place in range(count):
            remind_on = start + DAY * (place * days // count)
            remind_at = None if rule.at is None else instant(remind_on, rule.at, schedule.zone)
            found.append(Due(start, str(place + 1), opens_at, opens_at, closes_at, remind_at))
    return found
