from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.quiet import Drop, Hold, MessageFacts, Send, hold_until, send_decision
from rehab.domain.recurrence import instant, local_time
from tests.unit.domain.strategies import clock_times, zones

TORONTO, SHANGHAI = "America/Toronto", "Asia/Shanghai"
NIGHT = (time(22), time(7))
REMINDER = MessageFacts(kind="training", quiet_from=NIGHT[0], quiet_until=NIGHT[1], zone=SHANGHAI)


def shanghai(hour: int, minute: int = 0, day: int = 19) -> datetime:
    return instant(date(2026, 10, day), time(hour, minute), SHANGHAI)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (shanghai(21, 59), None),
        (shanghai(22), shanghai(7, day=20)),
        (shanghai(3), shanghai(7)),
        (shanghai(6, 59), shanghai(7)),
        (shanghai(7), None),
        (shanghai(12), None),
    ],
)
def test_night_is_quiet(now: datetime, until: datetime | None) -> None:
    assert hold_until(now, *NIGHT, SHANGHAI) == until


def test_quiet_hours_are_the_recipients_and_not_the_patients() -> None:
    nine_in_shanghai = shanghai(9)

    assert hold_until(nine_in_shanghai, *NIGHT, SHANGHAI) is None
    assert hold_until(nine_in_shanghai, time(21), time(7), TORONTO) == instant(
        date(2026, 10, 19), time(7), TORONTO
    )


def test_quiet_afternoon_ends_the_same_day() -> None:
    assert hold_until(shanghai(14), time(13), time(15), SHANGHAI) == shanghai(15)


@pytest.mark.parametrize("hours", [(None, None), (time(22), None), (time(8), time(8))])
def test_no_quiet_hours_hold_nothing(hours: tuple[time | None, time | None]) -> None:
    assert hold_until(shanghai(23), *hours, SHANGHAI) is None


def test_quiet_hours_end_once_on_the_night_an_hour_comes_twice() -> None:
    second_half_past_one = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)

    assert hold_until(second_half_past_one, time(22), time(1, 45), "America/New_York") is None


def test_reminder_leaves_by_day_and_waits_by_night() -> None:
    assert send_decision(REMINDER, shanghai(9)) == Send()
    assert send_decision(REMINDER, shanghai(23)) == Hold(shanghai(7, day=20), "quiet_hours")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "done"}, "done"),
        ({"state": "paused"}, "paused"),
        ({"state": "cancelled"}, "cancelled"),
        ({"consents": False}, "consent_withdrawn"),
        ({"related": False}, "relationship_ended"),
        ({"reachable": False}, "contact_retired"),
        ({"closes_at": shanghai(9)}, "window_past"),
    ],
)
def test_what_changed_since_is_not_sent_and_says_why(change: dict[str, Any], reason: str) -> None:
    assert send_decision(replace(REMINDER, **change), shanghai(9)) == Drop(reason)  # type: ignore[arg-type]


def test_reminder_held_past_its_window_is_not_sent() -> None:
    closing = replace(REMINDER, closes_at=shanghai(6, day=20))

    assert send_decision(closing, shanghai(23)) == Drop("held_past_window")


def test_spent_budget_waits_for_tomorrow_after_the_quiet_hours() -> None:
    spent = replace(REMINDER, sent_today=6)

    assert send_decision(spent, shanghai(9)) == Hold(shanghai(7, day=20), "budget_spent")


def test_spent_budget_without_quiet_hours_waits_for_midnight() -> None:
    spent = replace(REMINDER, sent_today=6, quiet_from=None, quiet_until=None)

    assert send_decision(spent, shanghai(9)) == Hold(shanghai(0, day=20), "budget_spent")


@pytest.mark.parametrize("level", ["E0", "E1"])
def test_urgent_flag_ignores_quiet_hours_and_budget(level: str) -> None:
    flag = replace(REMINDER, kind="flag", level=level, sent_today=99)

    assert send_decision(flag, shanghai(3)) == Send()


@pytest.mark.parametrize("level", ["E2", "E3"])
def test_flag_of_the_next_working_day_waits_for_morning(level: str) -> None:
    flag = replace(REMINDER, kind="flag", level=level)

    assert send_decision(flag, shanghai(3)) == Hold(shanghai(7), "quiet_hours")


def test_acknowledged_flag_is_not_sent() -> None:
    flag = replace(REMINDER, kind="flag", level="E0", state="acknowledged")

    assert send_decision(flag, shanghai(3)) == Drop("acknowledged")


def test_urgent_flag_never_reaches_somebody_who_no_longer_cares() -> None:
    flag = replace(REMINDER, kind="flag", level="E0", related=False)

    assert send_decision(flag, shanghai(3)) == Drop("relationship_ended")


def test_turn_at_night_wakes_only_who_agreed() -> None:
    turn = replace(REMINDER, kind="care", closes_at=shanghai(4, 30))

    assert send_decision(replace(turn, may_wake=True), shanghai(2, 30)) == Send()
    assert send_decision(turn, shanghai(2, 30)) == Drop("held_past_window")


def test_budget_never_touches_care() -> None:
    care = replace(REMINDER, kind="care", sent_today=99)

    assert send_decision(care, shanghai(9)) == Send()


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001
    clock_times,
    clock_times,
    zones,
)
def test_quiet_hours_always_end_within_a_day_or_so(
    naive: datetime, start: time, end: time, zone: str
) -> None:
    now = naive.replace(tzinfo=UTC)

    until = hold_until(now, start, end, zone)

    assert until is None or now < until <= now + timedelta(hours=49)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)), clock_times, clock_times)  # noqa: DTZ001
def test_nothing_is_quiet_when_quiet_hours_end(naive: datetime, start: time, end: time) -> None:
    until = hold_until(naive.replace(tzinfo=UTC), start, end, SHANGHAI)

    if until is not None:
        assert local_time(until, SHANGHAI).time() == end
        assert hold_until(until, start, end, SHANGHAI) is None
