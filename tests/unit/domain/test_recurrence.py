from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.recurrence import (
    EveryNDays,
    Schedule,
    Slot,
    TimesPerWeek,
    Weekly,
    due,
    instant,
    is_missing,
    local_date,
    local_slots,
    local_time,
    part_week_due,
    week_of,
)
from tests.unit.domain.strategies import ZONES, clock_rules, daily, schedules

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MIDNIGHT_UTC = datetime(2026, 10, 3, tzinfo=UTC)
NINE = (Slot("a1", time(9)),)


def moments(schedule: Schedule, first: date, last: date) -> list[datetime]:
    return [each.due_at for each in due(schedule, first, last)]


def test_three_turns_remain_in_the_night_that_loses_an_hour() -> None:
    turns = daily("Australia/Sydney", "02:30", "06:30", "22:30")

    found = due(turns, date(2026, 10, 3), date(2026, 10, 4))
    night = [each for each in found if 12 <= (each.due_at - MIDNIGHT_UTC) / HOUR < 20]

    assert [each.due_at for each in night] == [
        datetime(2026, 10, 3, 12, 30, tzinfo=UTC),
        datetime(2026, 10, 3, 16, 0, tzinfo=UTC),
        datetime(2026, 10, 3, 19, 30, tzinfo=UTC),
    ]


def test_walk_is_due_once_on_the_day_the_clocks_go_back() -> None:
    walk = daily("Europe/London", "15:00")

    assert moments(walk, date(2026, 10, 24), date(2026, 10, 25)) == [
        datetime(2026, 10, 24, 14, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 15, 0, tzinfo=UTC),
    ]


def test_rides_on_monday_wednesday_friday_of_a_fortnight() -> None:
    ride = Schedule(
        Weekly(frozenset({0, 2, 4}), (Slot("a1", time(18)),)),
        "America/New_York",
        date(2026, 10, 19),
    )

    found = due(ride, date(2026, 10, 19), date(2026, 11, 1))

    assert [each.on.day for each in found] == [19, 21, 23, 26, 28, 30]
    assert {local_time(each.due_at, ride.zone).time() for each in found} == {time(18)}


def test_every_second_day_counts_from_its_anchor_over_a_clock_change() -> None:
    rule = EveryNDays(2, date(2026, 10, 19), NINE)
    schedule = Schedule(rule, "Europe/London", date(2026, 10, 1))

    found = [each.on for each in due(schedule, date(2026, 10, 22), date(2026, 10, 28))]

    assert found == [date(2026, 10, day) for day in (23, 25, 27)]


def test_every_nth_day_holds_before_its_anchor_too() -> None:
    schedule = Schedule(EveryNDays(3, date(2026, 10, 19), NINE), "UTC", date(2026, 10, 1))

    assert [on.day for on, _ in local_slots(schedule, date(2026, 10, 9), date(2026, 10, 16))] == [
        10,
        13,
        16,
    ]


def test_nothing_is_due_outside_the_days_in_force() -> None:
    schedule = Schedule(
        Weekly(frozenset(range(7)), NINE), "UTC", date(2026, 10, 20), date(2026, 10, 22)
    )

    found = [each.on.day for each in due(schedule, date(2026, 10, 1), date(2026, 10, 31))]

    assert found == [20, 21, 22]


class CountedDate(date):
    """A date that counts the steps taken from it or from what it led to."""

    steps = 0

    def __add__(self, other: timedelta) -> "CountedDate":
        CountedDate.steps += 1
        return super().__add__(other)  # type: ignore[return-value]


@pytest.mark.parametrize("rule", ["weekly", "every_n_days", "times_per_week"])
def test_plan_of_two_centuries_costs_no_more_than_a_new_one(rule: str) -> None:
    def steps_of(starts_on: date) -> int:
        CountedDate.steps = 0
        rules = {
            "weekly": Weekly(frozenset({0, 4}), NINE),
            "every_n_days": EveryNDays(2, starts_on, NINE),
            "times_per_week": TimesPerWeek(3, time(9)),
        }
        schedule = Schedule(rules[rule], "Europe/London", starts_on)
        assert due(schedule, CountedDate(2026, 10, 23), CountedDate(2026, 10, 26))
        return CountedDate.steps

    assert 0 < steps_of(CountedDate(1826, 10, 18)) <= steps_of(CountedDate(2026, 10, 18))


def test_date_that_a_zone_skipped_has_nothing_due() -> None:
    samoa = daily("Pacific/Apia", "08:00", "20:00", starts_on=date(2011, 12, 1))

    found = due(samoa, date(2011, 12, 29), date(2011, 12, 31))

    assert [each.on.day for each in found] == [29, 29, 31, 31]


def test_three_times_a_week_are_three_slots_in_the_week_of_the_zone() -> None:
    schedule = Schedule(TimesPerWeek(3), "Australia/Sydney", date(2026, 9, 28))

    found = due(schedule, date(2026, 10, 1), date(2026, 10, 1))

    assert [each.slot_id for each in found] == ["1", "2", "3"]
    assert {each.on for each in found} == {date(2026, 9, 28)}
    assert {each.due_at for each in found} == {datetime(2026, 9, 27, 14, tzinfo=UTC)}
    assert {each.closes_at for each in found} == {datetime(2026, 10, 4, 13, tzinfo=UTC)}
    assert {each.remind_at for each in found} == {None}


def test_reminders_of_three_times_a_week_are_spread_over_it() -> None:
    schedule = Schedule(TimesPerWeek(3, time(18)), "Asia/Shanghai", date(2026, 10, 19))

    found = due(schedule, date(2026, 10, 19), date(2026, 10, 25))

    reminders = [each.remind_at for each in found if each.remind_at]
    assert [local_time(each, "Asia/Shanghai").day for each in reminders] == [19, 21, 23]


def test_part_week_is_due_in_proportion_to_its_days() -> None:
    schedule = Schedule(TimesPerWeek(3), "UTC", date(2026, 10, 22))

    found = due(schedule, date(2026, 10, 19), date(2026, 10, 25))

    assert [(each.on.day, each.slot_id) for each in found] == [(22, "1"), (22, "2")]
    assert found[0].opens_at == datetime(2026, 10, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("n", "days", "expected"), [(3, 7, 3), (3, 0, 0), (3, 1, 0), (3, 2, 1), (3, 5, 2), (1, 4, 1)]
)
def test_part_week_is_rounded(n: int, days: int, expected: int) -> None:
    assert part_week_due(n, days) == expected


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="8"):
        part_week_due(3, 8)


def every_day_at_its_time(
    schedule: Schedule, first: date, last: date, found: list[tuple[date, str, datetime]]
) -> bool:
    """Tell whether every chosen day and slot is there exactly once, at its wall-clock time.

    A date that the zone skipped altogether is no day.
    """
    slots = local_slots(schedule, first, last)
    chosen = [(on, slot) for on, slot in slots if exists(on, schedule.zone)]
    if [(on, slot.id) for on, slot in chosen] != [(on, slot) for on, slot, _ in found]:
        return False
    return all(
        is_missing(on, slot.at, schedule.zone)
        or local_time(at, schedule.zone).replace(tzinfo=None, fold=0)
        == datetime.combine(on, slot.at)
        for (on, slot), (_, _, at) in zip(chosen, found, strict=True)
    )


@given(schedules(clock_rules()), st.integers(0, 40), st.integers(0, 20))
def test_every_chosen_day_appears_exactly_once_at_the_same_wall_clock_time(
    schedule: Schedule, wait: int, length: int
) -> None:
    first = schedule.starts_on + DAY * wait
    last = first + DAY * length

    found = [(each.on, each.slot_id, each.due_at) for each in due(schedule, first, last)]

    assert every_day_at_its_time(schedule, first, last, found)


def exists(on: date, zone: str) -> bool:
    return any(local_date(instant(on, time(hour), zone), zone) == on for hour in (12, 0, 6, 18, 23))


def stepping_24_hours(
    schedule: Schedule, first: date, last: date
) -> list[tuple[date, str, datetime]]:
    """The planted error: the first instant, and then again and again 24 hours later."""
    chosen = list(local_slots(schedule, first, last))
    day_one, slot = chosen[0]
    at = instant(day_one, slot.at, schedule.zone)
    return [(on, slot.id, at + (on - day_one)) for on, slot in chosen]


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("America/New_York", date(2026, 10, 31)),
        ("Europe/London", date(2026, 10, 24)),
        ("Australia/Sydney", date(2026, 10, 3)),
    ],
)
def test_adding_24_hours_is_caught_where_the_clocks_change(zone: str, first: date) -> None:
    schedule = daily(zone, "15:00")

    wrong = stepping_24_hours(schedule, first, first + DAY)

    assert not every_day_at_its_time(schedule, first, first + DAY, wrong)


def test_adding_24_hours_passes_where_no_clock_changes() -> None:
    schedule, first = daily("Asia/Shanghai", "15:00"), date(2026, 10, 3)

    found = stepping_24_hours(schedule, first, first + DAY)

    assert every_day_at_its_time(schedule, first, first + DAY, found)


@given(schedules(), st.integers(0, 40), st.integers(0, 20))
def test_a_range_cut_in_two_gives_the_same_as_the_whole(
    schedule: Schedule, wait: int, length: int
) -> None:
    first = schedule.starts_on + DAY * wait
    last = first + DAY * length
    middle = first + DAY * (length // 2)

    halves = [*due(schedule, first, middle), *due(schedule, middle + DAY, last)]

    assert set(halves) == set(due(schedule, first, last))


def test_week_begins_on_monday() -> None:
    assert week_of(date(2026, 11, 1)) == date(2026, 10, 26)


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 3, 1), date(2026, 4, 30)), (date(2026, 9, 1), date(2026, 11, 10))],
)
def test_no_zone_loses_or_repeats_a_day_when_clocks_change(first: date, last: date) -> None:
    wrong = []
    for zone in ZONES:
        schedule = daily(zone, "02:30", starts_on=first)
        found = [(each.on, each.slot_id, each.due_at) for each in due(schedule, first, last)]
        if not every_day_at_its_time(schedule, first, last, found):
            wrong.append(zone)

    assert wrong == []


def test_local_slots_and_what_is_due_agree_for_times_per_week() -> None:
    schedule = Schedule(TimesPerWeek(3, time(18)), "UTC", date(2026, 10, 22), date(2026, 11, 3))
    first, last = date(2026, 10, 1), date(2026, 11, 30)

    slots = [(on, slot.id) for on, slot in local_slots(schedule, first, last)]

    assert slots == [(each.on, each.slot_id) for each in due(schedule, first, last)]
    assert [on.day for on, _ in slots] == [22, 22, 26, 26, 26, 2]


def test_times_per_week_have_nothing_due_after_their_last_day() -> None:
    schedule = Schedule(TimesPerWeek(3), "UTC", date(2026, 10, 1), date(2026, 10, 9))

    assert due(schedule, date(2026, 10, 10), date(2026, 10, 20)) == []
