from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.recurrence import (
    instant,
    is_missing,
    is_repeated,
    local_date,
    local_time,
    zone_named,
)
from tests.unit.domain.strategies import ZONES, clock_times, days, zones


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("on", "at", "zone", "expected"),
    [
        # Case 2: New York leaves summer time on 1 November; 01:30 comes twice, the first counts.
        (date(2026, 11, 1), time(1, 30), "America/New_York", utc(2026, 11, 1, 5, 30)),
        (date(2026, 11, 1), time(2, 0), "America/New_York", utc(2026, 11, 1, 7, 0)),
        (date(2026, 11, 1), time(18, 0), "America/New_York", utc(2026, 11, 1, 23, 0)),
        # Case 5: Sydney enters summer time on 4 October; 02:30 does not exist.
        (date(2026, 10, 4), time(2, 30), "Australia/Sydney", utc(2026, 10, 3, 16, 0)),
        (date(2026, 10, 4), time(20, 0), "Australia/Sydney", utc(2026, 10, 4, 9, 0)),
        (date(2026, 10, 3), time(20, 0), "Australia/Sydney", utc(2026, 10, 3, 10, 0)),
        # Case 4: London leaves summer time on 25 October.
        (date(2026, 10, 25), time(15, 0), "Europe/London", utc(2026, 10, 25, 15, 0)),
        (date(2026, 10, 24), time(15, 0), "Europe/London", utc(2026, 10, 24, 14, 0)),
        # Case 3: Urumqi writes 10:00, a phone on Beijing time shows 12:00.
        (date(2026, 10, 21), time(10, 0), "Asia/Urumqi", utc(2026, 10, 21, 4, 0)),
        (date(2026, 10, 21), time(12, 0), "Asia/Shanghai", utc(2026, 10, 21, 4, 0)),
        # Case 6: half an hour of offset.
        (date(2026, 10, 19), time(7, 30), "Asia/Kolkata", utc(2026, 10, 19, 2, 0)),
        # A change of half an hour, and one at midnight.
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", utc(2026, 10, 3, 15, 30)),
        (date(2026, 9, 6), time(0, 0), "America/Santiago", utc(2026, 9, 6, 4, 0)),
        # Offsets of the distant past had seconds: the first whole minute after the gap.
        (date(1911, 3, 11), time(0, 5), "Africa/Algiers", utc(1911, 3, 11, 0, 5)),
    ],
)
def test_wall_clock_time_has_one_instant(on: date, at: time, zone: str, expected: datetime) -> None:
    assert instant(on, at, zone) == expected


def test_reminder_in_the_repeated_hour_comes_before_the_second_pass() -> None:
    reminder = instant(date(2026, 11, 1), time(1, 30), "America/New_York")
    first_log, correction = utc(2026, 11, 1, 5, 50), utc(2026, 11, 1, 6, 10)

    assert reminder < first_log < correction
    assert local_time(first_log, "America/New_York").time() == time(1, 50)
    assert local_time(correction, "America/New_York").time() == time(1, 10)


def test_missing_and_repeated_times_are_told_apart() -> None:
    spring, autumn = date(2026, 10, 4), date(2026, 11, 1)

    assert is_missing(spring, time(2, 30), "Australia/Sydney")
    assert not is_missing(spring, time(3, 0), "Australia/Sydney")
    assert is_repeated(autumn, time(1, 30), "America/New_York")
    assert not is_repeated(autumn, time(2, 0), "America/New_York")
    assert not is_missing(autumn, time(1, 30), "America/New_York")


def test_fold_of_the_given_time_does_not_matter() -> None:
    on, zone = date(2026, 11, 1), "America/New_York"

    assert instant(on, time(1, 30, fold=1), zone) == instant(on, time(1, 30), zone)


def test_date_of_a_moment_is_the_zones_own() -> None:
    moment = utc(2026, 10, 19, 23, 30)

    assert local_date(moment, "Asia/Shanghai") == date(2026, 10, 20)
    assert local_date(moment, "America/New_York") == date(2026, 10, 19)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "America", "UTC\x00"])
def test_unknown_zone_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="zone"):
        zone_named(name)


def test_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        local_date(datetime(2026, 10, 19, 9, 0), "Asia/Shanghai")  # noqa: DTZ001


def test_many_zones_are_known() -> None:
    assert len(ZONES) > 400


@given(days, clock_times, zones)
def test_instant_shows_its_wall_clock_time_unless_it_is_missing(
    on: date, at: time, zone: str
) -> None:
    shown = local_time(instant(on, at, zone), zone)

    if is_missing(on, at, zone):
        assert shown.replace(tzinfo=None, fold=0) > datetime.combine(on, at)
        assert shown.second == 0
    else:
        assert (shown.date(), shown.time().replace(fold=0)) == (on, at)


@given(days, clock_times, zones)
def test_missing_time_is_due_at_the_first_minute_that_exists(on: date, at: time, zone: str) -> None:
    moment = instant(on, at, zone)
    before = local_time(moment - timedelta(minutes=1), zone)

    if is_missing(on, at, zone):
        assert before.replace(tzinfo=None, fold=0) < datetime.combine(on, at)


@given(days, clock_times, zones)
def test_repeated_time_is_due_at_the_first_of_the_two(on: date, at: time, zone: str) -> None:
    moment = instant(on, at, zone)

    if is_repeated(on, at, zone):
        assert local_time(moment, zone).fold == 0


@given(days, st.tuples(clock_times, clock_times), zones)
def test_later_on_the_wall_clock_is_never_earlier(
    on: date, times: tuple[time, time], zone: str
) -> None:
    assert instant(on, min(times), zone) <= instant(on, max(times), zone)
