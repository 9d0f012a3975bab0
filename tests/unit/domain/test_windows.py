from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.recurrence import Schedule, TimesPerWeek, due, local_time
from tests.unit.domain.strategies import clock_rules, daily, schedules, zones

DAY = timedelta(days=1)


def test_boundary_within_a_day_is_the_midpoint() -> None:
    morning, afternoon = due(
        daily("Asia/Shanghai", "09:00", "16:00"), date(2026, 10, 19), date(2026, 10, 19)
    )

    assert morning.closes_at == afternoon.opens_at == datetime(2026, 10, 19, 4, 30, tzinfo=UTC)


def test_long_night_is_divided_at_midnight() -> None:
    morning, afternoon = due(
        daily("Asia/Shanghai", "09:00", "16:00"), date(2026, 10, 19), date(2026, 10, 19)
    )

    assert morning.opens_at == datetime(2026, 10, 18, 16, tzinfo=UTC)
    assert afternoon.closes_at == datetime(2026, 10, 19, 16, tzinfo=UTC)


def test_short_night_is_divided_at_its_midpoint() -> None:
    turns = due(
        daily("Australia/Sydney", "02:30", "06:30", "22:30"), date(2026, 9, 30), date(2026, 10, 1)
    )

    late, next_early = turns[2], turns[3]

    assert (late.on.day, next_early.on.day) == (30, 1)
    assert late.closes_at == next_early.opens_at
    assert local_time(late.closes_at, "Australia/Sydney").strftime("%d %H:%M") == "01 00:30"


def test_windows_of_one_day_know_their_neighbours_of_the_next() -> None:
    turns = daily("Australia/Sydney", "02:30", "06:30", "22:30")

    two_days = due(turns, date(2026, 9, 30), date(2026, 10, 1))
    one_by_one = [
        *due(turns, date(2026, 9, 30), date(2026, 9, 30)),
        *due(turns, date(2026, 10, 1), date(2026, 10, 1)),
    ]

    assert one_by_one == two_days


def test_night_of_a_clock_change_is_divided_like_any_other() -> None:
    # 22:00 to 06:00 is eight hours on the wall clock, seven in fact.
    found = due(daily("Australia/Sydney", "06:00", "22:00"), date(2026, 10, 3), date(2026, 10, 4))

    assert local_time(found[1].closes_at, "Australia/Sydney").strftime("%d %H:%M") == "04 00:00"


def test_day_without_a_slot_belongs_to_no_window() -> None:
    schedule = Schedule(daily("UTC", "18:00").rule, "UTC", date(2026, 10, 19), date(2026, 10, 19))

    (only,) = due(schedule, date(2026, 10, 1), date(2026, 10, 31))

    assert only.opens_at == datetime(2026, 10, 19, tzinfo=UTC)
    assert only.closes_at == datetime(2026, 10, 20, tzinfo=UTC)


def test_midnight_that_does_not_exist_gives_the_first_minute_of_the_day() -> None:
    schedule = daily("America/Santiago", "09:00", starts_on=date(2026, 9, 1))
    (sunday,) = due(schedule, date(2026, 9, 6), date(2026, 9, 6))

    assert local_time(sunday.opens_at, "America/Santiago").strftime("%H:%M") == "01:00"


@given(schedules(clock_rules()), st.integers(0, 40), st.integers(0, 20))
def test_windows_never_overlap_and_hold_their_moment(
    schedule: Schedule, wait: int, length: int
) -> None:
    first = schedule.starts_on + DAY * wait
    found = due(schedule, first, first + DAY * length)

    for each in found:
        assert each.opens_at <= each.due_at <= each.closes_at
    for earlier, later in pairwise(found):
        assert earlier.closes_at <= later.opens_at


@given(zones, st.dates(date(1990, 1, 1), date(2037, 1, 1)), st.sets(st.integers(0, 23), min_size=1))
def test_windows_of_a_daily_item_tile_time_without_gap_or_overlap(
    zone: str, first: date, hours: set[int]
) -> None:
    schedule = daily(zone, *(f"{hour:02}:00" for hour in sorted(hours)), starts_on=first - DAY * 9)

    found = due(schedule, first, first + DAY * 9)

    assert all(earlier.closes_at == later.opens_at for earlier, later in pairwise(found))


@given(zones, st.dates(date(1990, 1, 1), date(2037, 1, 1)), st.integers(1, 9))
def test_weeks_of_an_item_n_times_a_week_tile_time(zone: str, first: date, n: int) -> None:
    schedule = Schedule(TimesPerWeek(n), zone, first - DAY * 30)

    found = due(schedule, first, first + DAY * 21)
    windows = sorted({(each.opens_at, each.closes_at) for each in found})

    assert all(earlier[1] == later[0] for earlier, later in pairwise(windows))
