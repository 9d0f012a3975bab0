"""A plan changes in the middle of things: the past stays as it was (R5)."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from patients.domain.errors import Conflict
from rehab.actions.occurrences import skip_occurrence
from rehab.actions.pauses import hold_plan, resume_plan
from rehab.actions.plans import complete_plan, revise_plan
from rehab.domain.adherence import DayRow
from rehab.domain.adherence import figures as adherence
from rehab.domain.identity import occurrence_id
from rehab.domain.plan_draft import PartDraft
from rehab.domain.session_entry import SkipEntry
from rehab.models import ItemDay, Occurrence, OccurrenceState
from tests.integration.rehab.scenes import (
    day_of,
    done,
    figures,
    local,
    log_of,
    occurrences,
    pauses,
    plan_of,
    states,
    told,
    turning,
)
from tests.integration.rehab.ticking import tick
from tests.plans import as_planned, assign, in_detail, items_of, parts_of, shoulder, weekly

SYDNEY = ZoneInfo("Australia/Sydney")


@pytest.fixture
def item():
    return shoulder()


@pytest.fixture
def plan(cast, item):
    return assign(cast, item, at=local(18, 20))


def revise(cast, plan, *items, at, **facts):
    draft = plan_of(*items, **facts)
    return revise_plan(by=cast.dana, at=at, plan_id=plan.pk, draft=draft)


def gentler(item, *times):
    """The same item with at most 60 degrees."""
    first, *rest = item.parts
    part = replace(
        first,
        dose={**first.dose, "end_angle_degrees": 60},
        maximum={"end_angle_degrees": 60},
    )
    return replace(item, parts=(part, *rest), schedule=weekly(*times))


def rows(cast):
    with cast.inside():
        return list(ItemDay.objects.order_by("on", "version").values())


def test_r5_a_log_counts_against_the_version_in_force_when_it_was_performed(cast, plan, item):
    revise(cast, plan, gentler(item, "09:00"), at=local(19, 11, 20))
    part = item.parts[0].part
    early = told(
        cast,
        in_detail(item.series, local(19, 9), {part: {"end_angle_degrees": 80}}),
        at=local(19, 12),
    )
    late = told(cast, in_detail(item.series, local(19, 11, 30), {part: {"end_angle_degrees": 80}}))
    assert (early.status, early.state) == (201, "recorded")
    assert log_of(cast, early.id).version == 1
    assert (late.status, late.errors[0].code) == (422, "above_prescribed_maximum")


def test_r5_a_revision_never_changes_the_figures_of_the_past(cast, plan, item):
    done(cast, item.series, local(19, 9, 5))
    tick(cast, local(20, 12))
    done(cast, item.series, local(20, 9, 5))
    before = [row for row in rows(cast) if row["on"] <= date(2026, 10, 19)]
    revise(cast, plan, gentler(item, "10:00"), at=local(20, 20))
    tick(cast, local(21, 12))
    assert [row for row in rows(cast) if row["on"] <= date(2026, 10, 19)] == before
    assert figures(cast, "due", "done", on=date(2026, 10, 20)) == (2, 1)


def test_what_comes_later_is_cancelled_and_names_what_takes_its_place(cast, plan, item):
    revise(cast, plan, gentler(item, "09:00"), at=local(19, 11, 20))
    first = occurrences(cast, version=1)
    assert [(each.on.day, each.slot, each.state) for each in first] == [
        (19, "s1", "due"),
        (19, "s2", "cancelled"),
        (20, "s1", "cancelled"),
        (20, "s2", "cancelled"),
    ]
    assert [each.superseded_by for each in first] == [
        None,
        None,
        occurrence_id(item.series, 2, date(2026, 10, 20), "s1"),
        None,
    ]
    assert [(each.on.day, each.slot) for each in occurrences(cast, version=2)] == [
        (20, "s1"),
        (21, "s1"),
    ]


def test_a_slot_that_was_answered_is_not_asked_for_again_by_the_new_version(cast, plan, item):
    afternoon = occurrences(cast)[1]
    told(cast, as_planned(item.series, local(19, 13), occurrence=afternoon.id))
    revise(cast, plan, gentler(item, "09:00", "16:00"), at=local(19, 14))
    on_the_day = occurrences(cast, on=date(2026, 10, 19))
    assert [(each.version, each.slot, each.state) for each in on_the_day] == [
        (1, "s1", "due"),
        (1, "s2", "done"),
    ]


def test_a_log_of_the_old_slot_still_resolves_it_within_its_window(cast, plan, item):
    revise(cast, plan, gentler(item, "09:00"), at=local(19, 11, 20))
    answer = done(cast, item.series, local(19, 11, 40))
    assert answer.log.placement == "slot"
    assert log_of(cast, answer.id).version == 2
    assert states(cast, on=date(2026, 10, 19)) == ["done", "cancelled"]


def test_a_log_that_names_a_cancelled_occurrence_is_kept_and_not_in_the_plan(cast, plan, item):
    afternoon = occurrences(cast)[1]
    revise(cast, plan, gentler(item, "09:00"), at=local(19, 11, 20))
    answer = told(cast, as_planned(item.series, local(19, 16), occurrence=afternoon.id))
    assert (answer.status, answer.log.placement) == (201, "not_in_plan")
    assert states(cast, on=date(2026, 10, 19)) == ["due", "cancelled"]
    assert figures(cast, "done", "extra", "sessions", on=date(2026, 10, 19)) == (0, 0, 1)


def test_an_item_that_leaves_the_plan_is_cancelled_and_a_new_one_becomes_due(cast, plan, item):
    nights = turning()
    revise(cast, plan, nights, at=local(19, 8))
    assert set(states(cast, series=item.series)) == {"cancelled"}
    assert set(states(cast, series=nights.series)) == {"due"}


def test_a_revision_after_the_tick_was_dead_first_stores_what_the_old_version_asked(
    cast, plan, item
):
    revise(cast, plan, gentler(item, "09:00"), at=local(24, 12))
    # 19 to 23 October: two each day; the 24th: the morning of version 1.
    assert figures(cast, "due", version=1) == (11,)
    assert figures(cast, "due", version=2) == (2,)


def test_a_plan_on_hold_stays_on_hold_over_a_revision(cast, plan, item):
    hold_plan(by=cast.dana, at=local(19, 8), plan_id=plan.pk, reason="holiday")
    added = replace(shoulder("10:00"), series=uuid4())
    revise(cast, plan, item, added, at=local(19, 9, 30))
    assert set(states(cast, version=2)) == {"paused"}
    resume_plan(by=cast.dana, at=local(19, 12), plan_id=plan.pk, note="back")
    assert set(states(cast, version=2, due_at__gt=local(19, 12))) == {"due"}


def test_dates_that_a_revision_leaves_out_stay_as_they_were(cast, plan, item):
    ends = date(2026, 12, 24)
    revise(cast, plan, item, at=local(19, 8), training_expires_on=ends)
    revise(cast, plan, item, at=local(19, 9), title="Later")
    with cast.inside():
        plan.refresh_from_db()
    assert (plan.title, plan.training_expires_on) == ("Later", ends)


def test_a_weekly_item_changed_to_other_days_in_the_middle_of_a_week(cast):
    item = shoulder(schedule=weekly("09:00", days=("mon", "wed", "fri")))
    plan = assign(cast, item, at=local(18, 20))
    tick(cast, local(20, 12))
    other = replace(item, schedule=weekly("09:00", days=("tue", "thu", "sat")))
    revise(cast, plan, other, at=local(21, 12))
    for day in range(21, 26):
        tick(cast, local(day, 20))
    due = [each for each in occurrences(cast) if each.state == "due"]
    assert [each.on.day for each in due if each.on.day <= 25] == [19, 21, 22, 24]


def test_n_per_week_changed_in_the_middle_of_a_week_counts_the_days_of_each_version(cast):
    item = shoulder(schedule={"rule": "times_per_week", "n": 3})
    plan = assign(cast, item, at=local(18, 20))
    tick(cast, local(19, 1))
    assert len(occurrences(cast, on=date(2026, 10, 19))) == 3
    # Thursday 22 October: three days of version 1, round(3 * 3/7) = 1; four of the next.
    revise(cast, plan, replace(item, schedule={"rule": "times_per_week", "n": 5}), at=local(22, 12))
    week = [
        each for each in occurrences(cast) if date(2026, 10, 19) <= each.on < date(2026, 10, 26)
    ]
    assert [(each.version, each.slot, each.state) for each in week] == [
        (1, "1", "due"),
        (1, "2", "cancelled"),
        (1, "3", "cancelled"),
        (2, "1", "due"),
        (2, "2", "due"),
        (2, "3", "due"),
    ]


def test_n_per_week_keeps_what_was_done_whatever_its_slot(cast):
    item = shoulder(schedule={"rule": "times_per_week", "n": 3})
    plan = assign(cast, item, at=local(18, 20))
    tick(cast, local(19, 1))
    third = occurrences(cast, on=date(2026, 10, 19), slot="3")[0]
    told(cast, as_planned(item.series, local(20, 10), occurrence=third.id))
    complete_plan(by=cast.dana, at=local(22, 12), plan_id=plan.pk, reason="moved away")
    week = occurrences(cast, on=date(2026, 10, 19))
    assert [(each.slot, each.state) for each in week] == [
        ("1", "cancelled"),
        ("2", "cancelled"),
        ("3", "done"),
    ]


def test_a_completed_plan_asks_for_nothing_more_and_keeps_its_past(cast, plan, item):
    done(cast, item.series, local(19, 9))
    ended = complete_plan(by=cast.dana, at=local(19, 12), plan_id=plan.pk, reason="well again")
    assert ended.status == "completed"
    assert states(cast) == ["done", "cancelled", "cancelled", "cancelled"]
    tick(cast, local(25, 12))
    assert len(occurrences(cast)) == 4
    answer = done(cast, item.series, local(19, 16))
    assert answer.log.placement == "not_in_plan"
    with pytest.raises(Conflict):
        revise(cast, plan, item, at=local(19, 13))
    with pytest.raises(Conflict):
        complete_plan(by=cast.dana, at=local(19, 13), plan_id=plan.pk, reason="again")


def shown(cast, series, *, now):
    """The figures of an item as they are shown: from its per-day rows."""
    with cast.inside():
        days = list(ItemDay.objects.filter(series=series).order_by("on", "version"))
    return adherence(
        [
            DayRow(
                on=day.on,
                due=day.due,
                waiting=sum(closes > now for closes in day.open_closes_at),
                done=day.done,
                partial=day.partial,
                skipped=day.skipped,
                extra=day.extra,
                over_maximum=day.over_maximum,
                sessions=day.sessions,
            )
            for day in days
        ],
        today=now.date(),
    )


def test_case_1_due_25_fulfilled_21_extra_2(cast):
    """Li Guihua: a fortnight with a missed day, skips, a pause, an overdose and a new version."""
    item = shoulder()
    first, second = (part.part for part in item.parts)
    plan = assign(cast, item, at=local(18, 20))
    for day in (19, 20, 21, 22, 24, 25):
        tick(cast, local(day, 6))
        done(cast, item.series, local(day, 9, 5))
        done(cast, item.series, local(day, 16, 2))
    tick(cast, local(26, 6))
    told(cast, in_detail(item.series, local(26, 9), {first: {"pain": 6}, second: {"pain": 2}}))
    skip(cast, date(2026, 10, 26), "s2", "pain", at=local(26, 16))
    skip(cast, date(2026, 10, 27), "s1", "asleep", at=local(27, 9))
    sore = {first: {"pain": 7}, second: {"pain": 2}}
    told(cast, in_detail(item.series, local(27, 16, 10), sore))
    assert [each.part for each in pauses(cast)] == [first]
    resume_plan(by=cast.dana, at=local(28, 8, 30), plan_id=plan.pk, note="gently", reconfirmed=True)
    for hour in (9, 11, 16, 19):
        last = done(cast, item.series, local(28, hour))
    assert "over_maximum" in last.log.marks
    tick(cast, local(29, 6))
    done(cast, item.series, local(29, 9))
    done(cast, item.series, local(29, 16))
    done(cast, item.series, local(30, 9))
    revise(cast, plan, gentler(item, "09:00"), at=local(30, 11, 20))
    for day, month in ((31, 10), (1, 11)):
        tick(cast, local(day, 6, month=month))
        done(cast, item.series, local(day, 9, month=month))
    found = shown(cast, item.series, now=local(2, 0, month=11))
    assert (found.due, found.fulfilled, found.extra, found.over_maximum) == (25, 21, 2, 1)
    assert (found.missed, found.skipped) == (2, 2)
    assert found.adherence == pytest.approx(0.84)


def skip(cast, on, slot, reason, *, at):
    named = occurrences(cast, on=on, slot=slot)[0]
    skip_occurrence(
        by=cast.bob,
        at=at,
        patient_id=cast.patient.pk,
        told=SkipEntry(occurrence=named.id, reason=reason),
    )


def sydney(day, hour, minute=0, *, month=10):
    return local(day, hour, minute, month=month).replace(tzinfo=SYDNEY)


def test_case_5_due_23_and_half_a_paused_routine_is_done_with_its_other_half(cast):
    """Chen Wei-Ting: legs twice a day, the right one paused, the evening dropped on 7 October."""
    legs = shoulder(
        exercise="prom-hip-flexion",
        zone="Australia/Sydney",
        schedule=weekly("08:00", "20:00"),
        maximum={},
        parts=tuple(
            PartDraft(
                part=uuid4(), exercise="prom-hip-flexion", side=side, dose={"repetitions": 10}
            )
            for side in ("left", "right")
        ),
    )
    left, right = (part.part for part in legs.parts)
    plan = assign(cast, legs, at=sydney(27, 21, month=9))
    for step in range(9):
        morning = sydney(28, 8, month=9) + timedelta(days=step)
        tick(cast, morning)
        if morning.day == 5:
            hold_plan(
                by=cast.dana,
                at=morning - timedelta(hours=1),
                plan_id=plan.pk,
                series=legs.series,
                part=right,
                reason="swollen",
            )
        evening = morning.replace(hour=20)
        for moment in (morning, evening):
            only_left = in_detail(legs.series, moment, {left: {}}, zone="Australia/Sydney")
            whole = as_planned(legs.series, moment, zone="Australia/Sydney")
            told(cast, only_left if morning.month == 10 and morning.day >= 5 else whole)
    tick(cast, sydney(7, 6))
    told(cast, in_detail(legs.series, sydney(7, 8), {left: {}}, zone="Australia/Sydney"))
    morning_only = replace(legs, schedule=weekly("08:00"))
    revise(cast, plan, morning_only, at=sydney(7, 12))
    for day in range(8, 12):
        tick(cast, sydney(day, 6))
    found = shown(cast, legs.series, now=sydney(12, 0))
    assert (found.due, found.done, found.missed) == (23, 19, 4)
    with cast.inside():
        on_the_seventh = Occurrence.objects.filter(on=date(2026, 10, 7)).exclude(
            state=OccurrenceState.CANCELLED
        )
        assert on_the_seventh.count() == 1


def test_sydney_evenings_follow_the_wall_clock_over_the_change(cast):
    item = shoulder(zone="Australia/Sydney", schedule=weekly("02:30", "20:00"))
    assign(cast, item, at=sydney(2, 12))
    tick(cast, sydney(3, 12))
    by_slot = {(each.on.day, each.slot): each.due_at for each in occurrences(cast)}
    assert by_slot[3, "s2"].astimezone(SYDNEY).hour == 20
    assert by_slot[4, "s2"].isoformat() == "2026-10-04T09:00:00+00:00"
    assert by_slot[4, "s1"].astimezone(SYDNEY).isoformat() == "2026-10-04T03:00:00+11:00"


def test_r5_each_day_row_belongs_to_the_version_that_asked(cast, plan, item):
    revise(cast, plan, gentler(item, "09:00"), at=local(19, 11, 20))
    done(cast, item.series, local(19, 9, 5))
    assert day_of(cast, item.series, date(2026, 10, 19)).version == 1
    part_maxima = [part.maximum for each in items_of(plan) for part in parts_of(each)[:1]]
    assert part_maxima == [{"end_angle_degrees": 90}, {"end_angle_degrees": 60}]
