"""Every zone of the world, 2000 to 2040: each chosen day once, at its time on the wall clock.

The property is written once and asked of any stepper, so that a planted error (stepping by 24
hours) is shown to be caught by the very same property.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rehab.domain.recurrence import (
    EveryNDays,
    Rule,
    Schedule,
    Slot,
    Weekly,
    due,
    instant,
    local_slots,
    local_time,
    zone_named,
)
from tests.unit.domain.strategies import ZONES, clock_times

DAY, WEEK, SECOND = timedelta(days=1), timedelta(days=7), timedelta(seconds=1)
FIRST, LAST = date(2000, 1, 1), date(2040, 12, 31)

Found = list[tuple[date, str, datetime]]
Stepper = Callable[[Schedule, date, date], Found]


def ours(schedule: Schedule, first: date, last: date) -> Found:
    return [(each.on, each.slot_id, each.due_at) for each in due(schedule, first, last)]


def by_24_hours(schedule: Schedule, first: date, last: date) -> Found:
    """The planted error: the first moment of each slot, and then 24 hours a day."""
    started: dict[str, tuple[date, datetime]] = {}
    found = []
    for on, slot in local_slots(schedule, first, last):
        day, at = started.setdefault(slot.id, (on, instant(on, slot.at, schedule.zone)))
        found.append((on, slot.id, at + (on - day)))
    return found


# --- changes of the clock, read off the zones themselves ------------------------------------------


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """Every moment from 2000 to 2040 at which a zone changes its offset."""
    info = zone_named(zone)
    start = datetime.combine(FIRST, time.min, tzinfo=UTC)
    steps = [start + WEEK * count for count in range((LAST - FIRST).days // 7 + 1)]
    offsets = [each.astimezone(info).utcoffset() for each in steps]
    pairs = pairwise(zip(steps, offsets, strict=True))
    return tuple(
        _narrowed(early, late, zone) for (early, one), (late, other) in pairs if one != other
    )


def _narrowed(early: datetime, late: datetime, zone: str) -> datetime:
    info, before = zone_named(zone), early.astimezone(zone_named(zone)).utcoffset()
    while late - early > SECOND:
        middle = early + (late - early) // SECOND // 2 * SECOND
        if middle.astimezone(info).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


@cache
def with_their_own_clock() -> tuple[str, ...]:
    """One name for each clock: hundreds of names are second names of the same."""
    clocks: dict[tuple[object, ...], str] = {}
    for zone in ZONES:
        offset = datetime(2000, 1, 1, tzinfo=UTC).astimezone(zone_named(zone)).utcoffset()
        clocks.setdefault((offset, *_offsets_of(zone)), zone)
    return tuple(clocks.values())


def _offsets_of(zone: str) -> Iterator[object]:
    for moment in changes(zone):
        yield moment, moment.astimezone(zone_named(zone)).utcoffset()


# --- the property ---------------------------------------------------------------------------------


def is_right(stepper: Stepper, schedule: Schedule, first: date, last: date) -> bool:
    """Each chosen day and slot exactly once, each at the moment that the wall clock asks for.

    Judged by going through the minutes around it and asking the zone what it shows, which is
    another way than the one under test. A date that the zone left out is no day.
    """
    found = stepper(schedule, first, last)
    chosen = [
        (on, slot) for on, slot in local_slots(schedule, first, last) if _exists(on, schedule.zone)
    ]
    if [(on, slot.id) for on, slot in chosen] != [(on, name) for on, name, _ in found]:
        return False
    return all(
        at == _first_shown(on, slot.at, schedule.zone)
        for (on, slot), (_, _, at) in zip(chosen, found, strict=True)
    )


def _first_shown(on: date, at: time, zone: str) -> datetime:
    """The first minute at which the wall clock shows this time or, where it jumps, a later one."""
    wanted, info = datetime.combine(on, at), zone_named(zone)
    near = wanted.replace(tzinfo=UTC)
    offsets = {
        (near + DAY * days).astimezone(info).utcoffset() or timedelta() for days in (-1, 0, 1)
    }
    for moment in sorted(near - offset for offset in offsets):
        if _shown(moment, zone) == wanted:
            return moment
    # Nowhere shown: the clock jumps over it, at the first change after it was still earlier.
    jumps = [each for each in changes(zone) if abs(each - near) < 3 * DAY]
    landed = [each for each in jumps if _shown(each - SECOND, zone) < wanted < _shown(each, zone)]
    return min(landed)


def _shown(moment: datetime, zone: str) -> datetime:
    return local_time(moment, zone).replace(tzinfo=None, fold=0)


def _exists(on: date, zone: str) -> bool:
    return any(
        _shown(instant(on, time(hour), zone), zone).date() == on for hour in (12, 0, 6, 18, 23)
    )


@st.composite
def spans(draw: st.DrawFn) -> tuple[Schedule, date, date]:
    """A zone, a rule with clock times, and some weeks of 2000-2040.

    Two in three are laid around a change of that zone's clock, with times in and near the hour
    that is missing or comes twice: by chance alone hardly any would meet it.
    """
    zone = draw(st.sampled_from(ZONES))
    first, times = draw(st.dates(FIRST + 30 * DAY, LAST - 60 * DAY)), clock_times
    if changes(zone) and draw(st.integers(0, 2)):
        moment = draw(st.sampled_from(changes(zone)))
        first = _shown(moment, zone).date() - DAY * draw(st.integers(0, 9))
        times = _near(_shown(moment - SECOND, zone), _shown(moment, zone))
    schedule = Schedule(draw(_rules(first, times)), zone, first - 400 * DAY)
    return schedule, first, first + DAY * draw(st.integers(0, 21))


def _near(before: datetime, after: datetime) -> st.SearchStrategy[time]:
    """Times of day from one hour before a change of the clock to one hour after it."""
    early, late = min(before, after), max(before, after)
    minutes = st.integers(-60, 60 + (late - early) // timedelta(minutes=1))
    return minutes.map(
        lambda count: (early + count * timedelta(minutes=1)).time().replace(second=0, microsecond=0)
    )


def _rules(first: date, times: st.SearchStrategy[time]) -> st.SearchStrategy[Rule]:
    slots = st.sets(times, min_size=1, max_size=3).map(
        lambda chosen: tuple(Slot(f"s{place}", at) for place, at in enumerate(sorted(chosen)))
    )
    week = st.sets(st.integers(0, 6), min_size=1).map(frozenset)
    every = st.builds(EveryNDays, st.integers(1, 14), st.just(first - 200 * DAY), slots)
    return st.one_of(st.builds(Weekly, week, slots), every)


same_every_run = settings(derandomize=True, deadline=None, database=None)


@same_every_run
@given(spans())
def test_every_zone_has_each_chosen_day_once_at_its_wall_clock_time(
    span: tuple[Schedule, date, date],
) -> None:
    assert is_right(ours, *span)


def test_stepping_by_24_hours_is_caught_by_the_same_property() -> None:
    @settings(same_every_run, phases=[Phase.generate])  # found is enough, it need not be small
    @given(spans())
    def property_of_the_planted_error(span: tuple[Schedule, date, date]) -> None:
        assert is_right(by_24_hours, *span)

    with pytest.raises(AssertionError):
        property_of_the_planted_error()


@same_every_run
@given(spans(), st.integers(0, 21))
def test_any_later_starting_point_gives_the_same_series(
    span: tuple[Schedule, date, date], wait: int
) -> None:
    schedule, first, last = span
    later = min(first + DAY * wait, last)

    whole = due(schedule, first, last)

    assert due(schedule, later, last) == [each for each in whole if each.on >= later]


@same_every_run
@given(spans())
def test_nothing_drifts_however_long_the_plan_has_run(span: tuple[Schedule, date, date]) -> None:
    schedule, first, last = span
    young = Schedule(schedule.rule, schedule.zone, first)
    old = Schedule(schedule.rule, schedule.zone, date(1901, 1, 1))

    assert ours(old, first, last) == ours(young, first, last)


def test_at_every_change_of_every_clock_each_day_comes_once_at_its_time() -> None:
    """Not a sample: all of them, with slots before, in and after the missing or repeated hour."""
    wrong = []
    for zone in with_their_own_clock():
        for moment in changes(zone):
            before, after = _shown(moment - SECOND, zone), _shown(moment, zone)
            first, last = min(before, after).date() - DAY, max(before, after).date() + DAY
            middle = min(before, after) + abs(after - before) / 2
            times = {time(0), middle.time().replace(second=0, microsecond=0), time(23, 30)}
            slots = tuple(Slot(f"{at:%H%M}", at) for at in sorted(times))
            schedule = Schedule(Weekly(frozenset(range(7)), slots), zone, first)
            if not is_right(ours, schedule, first, last):
                wrong.append((zone, moment))

    assert wrong == []


def test_the_sweep_knows_the_changes_of_the_cases() -> None:
    assert datetime(2026, 11, 1, 6, tzinfo=UTC) in changes("America/New_York")
    assert datetime(2026, 10, 3, 16, tzinfo=UTC) in changes("Australia/Sydney")
    assert datetime(2026, 10, 25, 1, tzinfo=UTC) in changes("Europe/London")
    assert datetime(2011, 12, 30, 10, tzinfo=UTC) in changes("Pacific/Apia")
    assert len(with_their_own_clock()) > 150
