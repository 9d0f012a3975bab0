"""Safety rules on real logs: what fires, once, whatever else is wrong, and who answers."""

from datetime import timedelta

import pytest

from patients.domain.errors import Invalid, NotAllowed, NotVisible
from rehab.actions.acknowledging import acknowledge_flag
from rehab.actions.pauses import hold_plan
from rehab.models import EscalationStep
from tests.integration.rehab.scenes import (
    batch,
    body_of,
    day_of,
    done,
    flags,
    local,
    offline,
    pauses,
    states,
    told,
)
from tests.integration.rehab.ticking import tick
from tests.plans import as_planned, assign, clear_profile, fes, in_detail, shoulder


@pytest.fixture
def arm():
    return shoulder(maximum={})


@pytest.fixture
def thigh():
    return fes(schedule=shoulder("18:00").schedule)


@pytest.fixture
def plan(cast, arm, thigh):
    return assign(cast, arm, thigh, at=local(18, 20))


def sore(arm, at, pain, **facts):
    first, second = (part.part for part in arm.parts)
    return in_detail(arm.series, at, {first: {"pain": pain}, second: {}}, **facts)


def spinal(cast, level="T4", **facts):
    clear_profile(cast, at=local(18, 21), spinal_cord_injury="yes", injury_level=level, **facts)


def rules(cast):
    return [(flag.rule, flag.level) for flag in flags(cast)]


def ride(thigh, at, **measures):
    part = thigh.parts[0].part
    return in_detail(thigh.series, at, {part: {}}, measures=measures)


@pytest.mark.parametrize(("pain", "fires"), [(0, False), (6, False), (7, True), (10, True)])
def test_pain_from_seven_stops_the_joint(cast, plan, arm, pain, fires):
    told(cast, sore(arm, local(19, 9), pain))
    assert rules(cast) == ([("pain-threshold", "E1")] if fires else [])
    assert [each.part for each in pauses(cast)] == ([arm.parts[0].part] if fires else [])


def test_cannot_feel_is_not_a_score(cast, plan, arm):
    told(cast, sore(arm, local(19, 9), "cannot_feel"))
    assert rules(cast) == []
    day = day_of(cast, arm.series, local(19, 9).date())
    assert (day.pain_max, day.pain_unfelt) == (None, 1)


def test_pain_of_the_whole_session_stops_the_item(cast, plan, arm):
    done(cast, arm.series, local(19, 9), pain=8)
    assert [(each.series, each.part) for each in pauses(cast)] == [(arm.series, None)]


def test_pain_two_above_the_week_fires_at_the_second_session_running(cast, plan, arm):
    tick(cast, local(24, 8))
    for day, pain in ((19, 2), (20, 2), (21, 2), (22, 4)):
        told(cast, sore(arm, local(day, 9), pain))
    assert rules(cast) == []
    told(cast, sore(arm, local(23, 9), 4))
    assert rules(cast) == [("pain-rise", "E1")]
    assert {each["field"] for each in flags(cast)[0].because} >= {"pain", "previous_pain"}


def test_one_sore_session_between_quiet_ones_is_no_rise(cast, plan, arm):
    tick(cast, local(24, 8))
    for day, pain in ((19, 2), (20, 2), (21, 5), (22, 2), (23, 5)):
        told(cast, sore(arm, local(day, 9), pain))
    assert rules(cast) == []


def test_the_same_sore_session_told_twice_is_not_two_running(cast, plan, arm):
    tick(cast, local(22, 8))
    for day in (19, 20):
        told(cast, sore(arm, local(day, 9), 2))
    told(cast, sore(arm, local(21, 9), 5))
    told(cast, sore(arm, local(21, 9, 2), 5))
    assert rules(cast) == []


def test_the_rise_is_seen_within_one_batch_of_a_phone_that_was_offline(cast, plan, arm):
    first, second = (str(part.part) for part in arm.parts)
    entries = [
        offline(
            "session_log",
            body_of(
                arm.series,
                local(day, 9),
                as_planned=False,
                parts=[{"part": first, "pain": pain}, {"part": second}],
            ),
        )
        for day, pain in ((19, 1), (20, 1), (21, 4), (22, 4))
    ]
    batch(cast, entries, at=local(22, 12))
    assert [rule for rule, _ in rules(cast)] == ["pain-rise"]


def test_the_rise_is_seen_in_what_is_said_of_the_whole_session(cast, plan, arm):
    tick(cast, local(23, 8))
    for day, pain in ((19, 1), (20, 1), (21, 4), (22, 4)):
        done(cast, arm.series, local(day, 9), pain=pain)
    assert rules(cast) == [("pain-rise", "E1")]


def test_a_falling_range_is_seen_over_a_week(cast, plan, arm):
    tick(cast, local(22, 8))
    first = arm.parts[0].part
    for day, degrees in ((19, 90), (20, 80), (21, 74)):
        told(cast, in_detail(arm.series, local(day, 9), {first: {"end_angle_degrees": degrees}}))
    assert rules(cast) == [("range-falling", "E2")]


@pytest.mark.parametrize(
    ("level", "baseline", "facts", "fires"),
    [
        ("T4", 102, {"systolic_during_mmhg": 136}, True),
        ("T4", 102, {"systolic_during_mmhg": 121}, False),
        ("T4", 102, {"systolic_after_mmhg": 122}, True),
        ("T6", 102, {"systolic_during_mmhg": 136}, True),
        ("T7", 102, {"systolic_during_mmhg": 136}, False),
        ("T10", 102, {"systolic_during_mmhg": 180}, False),
        ("C6", 96, {"systolic_during_mmhg": 116}, True),
        ("unknown", 102, {"systolic_during_mmhg": 122}, True),
        ("T4", None, {"systolic_during_mmhg": 130}, True),
        ("T4", None, {"systolic_during_mmhg": 129}, False),
    ],
)
def test_dysreflexia_by_pressure(cast, plan, thigh, level, baseline, facts, fires):
    spinal(cast, level, baselines={"systolic_mmhg": baseline})
    told(cast, ride(thigh, local(19, 18), **facts))
    assert (("dysreflexia", "E0") in rules(cast)) is fires


@pytest.mark.parametrize("sign", ["pounding_headache", "flushing", "sweating", "slow_pulse"])
def test_dysreflexia_by_sign_needs_no_number(cast, plan, thigh, sign):
    spinal(cast, "T4")
    answer = done(cast, thigh.series, local(19, 18), symptoms=(sign,))
    assert ("dysreflexia", "E0") in rules(cast)
    assert [flag.level for flag in answer.flags] == ["E0"]
    assert "120" in answer.flags[0].text["en"]
    assert states(cast, series=thigh.series) == ["done", "paused"]


def test_signs_of_somebody_without_a_cord_injury_are_not_dysreflexia(cast, plan, thigh):
    done(cast, thigh.series, local(19, 18), symptoms=("sweating",))
    assert rules(cast) == []


def test_a_ride_that_was_cut_short_by_dysreflexia_is_partial(cast, plan, thigh):
    spinal(cast, "T4", baselines={"systolic_mmhg": 104})
    entry = in_detail(
        thigh.series,
        local(19, 18),
        {thigh.parts[0].part: {"minutes": 12}},
        measures={"systolic_during_mmhg": 138},
        symptoms=("pounding_headache",),
        stop_reason="dysreflexia",
    )
    answer = told(cast, entry)
    assert answer.log.outcome == "partial"
    later = done(cast, thigh.series, local(20, 18))
    assert "while_paused" in later.log.marks
    assert ("trained-while-paused", "E1") in rules(cast)


def test_above_the_maximum_of_a_part_is_flagged_when_it_is_stored(cast, plan, arm):
    first = arm.parts[0].part
    high = {first: {"end_angle_degrees": 130}}
    asked = told(cast, in_detail(arm.series, local(19, 9), high))
    assert (asked.state, rules(cast)) == ("confirm_required", [])
    told(
        cast,
        in_detail(
            arm.series, local(19, 9), high, confirmed=tuple(each.code for each in asked.errors)
        ),
    )
    assert rules(cast) == [("end-angle-above-maximum", "E2")]
    assert pauses(cast) == []


def test_a_slip_of_the_finger_flags_and_pauses_nothing(cast, plan, thigh):
    part = thigh.parts[0].part
    refused = told(cast, in_detail(thigh.series, local(19, 18), {part: {"amplitude_ma": 1000}}))
    assert (refused.status, refused.flags, rules(cast), pauses(cast)) == (422, (), [], [])


def test_more_current_than_prescribed_where_nobody_knows_of_feeling_stops_the_item(
    cast, plan, thigh
):
    part = thigh.parts[0].part
    told(
        cast,
        in_detail(thigh.series, local(19, 18), {part: {"amplitude_ma": 90}}),
        interactive=False,
    )
    assert ("stimulation-above-maximum-insensate", "E1") in rules(cast)


def test_more_current_than_prescribed_where_it_is_felt_is_for_the_list(cast, plan, thigh):
    part = thigh.parts[0].part
    seen = {part: {"amplitude_ma": 90, "sensation": "feels"}}
    told(cast, in_detail(thigh.series, local(19, 18), seen), interactive=False)
    assert rules(cast) == [("stimulation-above-maximum", "E2")]


def test_minutes_of_the_session_are_held_against_the_part(cast, plan, thigh):
    part = thigh.parts[0]
    short = told(cast, in_detail(thigh.series, local(19, 18), {part.part: {}}, minutes=12))
    assert short.log.outcome == "partial"
    full = told(cast, in_detail(thigh.series, local(20, 18), {part.part: {}}, minutes=30))
    assert full.log.outcome == "done"


def test_too_many_sessions_are_flagged_at_once(cast):
    arm = shoulder(maximum={"sessions_per_week": 2})
    assign(cast, arm, at=local(18, 20))
    for day in (19, 20):
        done(cast, arm.series, local(day, 9))
    assert rules(cast) == []
    answer = done(cast, arm.series, local(21, 9))
    assert "over_maximum" in answer.log.marks
    assert rules(cast) == [("over-maximum", "E2")]


def test_a_flag_is_raised_once_however_often_its_log_is_sent(cast, plan, arm):
    entry = offline(
        "session_log",
        body_of(arm.series, local(19, 9), pain=8),
    )
    for hour in (10, 11, 12):
        batch(cast, [entry], at=local(19, hour))
    assert rules(cast) == [("pain-threshold", "E1")]
    assert len(pauses(cast)) == 1


def test_a_refused_log_sent_again_corrected_raises_its_flag_once(cast, plan, arm):
    log_id = offline("x", {}).id
    first = arm.parts[0].part
    wrong = in_detail(arm.series, local(19, 9), {first: {"pain": 8, "repetitions": -8}})
    right = in_detail(arm.series, local(19, 9), {first: {"pain": 8, "repetitions": 8}})
    assert told(cast, wrong, log_id=log_id).status == 422
    assert told(cast, right, log_id=log_id).status == 201
    assert rules(cast) == [("pain-threshold", "E1")]


def test_late_data_is_judged_when_it_comes_and_says_how_old_it_is(cast, plan, arm):
    tick(cast, local(22, 8))
    answer = told(cast, sore(arm, local(19, 9), 8), at=local(22, 9))
    flag = flags(cast)[0]
    assert (flag.occurred_at, flag.raised_at) == (local(19, 9), local(22, 9))
    assert "late" in answer.log.marks
    assert flag.raised_at - flag.occurred_at == timedelta(days=3)


def test_a_rule_that_stopped_the_phone_is_judged_again_and_disagreement_kept(cast, plan, arm):
    told(cast, sore(arm, local(19, 9), 8, stopped_by_rule=("fever",)))
    assert flags(cast)[0].device_agreed is False
    told(cast, sore(arm, local(19, 16), 9, stopped_by_rule=("pain-threshold",)))
    assert flags(cast, log_id__isnull=False, occurred_at=local(19, 16))[0].device_agreed is True


def test_training_while_paused_is_flagged_and_care_while_held_is_not(cast, plan, arm):
    hold_plan(by=cast.dana, at=local(19, 8), plan_id=plan.pk, reason="swollen")
    done(cast, arm.series, local(19, 9))
    assert rules(cast) == [("trained-while-paused", "E1")]


def acknowledge(cast, *, by=None, note="Called, seen tomorrow", at=None):
    return acknowledge_flag(
        by=by or cast.dana, at=at or local(19, 10), flag_id=flags(cast)[0].pk, note=note
    )


def test_a_clinician_answers_and_what_was_to_follow_is_cancelled(cast, plan, arm):
    told(cast, sore(arm, local(19, 9), 8))
    flag = acknowledge(cast)
    assert (flag.acknowledged_by, flag.acknowledged_at) == (cast.dana, local(19, 10))
    with cast.inside():
        steps = list(EscalationStep.objects.filter(flag=flag))
    assert all(step.next_at is None and step.finished_at for step in steps)
    assert {step.outcome for step in steps} >= {"acknowledged"}
    again = acknowledge(cast, at=local(19, 11), note="again")
    assert (again.acknowledged_at, again.acknowledgement) == (
        local(19, 10),
        "Called, seen tomorrow",
    )


def test_an_answer_says_what_was_decided(cast, plan, arm):
    told(cast, sore(arm, local(19, 9), 8))
    with pytest.raises(Invalid):
        acknowledge(cast, note=" ")


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("alice", NotAllowed),
        ("bob", NotAllowed),
        ("erin", NotVisible),
        ("charlie", NotVisible),
        ("olga", NotVisible),
    ],
)
def test_nobody_but_a_clinician_answers(cast, plan, arm, who, refusal):
    told(cast, sore(arm, local(19, 9), 8))
    with pytest.raises(refusal):
        acknowledge(cast, by=getattr(cast, who))
    assert flags(cast)[0].acknowledged_at is None


def test_a_barred_thing_that_happened_is_kept_and_flagged(cast, plan):
    clear_profile(
        cast, at=local(18, 21), barred=[{"exercise": "squeeze-ball", "reason": "flexor tone"}]
    )
    body = {
        "description": "Squeezed a ball 50 times",
        "exercise": "squeeze-ball",
        "performed_at": local(19, 11).isoformat(),
        "zone": "Asia/Shanghai",
    }
    answer = batch(cast, [offline("off_plan_event", body)], at=local(19, 12))[0]
    assert answer.status == 201
    assert rules(cast) == [("off-plan-barred", "E2")]


def test_a_red_flag_in_a_refused_off_plan_event_stands(cast, plan):
    body = {
        "description": " ",
        "performed_at": local(19, 11).isoformat(),
        "zone": "Asia/Shanghai",
        "symptoms": ["chest_pain"],
    }
    answer = batch(cast, [offline("off_plan_event", body)], at=local(19, 12))[0]
    assert (answer.status, [flag.level for flag in answer.flags]) == (422, ["E0"])
    assert rules(cast) == [("breathless-or-chest-pain", "E0")]


def test_a_two_tap_log_of_a_stimulation_says_nothing_of_its_settings(cast, plan, thigh):
    answer = told(cast, as_planned(thigh.series, local(19, 18)))
    assert (answer.log.outcome, rules(cast)) == ("done", [])
