from datetime import date, time

import pytest
from hypothesis import given

from rehab.domain.schedules import (
    EveryNDays,
    Schedule,
    ScheduleError,
    Slot,
    TimesPerWeek,
    Weekly,
    dump,
    schedule_from,
)
from tests.unit.domain.strategies import schedules

START = date(2026, 10, 19)
SLOTS = [{"id": "a2", "at": "16:00"}, {"id": "a1", "at": "09:00"}]


def read(data: dict[str, object]) -> Schedule:
    return schedule_from(data, "Asia/Shanghai", starts_on=START)


def test_weekly_schedule_is_read_with_its_slots_in_order_of_the_day() -> None:
    schedule = read({"rule": "weekly", "days": ["mon", "thu"], "slots": SLOTS})

    assert schedule.rule == Weekly(frozenset({0, 3}), (Slot("a1", time(9)), Slot("a2", time(16))))
    assert (schedule.zone, schedule.zone_policy) == ("Asia/Shanghai", "home")


def test_every_second_day_is_read_with_its_anchor() -> None:
    schedule = read({"rule": "every_n_days", "n": 2, "anchor": "2026-10-19", "slots": SLOTS[:1]})

    assert schedule.rule == EveryNDays(2, START, (Slot("a2", time(16)),))


def test_times_per_week_may_name_a_reminder_time() -> None:
    assert read({"rule": "times_per_week", "n": 3}).rule == TimesPerWeek(3)
    assert read({"rule": "times_per_week", "n": 3, "at": "18:00"}).rule == TimesPerWeek(3, time(18))


def test_item_may_follow_its_patient() -> None:
    assert read({"rule": "times_per_week", "n": 1, "zone_policy": "follow"}).zone_policy == "follow"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "rule"),
        ({"rule": "hourly"}, "rule"),
        ({"rule": ["weekly"]}, "rule"),
        ({"rule": "weekly", "slots": SLOTS}, "days"),
        ({"rule": "weekly", "days": [], "slots": SLOTS}, "days"),
        ({"rule": "weekly", "days": ["mon", "funday"], "slots": SLOTS}, "days.1"),
        ({"rule": "weekly", "days": [["mon"]], "slots": SLOTS}, "days.0"),
        ({"rule": "weekly", "days": ["mon"]}, "slots"),
        ({"rule": "weekly", "days": ["mon"], "slots": []}, "slots"),
        ({"rule": "weekly", "days": ["mon"], "slots": ["09:00"]}, "slots.0"),
        ({"rule": "weekly", "days": ["mon"], "slots": [{"at": "09:00"}]}, "slots.0.id"),
        ({"rule": "weekly", "days": ["mon"], "slots": [{"id": "a/1", "at": "9"}]}, "slots.0.id"),
        ({"rule": "weekly", "days": ["mon"], "slots": [{"id": "a1", "at": "9:00"}]}, "slots.0.at"),
        ({"rule": "weekly", "days": ["mon"], "slots": [{"id": "a1", "at": "24:00"}]}, "slots.0.at"),
        ({"rule": "weekly", "days": ["mon"], "slots": [{"id": "a1", "at": 9}]}, "slots.0.at"),
        ({"rule": "weekly", "days": ["mon"], "slots": [SLOTS[0], SLOTS[0]]}, "slots.1.id"),
        (
            {"rule": "weekly", "days": ["mon"], "slots": [SLOTS[0], {"id": "b", "at": "16:00"}]},
            "slots.1.at",
        ),
        ({"rule": "every_n_days", "n": 0, "anchor": "2026-10-19", "slots": SLOTS}, "n"),
        ({"rule": "every_n_days", "n": True, "anchor": "2026-10-19", "slots": SLOTS}, "n"),
        ({"rule": "every_n_days", "n": 2, "anchor": "19 October", "slots": SLOTS}, "anchor"),
        ({"rule": "every_n_days", "n": 2, "slots": SLOTS}, "anchor"),
        ({"rule": "times_per_week", "n": 1.5}, "n"),
        ({"rule": "times_per_week", "n": 3, "at": "evening"}, "at"),
        ({"rule": "times_per_week", "n": 3, "zone_policy": "phone"}, "zone_policy"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(data: dict[str, object], field: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        read(data)

    assert refused.value.field == field
    assert str(refused.value).startswith(f"{field}: ")


def test_schedule_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ScheduleError, match="ends_on"):
        schedule_from(
            {"rule": "times_per_week", "n": 3}, "UTC", starts_on=START, ends_on=date(2026, 10, 1)
        )


@given(schedules())
def test_what_was_written_is_read_again(schedule: Schedule) -> None:
    again = schedule_from(
        dump(schedule), schedule.zone, starts_on=schedule.starts_on, ends_on=schedule.ends_on
    )

    assert again == schedule
