"""Who is on duty at a local moment."""

from datetime import date, datetime, time
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.domain.rota import Shift, began_on, hours_from, on_duty

MONDAY = date(2026, 10, 19)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute)  # noqa: DTZ001  a wall clock


def shift(weekday=0, starts=time(8), ends=time(17, 30)) -> Shift:
    return Shift(uuid4(), weekday, starts, ends)


def test_day_shift_holds_from_its_start_to_just_before_its_end():
    day = shift()
    assert began_on(day, at(19, 7, 59)) is None
    assert began_on(day, at(19, 8)) == MONDAY
    assert began_on(day, at(19, 17, 29)) == MONDAY
    assert began_on(day, at(19, 17, 30)) is None
    assert began_on(day, at(20, 9)) is None


def test_night_shift_holds_past_midnight_and_began_the_day_before():
    night = shift(starts=time(22), ends=time(6))
    assert began_on(night, at(19, 23)) == MONDAY
    assert began_on(night, at(20, 5, 59)) == MONDAY
    assert began_on(night, at(20, 6)) is None
    assert began_on(night, at(19, 5)) is None


def test_sunday_night_runs_into_monday():
    night = shift(weekday=6, starts=time(22), ends=time(6))
    assert began_on(night, at(19, 3)) == date(2026, 10, 18)


def test_shift_that_began_on_a_holiday_is_nobodys():
    assert on_duty([shift()], at(19, 9), holidays=[MONDAY]) == []


def test_who_began_last_comes_first():
    early, late = shift(starts=time(8)), shift(starts=time(12), ends=time(20))
    assert on_duty([early, late], at(19, 13)) == [late, early]


@given(
    weekday=st.integers(0, 6),
    starts=st.times(),
    ends=st.times(),
    local=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_a_shift_that_holds_began_on_its_weekday_today_or_yesterday(weekday, starts, ends, local):
    began = began_on(Shift(uuid4(), weekday, starts, ends), local)
    if began is not None:
        assert began.weekday() == weekday
        assert (local.date() - began).days in {0, 1}


def test_hours_are_read_as_times():
    assert hours_from({"mon": [["08:00", "12:00"]]}) == {"mon": [(time(8), time(12))]}


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        ([], "must be an object"),
        ({"monday": []}, "monday is not a weekday"),
        ({"mon": "08:00"}, "mon must be a list"),
        ({"mon": [["8"]]}, "mon needs spans"),
        ({"mon": [["eight", "nine"]]}, "mon needs spans"),
        ({"mon": [["17:00", "08:00"]]}, "mon closes before it opens"),
    ],
)
def test_hours_that_cannot_be_read_say_where(hours, reason):
    with pytest.raises(ValueError, match=reason):
        hours_from(hours)
