from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.conditions import RuleFileError
from rehab.domain.escalation import Audience, escalation_from, level_now, planned
from rehab.domain.opening_hours import is_open, opening_from
from rehab.domain.safety import Level
from tests.unit.domain.rulebook import ESCALATION, sheet

ZONE = "Asia/Shanghai"
HOURS = {
    day: [["13:30", "17:30"], ["08:00", "12:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
}
HOLIDAYS = [date(2026, 10, 20)]
MONDAY_TEN = datetime(2026, 10, 19, 2, 0, tzinfo=UTC)
MONDAY_EVENING = datetime(2026, 10, 19, 12, 0, tzinfo=UTC)
WEDNESDAY_EIGHT = datetime(2026, 10, 21, 0, 0, tzinfo=UTC)


def opening(moment: datetime) -> datetime | None:
    return opening_from(moment, HOURS, HOLIDAYS, ZONE)


def steps(level: Level, raised_at: datetime) -> list[tuple[str, timedelta]]:
    return [
        (step.who.value, step.next_at - raised_at)
        for step in planned(ESCALATION, level, raised_at, opening)
    ]


def test_emergency_reaches_the_caregiver_at_once_and_the_clinic_in_minutes() -> None:
    assert steps(Level.E0, MONDAY_EVENING) == [
        ("caregivers", timedelta(0)),
        ("on_duty", timedelta(minutes=5)),
        ("deputy", timedelta(minutes=10)),
        ("last_resort", timedelta(minutes=20)),
    ]


def test_same_day_flag_reaches_the_clinic_at_once_while_it_is_open() -> None:
    assert steps(Level.E1, MONDAY_TEN)[:3] == [
        ("caregivers", timedelta(0)),
        ("on_duty", timedelta(0)),
        ("deputy", timedelta(hours=1)),
    ]


def test_same_day_flag_of_the_evening_waits_for_the_clinic_but_not_for_the_caregiver() -> None:
    found = planned(ESCALATION, Level.E1, MONDAY_EVENING, opening)

    assert [(step.position, step.who) for step in found] == [
        (1, Audience.CAREGIVERS),
        (2, Audience.ON_DUTY),
        (3, Audience.DEPUTY),
        (4, Audience.LAST_RESORT),
    ]
    assert [step.next_at for step in found[:2]] == [MONDAY_EVENING, WEDNESDAY_EIGHT]


def test_steps_are_taken_in_the_order_of_their_moments() -> None:
    waiting = {"who": "on_duty", "after_minutes": 0, "clock": "clinic_hours"}
    at_once = {"who": "last_resort", "after_minutes": 60, "clock": "always"}
    levels = {level.value: [waiting, at_once] for level in Level}

    found = planned(escalation_from(changed(levels=levels)), Level.E1, MONDAY_EVENING, opening)

    assert [(step.position, step.who.value) for step in found] == [
        (1, "last_resort"),
        (2, "on_duty"),
    ]


def test_clinic_that_never_opens_is_told_by_the_clock() -> None:
    found = planned(ESCALATION, Level.E2, MONDAY_TEN, lambda _: None)

    assert found[0].next_at == MONDAY_TEN


def test_flag_unread_for_three_days_becomes_urgent() -> None:
    def level(hours: float, *, seen: bool = False) -> Level:
        now = MONDAY_TEN + timedelta(hours=hours)
        return level_now(ESCALATION, Level.E2, MONDAY_TEN, now, seen=seen)

    assert level(71.9) is Level.E2
    assert level(72) is Level.E1
    assert level(720, seen=True) is Level.E2


def test_other_levels_stay_as_they_are() -> None:
    later = MONDAY_TEN + timedelta(days=30)

    for level in (Level.E0, Level.E1, Level.E3):
        assert level_now(ESCALATION, level, MONDAY_TEN, later, seen=False) is level


def changed(**changes: Any) -> dict[str, Any]:
    return sheet("escalation") | changes


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (changed(version="1"), "file: version"),
        (changed(levels={}), "E0: levels"),
        (changed(levels={"E0": [1]}), r"E0: levels\.E0\[0\]: expected an object"),
        (
            changed(levels={"E0": [{"who": "deputy", "after_minutes": -1, "clock": "always"}]}),
            r"after_minutes: expected minutes",
        ),
        (
            changed(levels={"E0": [{"who": "everybody", "after_minutes": 1, "clock": "always"}]}),
            "everybody",
        ),
        (changed(rises=[]), "file: rises"),
        (changed(rises={"E2": {"to": "E1"}}), "E2: rises"),
    ],
)
def test_unsound_escalation_file_is_refused_by_level_and_path(
    data: dict[str, Any], message: str
) -> None:
    with pytest.raises(RuleFileError, match=message):
        escalation_from(data)


def test_opening_hours_are_the_clinics_own() -> None:
    assert is_open(MONDAY_TEN, HOURS, HOLIDAYS, ZONE)
    assert opening(MONDAY_TEN + timedelta(hours=2)) == MONDAY_TEN + timedelta(hours=3, minutes=30)
    assert not is_open(MONDAY_EVENING, HOURS, HOLIDAYS, ZONE)


def test_holiday_is_passed_over() -> None:
    assert opening(MONDAY_EVENING) == WEDNESDAY_EIGHT


def test_clinic_without_hours_never_opens() -> None:
    assert opening_from(MONDAY_TEN, {}, [], ZONE) is None


def test_clinic_may_be_open_until_midnight() -> None:
    late = datetime(2026, 10, 19, 15, 59, tzinfo=UTC)

    assert is_open(late, {"mon": [["08:00", "24:00"]]}, [], ZONE)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001
def test_next_opening_is_never_in_the_past_and_is_open(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC)

    found = opening(moment)

    assert found is not None
    assert found >= moment
    assert is_open(found, HOURS, HOLIDAYS, ZONE)


@given(st.sampled_from(list(Level)), st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001
def test_steps_follow_each_other_and_never_precede_the_flag(level: Level, naive: datetime) -> None:
    raised_at = naive.replace(tzinfo=UTC)

    moments = [step.next_at for step in planned(ESCALATION, level, raised_at, opening)]

    assert moments == sorted(moments)
    assert all(moment >= raised_at for moment in moments)
