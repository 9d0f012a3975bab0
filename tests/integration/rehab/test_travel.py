"""The patient travels: what follows them moves with their clock, and nothing comes twice."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from patients.domain.errors import Invalid, NotAllowed, NotVisible
from patients.models import AuditEvent
from rehab.actions.occurrences import skip_occurrence
from rehab.actions.pauses import hold_plan
from rehab.actions.plans import activate_plan, create_plan, revise_plan
from rehab.actions.travel import change_zone
from rehab.domain.plan_draft import PlanDraft
from rehab.domain.session_entry import SkipEntry
from rehab.models import Delivery, Occurrence, PlanItem, ZoneChange
from tests.integration.rehab.scenes import day_of, done, local, occurrences, reread, turning
from tests.integration.rehab.ticking import tick
from tests.plans import assign, clear_profile, items_of, load_catalogue, shoulder

AUCKLAND, HONOLULU = ZoneInfo("Pacific/Auckland"), ZoneInfo("Pacific/Honolulu")
TOKYO = "Asia/Tokyo"


def travel(cast, zone, *, at, by=None, confirmed=True):
    return change_zone(
        by=by or cast.alice, at=at, patient_id=cast.patient.pk, zone=zone, confirmed=confirmed
    )


def clock_of(cast, zone, **facts):
    """Local date, slot and wall-clock time of everything due, in order."""
    rows = occurrences(cast, **facts)
    return [
        (each.on.day, each.slot, f"{each.due_at.astimezone(ZoneInfo(zone)):%d %H:%M}")
        for each in rows
    ]


@pytest.fixture
def following(cast):
    item = shoulder(zone_policy="follow")
    assign(cast, item, at=local(18, 20))
    return item


def test_what_is_to_come_moves_to_the_new_clock_and_keeps_its_ids(cast, following):
    before = {each.id: each for each in occurrences(cast)}
    travel(cast, TOKYO, at=local(19, 7))
    after = occurrences(cast)
    assert {each.id for each in after} >= set(before)
    assert clock_of(cast, TOKYO, on=date(2026, 10, 19)) == [
        (19, "s1", "19 09:00"),
        (19, "s2", "19 16:00"),
    ]
    assert all(each.remind_at == each.due_at for each in after)
    assert after[0].closes_at == after[1].opens_at == local(19, 11, 30)


def test_what_has_its_own_clock_stays_where_it_was(cast):
    home, follows = turning("22:30"), shoulder(zone_policy="follow")
    assign(cast, home, follows, at=local(18, 20))
    travel(cast, TOKYO, at=local(19, 7))
    assert clock_of(cast, "Asia/Shanghai", series=home.series)[1] == (19, "s1", "19 22:30")


def test_reminders_leave_at_the_new_times_and_not_at_the_old_ones(cast, following):
    travel(cast, TOKYO, at=local(19, 7))
    with cast.inside():
        waiting = Delivery.objects.filter(next_at__isnull=False, due_at__lt=local(20, 0))
        moments = list(waiting.order_by("due_at").values_list("due_at", flat=True))
    assert moments == [local(19, 8), local(19, 15)]


def test_a_slot_that_came_due_does_not_come_again_when_the_clock_goes_back(cast, following):
    travel(cast, TOKYO, at=local(18, 22))
    first = occurrences(cast)[0]
    # Reminded at nine in Tokyo, and back in Shanghai at half past eight of the same morning.
    travel(cast, "Asia/Shanghai", at=local(19, 8, 30))
    again = occurrences(cast, on=date(2026, 10, 19), slot="s1")
    assert [(each.id, each.due_at) for each in again] == [(first.id, first.due_at)]
    assert again[0].closes_at == local(19, 12, 30)
    tick(cast, local(19, 9))
    assert len(occurrences(cast, on=date(2026, 10, 19), slot="s1")) == 1


def test_what_the_journey_jumped_over_is_reminded_with_the_next_minute(cast, following):
    travel(cast, TOKYO, at=local(19, 8, 30))
    first = occurrences(cast)[0]
    assert first.due_at == local(19, 8)
    assert first.remind_at == local(19, 8, 31)
    with cast.inside():
        assert Delivery.objects.filter(next_at=local(19, 8, 31)).count() == 1


def test_a_resolved_slot_never_returns_across_the_date_line(cast):
    item = shoulder(zone="Pacific/Auckland", zone_policy="follow")
    assign(cast, item, at=datetime(2026, 10, 18, 20, tzinfo=AUCKLAND))
    done(cast, item.series, datetime(2026, 10, 19, 9, tzinfo=AUCKLAND))
    skip_occurrence(
        by=cast.bob,
        at=datetime(2026, 10, 19, 9, 30, tzinfo=AUCKLAND),
        patient_id=cast.patient.pk,
        told=SkipEntry(
            occurrence=occurrences(cast, on=date(2026, 10, 19), slot="s2")[0].id, reason="away"
        ),
    )
    # Monday afternoon in Auckland is Sunday afternoon in Honolulu: Monday comes once more.
    arrived = datetime(2026, 10, 19, 14, tzinfo=AUCKLAND)
    assert arrived.astimezone(HONOLULU).date() == date(2026, 10, 18)
    travel(cast, "Pacific/Honolulu", at=arrived)
    for hours in (0, 6, 12, 24):
        tick(cast, arrived + timedelta(hours=hours))
    monday = occurrences(cast, on=date(2026, 10, 19))
    assert [each.state for each in monday] == ["done", "skipped"]
    assert clock_of(cast, "Pacific/Honolulu", on=date(2026, 10, 20)) == [
        (20, "s1", "20 09:00"),
        (20, "s2", "20 16:00"),
    ]


def test_a_day_that_the_date_line_swallowed_is_owed_by_nobody(cast):
    item = shoulder(zone="Pacific/Honolulu", zone_policy="follow")
    assign(cast, item, at=datetime(2026, 10, 18, 8, tzinfo=HONOLULU))
    travel(cast, "Pacific/Auckland", at=datetime(2026, 10, 19, 8, tzinfo=HONOLULU))
    # It is Tuesday, 7:00 in Auckland: Monday is over there, and its sessions had not come due.
    assert [each.state for each in occurrences(cast, on=date(2026, 10, 19))] == [
        "cancelled",
        "cancelled",
    ]
    assert clock_of(cast, "Pacific/Auckland", on=date(2026, 10, 20))[0] == (20, "s1", "20 09:00")
    assert day_of(cast, item.series, date(2026, 10, 19)).due == 0


def test_every_date_of_a_journey_round_the_world_comes_once(cast):
    item = shoulder("09:00", zone="Europe/London", zone_policy="follow")
    start = datetime(2026, 10, 19, 5, tzinfo=UTC)
    assign(cast, item, at=start)
    places = ["Asia/Shanghai", "Pacific/Auckland", "Pacific/Honolulu", "America/New_York"]
    for days, zone in enumerate([*places, "Europe/London"], start=1):
        at = start + timedelta(days=days)
        tick(cast, at - timedelta(hours=1))
        travel(cast, zone, at=at)
    tick(cast, start + timedelta(days=7))
    seen = [(each.on, each.slot) for each in occurrences(cast)]
    assert len(seen) == len(set(seen))
    assert {on for on, _ in seen} >= {date(2026, 10, day) for day in range(19, 28)}


def test_n_a_week_keeps_its_dates_and_the_week_ends_on_the_new_clock(cast):
    # Thursday in Auckland, Wednesday in Honolulu: the part week must not change its date.
    rule = {"rule": "times_per_week", "n": 3, "at": "18:00"}
    item = shoulder(zone="Pacific/Auckland", zone_policy="follow", schedule=rule)
    assign(cast, item, at=datetime(2026, 10, 22, 8, tzinfo=AUCKLAND))
    before = [(each.on, each.slot) for each in occurrences(cast)]
    done(cast, item.series, datetime(2026, 10, 22, 9, tzinfo=AUCKLAND))
    at = datetime(2026, 10, 22, 10, tzinfo=AUCKLAND)
    travel(cast, "Pacific/Honolulu", at=at)
    tick(cast, at + timedelta(hours=6))
    rows = occurrences(cast)
    assert [(each.on, each.slot) for each in rows] == before
    assert sorted(each.state for each in rows) == ["done", "due"]
    (still,) = [each for each in rows if each.state == "due"]
    assert still.closes_at == datetime(2026, 10, 26, tzinfo=HONOLULU)


def test_only_the_patient_says_where_the_patient_is(cast, following):
    for person in (cast.bob, cast.dana):
        with pytest.raises(NotAllowed):
            travel(cast, TOKYO, at=local(19, 7), by=person)
    with pytest.raises(NotVisible):
        travel(cast, TOKYO, at=local(19, 7), by=cast.charlie)
    assert clock_of(cast, "Asia/Shanghai")[0] == (19, "s1", "19 09:00")


def test_nothing_moves_before_the_patient_confirmed_it(cast, following):
    with pytest.raises(Invalid) as unconfirmed:
        travel(cast, TOKYO, at=local(19, 7), confirmed=False)
    with pytest.raises(Invalid) as unknown:
        travel(cast, "Mars/Olympus", at=local(19, 7))
    assert (unconfirmed.value.code, unknown.value.code) == ("confirm_required", "unknown_zone")
    with cast.inside():
        assert not ZoneChange.objects.exists()


def test_a_journey_is_kept_as_history_and_told_once(cast, following):
    assert travel(cast, TOKYO, at=local(19, 7)) is not None
    assert travel(cast, TOKYO, at=local(19, 8)) is None
    travel(cast, "Asia/Shanghai", at=local(25, 8))
    with cast.inside():
        history = list(ZoneChange.objects.order_by("effective_at").values_list("zone", "by"))
        assert history == [(TOKYO, cast.alice.pk), ("Asia/Shanghai", cast.alice.pk)]
        assert AuditEvent.objects.filter(kind="zone.change").count() == 2


def test_a_new_version_stays_with_the_traveller_and_remembers_home(cast, following):
    plan = items_of_plan(cast)
    travel(cast, TOKYO, at=local(19, 7))
    draft = PlanDraft(title="Plan", items=(following,))
    revise_plan(by=cast.dana, at=local(19, 7, 30), plan_id=plan.pk, draft=draft)
    latest = items_of(plan)[-1]
    assert (latest.zone, latest.home_zone) == (TOKYO, "Asia/Shanghai")
    due = occurrences(cast, version=2)
    assert due[0].due_at == local(19, 8)
    assert {each.superseded_by for each in occurrences(cast, version=1, state="cancelled")} >= {
        due[0].id
    }


def test_a_plan_that_begins_on_a_journey_begins_on_its_clock(cast):
    load_catalogue()
    clear_profile(cast, at=local(18, 9))
    draft = PlanDraft(title="Plan", items=(shoulder(zone_policy="follow"),))
    plan = create_plan(by=cast.dana, at=local(18, 9), patient_id=cast.patient.pk, draft=draft)
    travel(cast, TOKYO, at=local(18, 10))
    activate_plan(by=cast.dana, at=local(18, 20), plan_id=plan.pk)
    assert clock_of(cast, TOKYO)[0] == (19, "s1", "19 09:00")


def test_a_paused_slot_moves_too_and_stays_paused(cast, following):
    plan = items_of_plan(cast)
    hold_plan(by=cast.dana, at=local(19, 6), plan_id=plan.pk, reason="fever")
    travel(cast, TOKYO, at=local(19, 7))
    assert {each.state for each in occurrences(cast)} == {"paused"}
    assert clock_of(cast, TOKYO)[0] == (19, "s1", "19 09:00")


def test_another_edition_of_the_worlds_clocks_derives_the_future_anew(cast, following):
    """What an older edition reckoned wrongly is put right by the next tick; the past stays."""
    plan = items_of_plan(cast)
    hour = timedelta(hours=1)
    done(cast, following.series, local(19, 9))
    with cast.inside():
        for each in occurrences(cast):
            Occurrence.objects.filter(patient_id=cast.patient.pk, id=each.id).update(
                due_at=each.due_at + hour,
                remind_at=each.remind_at + hour,
                opens_at=each.opens_at + hour,
                closes_at=each.closes_at + hour,
            )
        plan.tzdata_version = "2019.1"
        plan.save()
    assert tick(cast, local(19, 9, 30)) == 1
    at = {(each.on.day, each.slot): each.due_at for each in occurrences(cast)}
    assert at[19, "s1"] == local(19, 10), "done, so it stays"
    assert at[19, "s2"] == local(19, 16)
    assert at[20, "s1"] == local(20, 9)
    assert reread(cast, plan).tzdata_version not in ("", "2019.1")
    assert tick(cast, local(19, 9, 30)) == 0
    with cast.inside():
        waiting = Delivery.objects.filter(next_at__isnull=False)
        assert local(19, 16) in set(waiting.values_list("due_at", flat=True))
        assert local(19, 17) not in set(waiting.values_list("due_at", flat=True))


def items_of_plan(cast):
    with cast.inside():
        return PlanItem.objects.filter(patient_id=cast.patient.pk)[:1].get().version.plan
