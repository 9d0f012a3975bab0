"""Six fortnights on six clocks, some with a change of the clock in them, stored day by day.

The clock of each patient changes, or does not, as the tz database says; every moment here is
written in UTC and was computed by hand.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rehab.actions.plans import revise_plan
from rehab.domain.plan_draft import ItemDraft, PlanDraft
from rehab.models import Plan, Reminder
from tests.integration.rehab.scenes import occurrences, turning
from tests.integration.rehab.ticking import tick
from tests.plans import assign, fes, shoulder, weekly

DAY = timedelta(days=1)


def fortnight(cast, zone: str, first: date, *items: ItemDraft, days: int = 14) -> Plan:
    """Assign the items on the eve of the fortnight and let the service tick twice a day."""
    start = datetime.combine(first - DAY, time(23, 30), tzinfo=ZoneInfo(zone))
    plan = assign(cast, *items, at=start)
    for count in range(2 * days + 1):
        tick(cast, start + count * DAY / 2)
    return plan


def moments(cast, item: ItemDraft, **facts) -> dict[tuple[int, str], str]:
    """What is due of an item, by day of the month and slot, in UTC."""
    return {
        (each.on.day, each.slot): f"{each.due_at.astimezone(UTC):%m-%dT%H:%MZ}"
        for each in occurrences(cast, series=item.series, **facts)
        if each.state != "cancelled"
    }


def in_fortnight(cast, item: ItemDraft, first: date) -> int:
    rows = occurrences(cast, series=item.series, on__gte=first, on__lt=first + 14 * DAY)
    return len([each for each in rows if each.state != "cancelled"])


def reminders_at(cast, *when: int) -> int:
    with cast.inside():
        return Reminder.objects.filter(due_at=datetime(*when, tzinfo=UTC)).count()


def test_case_1_shanghai_twice_a_day_and_once_after_the_plan_changed(cast):
    item, first = shoulder("09:00", "16:00"), date(2026, 10, 19)
    plan = fortnight(cast, "Asia/Shanghai", first, item, days=11)
    changed = datetime(2026, 10, 30, 11, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
    once = shoulder("09:00", series=item.series, parts=item.parts)
    revise_plan(
        by=cast.dana, at=changed, plan_id=plan.pk, draft=PlanDraft(title="Plan", items=(once,))
    )
    tick(cast, changed + DAY)

    assert in_fortnight(cast, item, first) == 22 + 1 + 1 + 1
    found = moments(cast, item)
    assert found[19, "s1"] == "10-19T01:00Z"
    assert found[29, "s2"] == "10-29T08:00Z"
    assert (30, "s2") not in found
    assert found[1, "s1"] == "11-01T01:00Z", "whatever Toronto does that night"


def test_case_2_new_york_a_skin_check_in_the_hour_that_comes_twice(cast):
    zone, first = "America/New_York", date(2026, 10, 19)
    ride = fes("18:00", zone=zone)
    check = turning(zone=zone, schedule=weekly("01:30", days=("sun",)))
    fortnight(cast, zone, first, ride, check)

    assert in_fortnight(cast, ride, first) == 6
    rides = moments(cast, ride)
    assert (rides[30, "s1"], rides[2, "s1"]) == ("10-30T22:00Z", "11-02T23:00Z")
    assert in_fortnight(cast, check, first) == 2
    checks = moments(cast, check)
    assert (checks[25, "s1"], checks[1, "s1"]) == ("10-25T05:30Z", "11-01T05:30Z")
    assert reminders_at(cast, 2026, 11, 1, 5, 30) == 1
    assert reminders_at(cast, 2026, 11, 1, 6, 30) == 0


def test_case_3_urumqi_writes_ten_and_the_phone_in_shanghai_shows_twelve(cast):
    zone, first = "Asia/Urumqi", date(2026, 10, 19)
    item = shoulder("10:00", "14:00", "20:00", zone=zone)
    fortnight(cast, zone, first, item)

    assert in_fortnight(cast, item, first) == 14 * 3
    found = moments(cast, item)
    assert [found[21, slot] for slot in ("s1", "s2", "s3")] == [
        "10-21T04:00Z",
        "10-21T08:00Z",
        "10-21T14:00Z",
    ]
    phone = ZoneInfo("Asia/Shanghai")
    assert occurrences(cast, on=date(2026, 10, 21))[0].due_at.astimezone(phone).hour == 12


def test_case_4_london_walks_at_three_before_and_after_the_clocks_go_back(cast):
    zone, first = "Europe/London", date(2026, 10, 19)
    strength = shoulder(zone=zone, schedule=weekly("10:00", days=("tue", "thu", "sat")))
    walk = shoulder("15:00", zone=zone)
    fortnight(cast, zone, first, strength, walk)

    assert in_fortnight(cast, strength, first) == 6
    walks = moments(cast, walk)
    assert (walks[24, "s1"], walks[25, "s1"]) == ("10-24T14:00Z", "10-25T15:00Z")
    assert in_fortnight(cast, walk, first) == 14
    assert reminders_at(cast, 2026, 10, 25, 15) == 1
    assert reminders_at(cast, 2026, 10, 25, 14) == 0


def test_case_5_sydney_turns_three_times_in_the_night_that_loses_an_hour(cast):
    zone, first = "Australia/Sydney", date(2026, 9, 28)
    legs = shoulder("08:00", "20:00", zone=zone)
    turns = turning("22:30", "02:30", "06:30", zone=zone)
    plan = fortnight(cast, zone, first, legs, turns, days=9)
    changed = datetime(2026, 10, 7, 12, tzinfo=ZoneInfo(zone))
    once = shoulder("08:00", zone=zone, series=legs.series, parts=legs.parts)
    revise_plan(
        by=cast.dana,
        at=changed,
        plan_id=plan.pk,
        draft=PlanDraft(title="Plan", items=(once, turns)),
    )
    for count in range(10):
        tick(cast, changed + count * DAY / 2)

    night = moments(cast, turns)
    assert (night[3, "s1"], night[4, "s2"], night[4, "s3"]) == (
        "10-03T12:30Z",
        "10-03T16:00Z",
        "10-03T19:30Z",
    )
    assert reminders_at(cast, 2026, 10, 3, 16) == 1
    found = moments(cast, legs)
    assert (found[3, "s2"], found[4, "s2"]) == ("10-03T10:00Z", "10-04T09:00Z")
    assert in_fortnight(cast, legs, first) == 9 * 2 + 5


def test_case_6_kolkata_with_its_half_hour(cast):
    zone, first = "Asia/Kolkata", date(2026, 10, 19)
    strength = shoulder(zone=zone, schedule=weekly("07:30", days=("mon", "wed", "fri")))
    walk = shoulder("09:00", "17:00", zone=zone)
    fortnight(cast, zone, first, strength, walk)

    assert in_fortnight(cast, strength, first) == 6
    assert set(moments(cast, strength).values()) >= {
        f"10-{day}T02:00Z" for day in (19, 21, 23, 26, 28, 30)
    }
    assert in_fortnight(cast, walk, first) == 28
