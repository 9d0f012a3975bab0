"""Stopping, holding and going on: training stops, care does not, and only a clinician resumes."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from patients.domain.errors import Conflict, Invalid, NotAllowed, NotVisible
from rehab.actions.pauses import hold_plan, resume_plan
from rehab.actions.stopping import stop_item
from rehab.domain.session_entry import StopEntry
from rehab.models import Reminder, SessionLog
from tests.integration.rehab.scenes import (
    batch,
    body_of,
    day_of,
    done,
    figures,
    flags,
    local,
    occurrences,
    offline,
    pauses,
    reread,
    states,
    told,
    turning,
)
from tests.integration.rehab.ticking import tick
from tests.plans import as_planned, assign, clear_profile, in_detail, shoulder, weekly


@pytest.fixture
def item():
    return shoulder()


@pytest.fixture
def nights():
    return turning("22:30")


@pytest.fixture
def plan(cast, item, nights):
    return assign(cast, item, nights, at=local(18, 20))


def hold(cast, plan, *, at, **facts):
    return hold_plan(
        **{"by": cast.dana, "at": at, "plan_id": plan.pk, "reason": "swollen", **facts}
    )


def resume(cast, plan, *, at, **facts):
    return resume_plan(**{"by": cast.dana, "at": at, "plan_id": plan.pk, "note": "seen", **facts})


def stop(cast, item, *, at, by=None, **facts):
    entry = StopEntry(**{"series": item.series, "stopped_at": at, **facts})
    return stop_item(by=by or cast.bob, at=at, patient_id=cast.patient.pk, entry=entry)


def test_a_session_is_done_when_the_parts_that_are_not_paused_are(cast, plan, item):
    first, second = (part.part for part in item.parts)
    hold(cast, plan, at=local(19, 8), series=item.series, part=first)
    assert states(cast, series=item.series) == ["due"] * 4
    answer = told(cast, in_detail(item.series, local(19, 9), {second: {}}))
    assert (answer.log.outcome, answer.log.marks) == ("done", ())
    assert states(cast, series=item.series)[0] == "done"


def test_as_planned_says_nothing_of_a_paused_part(cast, plan, item):
    first, second = (part.part for part in item.parts)
    hold(cast, plan, at=local(19, 8), series=item.series, part=first)
    answer = done(cast, item.series, local(19, 9))
    with cast.inside():
        kept = [part.part for part in SessionLog.objects.get(id=answer.id).told_parts()]
    assert kept == [second]


def test_doing_a_paused_part_anyway_is_kept_and_flagged(cast, plan, item):
    first, second = (part.part for part in item.parts)
    hold(cast, plan, at=local(19, 8), series=item.series, part=first)
    answer = told(cast, in_detail(item.series, local(19, 9), {first: {}, second: {}}))
    assert answer.log.marks == ("while_paused",)
    assert answer.log.placement == "slot"
    assert [flag.rule for flag in flags(cast)] == ["trained-while-paused"]
    assert figures(cast, "done", "while_paused", series=item.series) == (1, 0)


def test_all_parts_paused_is_the_item_paused(cast, plan, item):
    for part in item.parts:
        hold(cast, plan, at=local(19, 8), series=item.series, part=part.part)
    assert states(cast, series=item.series) == ["paused"] * 4
    resume(cast, plan, at=local(19, 12), series=item.series, part=item.parts[0].part)
    assert states(cast, series=item.series) == ["paused", "due", "due", "due"]


def test_a_plan_on_hold_pauses_training_and_care_goes_on(cast, plan, item, nights):
    hold(cast, plan, at=local(19, 8))
    assert reread(cast, plan).status == "on-hold"
    assert set(states(cast, series=item.series)) == {"paused"}
    assert set(states(cast, series=nights.series)) == {"due"}
    resume(cast, plan, at=local(19, 12))
    assert reread(cast, plan).status == "active"
    assert states(cast, series=item.series) == ["paused", "due", "due", "due"]


def test_care_is_held_by_name(cast, plan, nights):
    hold(cast, plan, at=local(19, 8), series=nights.series)
    assert states(cast, series=nights.series) == ["due", "paused"]
    assert reread(cast, plan).status == "active"


def test_resuming_a_part_leaves_the_pause_of_the_whole_item(cast, plan, item):
    first = item.parts[0].part
    hold(cast, plan, at=local(19, 8), series=item.series, part=first)
    hold(cast, plan, at=local(19, 8, 30), series=item.series)
    resume(cast, plan, at=local(19, 12), series=item.series, part=first)
    assert set(states(cast, series=item.series)) == {"paused"}


def test_what_was_paused_in_its_time_stays_paused_after_going_on(cast, plan, item):
    hold(cast, plan, at=local(19, 8), series=item.series)
    resume(cast, plan, at=local(19, 12), series=item.series)
    assert day_of(cast, item.series, date(2026, 10, 19)).due == 1
    assert day_of(cast, item.series, date(2026, 10, 19)).paused == 1


def test_a_pause_of_nothing_is_refused(cast, plan, item, nights):
    with pytest.raises(Invalid) as caught:
        hold(cast, plan, at=local(19, 8), series=uuid4())
    assert caught.value.code == "unknown_item"
    with pytest.raises(Invalid) as caught:
        hold(cast, plan, at=local(19, 8), series=nights.series, part=item.parts[0].part)
    assert caught.value.code == "unknown_part"
    with pytest.raises(Invalid) as caught:
        hold(cast, plan, at=local(19, 8), part=item.parts[0].part)
    assert caught.value.field == "series"
    with pytest.raises(Invalid):
        hold(cast, plan, at=local(19, 8), series=item.series, reason=" ")


def test_going_on_with_what_is_not_paused_is_a_conflict(cast, plan, item):
    with pytest.raises(Conflict) as caught:
        resume(cast, plan, at=local(19, 8), series=item.series)
    assert caught.value.code == "not_paused"


@pytest.mark.parametrize("who", ["alice", "bob", "erin"])
def test_only_a_clinician_holds_and_resumes(cast, plan, item, who):
    person = getattr(cast, who)
    with pytest.raises(NotAllowed):
        hold(cast, plan, at=local(19, 8), by=person)
    hold(cast, plan, at=local(19, 8))
    with pytest.raises(NotAllowed):
        resume(cast, plan, at=local(19, 9), by=person)


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_whoever_does_the_work_may_stop_at_once(cast, plan, item, who):
    stopped = stop(cast, item, at=local(19, 8, 50), by=getattr(cast, who), reason="pain")
    assert [(each.series, each.starts_at, each.reason) for each in stopped.pauses] == [
        (item.series, local(19, 8, 50), "pain")
    ]
    assert stopped.pauses[0].started_by == getattr(cast, who)
    assert set(states(cast, series=item.series)) == {"paused"}


def test_strangers_stop_nothing_and_what_is_not_in_the_plan_cannot_be_stopped(cast, plan, item):
    with pytest.raises(NotVisible):
        stop(cast, item, at=local(19, 9), by=cast.charlie)
    with pytest.raises(NotVisible):
        stop(cast, shoulder(), at=local(19, 9))
    with pytest.raises(Invalid):
        stop(cast, item, at=local(19, 9), part=uuid4())
    assert pauses(cast) == []


def test_the_reason_of_a_stop_is_judged_even_if_no_log_ever_comes(cast, plan, item):
    clear_profile(cast, at=local(18, 21), spinal_cord_injury="yes", injury_level="T4")
    stopped = stop(cast, item, at=local(19, 8, 50), reason="dysreflexia")
    assert [(flag.rule, flag.level) for flag in stopped.flags] == [("dysreflexia", "E0")]
    again = stop(cast, item, at=local(19, 8, 50), reason="dysreflexia")
    assert again.flags[0].id == stopped.flags[0].id
    assert len(flags(cast)) == 1


def test_a_stop_by_a_rule_on_the_phone_is_looked_at_again_before_going_on(cast, plan, item):
    stop(cast, item, at=local(19, 8, 50), rule="pain-threshold", rule_version=1)
    with pytest.raises(Conflict) as caught:
        resume(cast, plan, at=local(19, 12), series=item.series)
    assert caught.value.code == "reconfirm_required"
    assert resume(cast, plan, at=local(19, 12), series=item.series, reconfirmed=True)


def test_a_flag_under_a_persons_stop_still_asks_to_look_again(cast, plan, item):
    stop(cast, item, at=local(19, 8, 50), reason="other")
    first = item.parts[0].part
    told(cast, in_detail(item.series, local(19, 8, 55), {first: {"pain": 8}}))
    with pytest.raises(Conflict) as caught:
        resume(cast, plan, at=local(19, 12), series=item.series)
    assert caught.value.code == "reconfirm_required"


def test_a_stop_comes_before_the_log_of_its_session_and_that_log_counts(cast, plan, item):
    answers = batch(
        cast,
        [
            offline("session_log", body_of(item.series, local(19, 8, 40))),
            offline(
                "stop",
                {
                    "series": str(item.series),
                    "stopped_at": local(19, 8, 50).isoformat(),
                    "reason": "pain",
                },
            ),
        ],
        at=local(19, 12),
    )
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].log.placement == "slot"
    assert states(cast, series=item.series) == ["done", "paused", "paused", "paused"]


def test_a_pause_told_late_reaches_what_was_already_shown_as_missed(cast, plan, item):
    tick(cast, local(21, 12))
    first, second = (part.part for part in item.parts)
    sore = in_detail(item.series, local(19, 16), {first: {"pain": 8}, second: {"pain": 8}})
    told(cast, sore, at=local(21, 12))
    # The morning of the 19th was missed before the pause; everything after it is paused.
    assert states(cast, series=item.series)[:6] == [
        "due",
        "done",
        "paused",
        "paused",
        "paused",
        "paused",
    ]
    assert figures(cast, "due", "paused", series=item.series, on=date(2026, 10, 20)) == (0, 2)


def test_a_pause_told_late_reaches_back_before_the_one_that_stands(cast, plan, item):
    tick(cast, local(20, 12))
    hold(cast, plan, at=local(20, 12), series=item.series)
    stop_item(
        by=cast.bob,
        at=local(20, 13),
        patient_id=cast.patient.pk,
        entry=StopEntry(series=item.series, stopped_at=local(19, 12), reason="pain"),
    )
    assert states(cast, series=item.series)[:4] == ["due", "paused", "paused", "paused"]
    assert len(resume(cast, plan, at=local(20, 15), series=item.series)) == 2


def test_what_becomes_due_while_a_pause_stands_is_paused_from_the_start(cast, plan, item):
    hold(cast, plan, at=local(19, 8), series=item.series)
    tick(cast, local(21, 8))
    assert set(states(cast, series=item.series)) == {"paused"}
    assert figures(cast, "due", series=item.series) == (0,)


def test_fever_pauses_training_and_never_care(cast, plan, item, nights):
    entry = as_planned(item.series, local(19, 9), measures={"temperature_celsius": 38.4})
    told(cast, entry)
    assert states(cast, series=item.series) == ["done", "paused", "paused", "paused"]
    assert set(states(cast, series=nights.series)) == {"due"}
    assert [flag.rule for flag in flags(cast)] == ["fever"]


def test_a_rule_about_a_limb_pauses_every_part_of_that_limb(cast, plan, item):
    told(cast, as_planned(item.series, local(19, 9), symptoms=("limb_deformed",)))
    assert set(states(cast, series=item.series)[1:]) == {"paused"}
    assert [(flag.rule, flag.level) for flag in flags(cast)] == [("limb-deformed", "E0")]


def test_trained_while_paused_is_kept_and_not_due(cast, plan, item):
    hold(cast, plan, at=local(19, 8), series=item.series)
    answer = done(cast, item.series, local(19, 9))
    assert (answer.status, answer.log.placement, answer.log.marks) == (
        201,
        "extra",
        ("while_paused",),
    )
    day = day_of(cast, item.series, date(2026, 10, 19))
    assert (day.due, day.done, day.extra, day.while_paused, day.sessions) == (0, 0, 0, 1, 1)


def test_an_n_per_week_item_owes_only_its_unpaused_days(cast):
    item = shoulder(schedule={"rule": "times_per_week", "n": 3})
    plan = assign(cast, item, at=local(18, 20))
    tick(cast, local(19, 1))
    week = {"series": item.series, "on": date(2026, 10, 19)}
    assert states(cast, **week) == ["due", "due", "due"]
    # Paused from Thursday on: three days of seven, round(9/7) = 1.
    hold(cast, plan, at=local(22, 10), series=item.series)
    assert states(cast, **week) == ["due", "paused", "paused"]
    # Back on Saturday: five days, round(15/7) = 2.
    resume(cast, plan, at=local(24, 9), series=item.series)
    assert states(cast, **week) == ["due", "due", "paused"]
    assert figures(cast, "due", "paused", **week) == (2, 1)


def test_an_n_per_week_item_paused_over_the_weekend_owes_the_week_after_in_part(cast):
    item = shoulder(schedule={"rule": "times_per_week", "n": 7})
    plan = assign(cast, item, at=local(18, 20))
    hold(cast, plan, at=local(24, 10), series=item.series)
    tick(cast, local(25, 12))
    following = {"series": item.series, "on": date(2026, 10, 26)}
    assert set(states(cast, **following)) == {"paused"}
    resume(cast, plan, at=local(28, 9), series=item.series)
    assert states(cast, **following).count("due") == 5


def test_a_done_slot_of_a_paused_week_stays_done(cast):
    item = shoulder(schedule={"rule": "times_per_week", "n": 3})
    plan = assign(cast, item, at=local(18, 20))
    tick(cast, local(19, 1))
    done(cast, item.series, local(19, 10))
    done(cast, item.series, local(20, 10))
    hold(cast, plan, at=local(20, 12), series=item.series)
    assert states(cast, series=item.series, on=date(2026, 10, 19)) == ["done", "done", "paused"]


def test_reminders_come_back_with_the_item(cast, plan, item):
    hold(cast, plan, at=local(19, 8), series=item.series)
    resume(cast, plan, at=local(19, 12), series=item.series)
    with cast.inside():
        due = list(Reminder.objects.filter(due_at__gt=local(19, 12)).values_list("due_at"))
    assert (local(19, 16),) in due


def test_a_pause_is_told_in_the_order_of_its_days(cast):
    item = shoulder(schedule=weekly("09:00"))
    plan = assign(cast, item, at=local(18, 20))
    for day in (19, 20, 21):
        tick(cast, local(day, 6))
    hold(cast, plan, at=local(20, 6), series=item.series)
    resume(cast, plan, at=local(21, 6), series=item.series)
    seen = {each.on.day: each.state for each in occurrences(cast, series=item.series)}
    assert (seen[19], seen[20], seen[21], seen[22]) == ("due", "paused", "due", "due")
    assert pauses(cast)[0].ended_at - pauses(cast)[0].starts_at == timedelta(days=1)
