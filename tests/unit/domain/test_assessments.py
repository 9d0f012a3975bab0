"""What an instrument may score, and what a change of it means."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import reference
from rehab.domain.assessments import AssessmentEntry, assessment_findings
from rehab.domain.instruments import ChangeSpec, ResultEntry, position
from rehab.domain.score_change import change_between, cut_offs_met, due_again, jump
from rehab.models.instruments import spec_of

AT = datetime(2026, 10, 19, 9, tzinfo=UTC)
CODES = {"muscle": ("quadriceps",), "motion": ("knee.flexion",)}
LEFT = {"side": "left", "device": "Jamar"}


def result(value, score="grip_kg", **facts):
    return ResultEntry(score=score, value=value, facts={**LEFT, **facts})


def found(instrument, *results, by_clinician=True):
    entry = AssessmentEntry(
        instrument=instrument, performed_at=AT, zone="Asia/Shanghai", results=results
    )
    spec = spec_of(instrument)
    findings = assessment_findings(entry, spec, by_clinician=by_clinician, codes=CODES)
    return {path: each.code for path, each in findings}


def change(instrument, score, before, after, **facts):
    spec = spec_of(instrument)
    was, now = (ResultEntry(score=score, value=each, facts=facts) for each in (before, after))
    return change_between(spec, spec.scores[score], was, now)


def test_a_grip_of_one_hand_with_its_device_stands():
    assert found("grip", result(14.1)) == {}


def test_zero_is_a_value_and_so_is_not_able():
    assert found("grip", result(0)) == {}
    assert found("grip", result("unable")) == {}
    assert found("grip", result("cannot_feel")) == {"results.0.value": "not_a_number"}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (100.1, "above_recordable"),
        (-1, "negative"),
        (14.15, "off_step"),
        ("strong", "not_a_number"),
    ],
)
def test_the_range_and_the_step_of_the_registry_hold(value, code):
    assert found("grip", result(value)) == {"results.0.value": code}


def test_what_a_value_needs_beside_it_is_asked_for_by_name():
    girth = ResultEntry(score="girth_cm", value=41.0, facts={"site": "thigh", "side": "left"})
    assert found("girth", girth) == {"results.0.facts.landmark_distance_cm": "needed_beside"}


def test_grades_have_their_own_names_and_1_plus_is_one():
    told = ResultEntry(
        score="tone", value="1+", facts={"side": "left", "muscle": "quadriceps"}
    )  # fmt: skip
    assert found("modified_ashworth", told) == {}
    assert found("modified_ashworth", replace(told, value="5")) == {
        "results.0.value": "not_a_choice"
    }


def test_a_plus_grade_is_for_clinicians():
    told = ResultEntry(
        score="strength", value="4-", facts={"side": "left", "muscle": "quadriceps"}
    )  # fmt: skip
    assert found("mrc", told) == {}
    assert found("mrc", told, by_clinician=False) == {"results.0.value": "clinicians_only"}


def test_severity_of_spasms_is_scored_only_where_there_are_any():
    spec = spec_of("penn_spasm")
    grades = {name: [each.code for each in score.grades] for name, score in spec.scores.items()}
    none, some = grades["frequency"][0], grades["frequency"][1]
    worst = ResultEntry(score="severity", value=grades["severity"][-1])
    often = ResultEntry(score="frequency", value=some)
    assert found("penn_spasm", often, worst) == {}
    assert found("penn_spasm", replace(often, value=none), worst) == {
        "results.1.score": "only_above_zero"
    }


def test_a_score_is_told_once_for_a_place():
    assert found("grip", result(14), result(15)) == {"results.1.score": "said_twice"}
    assert found("grip", result(14), result(15, side="right")) == {}


def test_below_the_noise_nothing_is_said_to_have_changed():
    assert change("grip", "grip_kg", 14.0, 14.1).verdict == "no_clear_change"
    assert change("goniometry", "angle_degrees", 80, 84).verdict == "no_clear_change"
    assert change("goniometry", "angle_degrees", 80, 85).verdict == "changed"


def test_between_two_published_values_it_may_have_changed():
    assert change("grip", "grip_kg", 14.0, 19.5).verdict == "may_have_changed"
    assert change("grip", "grip_kg", 14.0, 20.5).verdict == "changed"


def test_a_change_names_the_people_in_whom_it_counts():
    speed = change("gait_speed", "speed_m_s", 0.60, 0.72)
    assert speed.verdict == "changed" and speed.direction == "better"
    reached = {each.population["en"]: each.reached for each in speed.thresholds}
    assert reached["Early after stroke"] == "no"
    assert reached["Older adults, some after stroke"] == "yes"


def test_fewer_seconds_are_better_and_a_girth_is_neither():
    assert change("chair_stand_5", "seconds", 19.0, 14.0).direction == "better"
    assert change("girth", "girth_cm", 41.0, 43.0).direction == "up"


def test_from_3_to_3_plus_is_no_whole_grade_and_grades_have_no_distance():
    for after, verdict in (("3+", "no_clear_change"), ("4-", "no_clear_change"), ("4", "changed")):
        strength = change("mrc", "strength", "3", after)
        assert (strength.verdict, strength.difference) == (verdict, None)


def test_one_step_of_tone_is_a_change_for_the_worse():
    tone = change("modified_ashworth", "tone", "1", "1+")
    assert (tone.verdict, tone.direction) == ("changed", "worse")


def test_what_was_measured_differently_is_not_compared():
    spec = spec_of("girth")
    place = {"site": "thigh", "side": "left"}
    was, now = (
        ResultEntry(score="girth_cm", value=value, facts={**place, "landmark_distance_cm": far})
        for value, far in ((41.0, 10), (44.0, 15))
    )
    compared = change_between(spec, spec.scores["girth_cm"], was, now)
    assert compared.verdict == "not_comparable"
    assert compared.differs == ["landmark_distance_cm"] and compared.difference is None


def test_without_a_published_change_a_difference_is_shown_and_not_judged():
    density = change("bmd", "density_g_cm2", 0.812, 0.790)
    assert (density.verdict, density.difference) == ("not_judged", -0.022)


def test_not_able_any_more_is_worse_and_able_again_better():
    assert change("chair_stand_5", "seconds", 19.0, "unable").direction == "worse"
    assert change("chair_stand_5", "seconds", "unable", 19.0).direction == "better"


def test_a_screening_value_names_its_criteria_and_its_year_for_each_sex():
    met = cut_offs_met(spec_of("grip"), result(17))
    assert {(each.criteria, each.year, each.sex) for each in met} == {
        ("AWGS 2019", 2019, "male"),
        ("AWGS 2019", 2019, "female"),
        ("EWGSOP2", 2019, "male"),
    }
    assert cut_offs_met(spec_of("grip"), result(28)) == []
    assert cut_offs_met(spec_of("grip"), result("unable")) == []


def test_pounds_typed_as_kilograms_are_asked_about():
    spec = spec_of("grip")
    asked = jump(spec, spec.scores["grip_kg"], 31, 14.0)
    assert asked.code == "unusual_change"
    assert asked.params["likely"][0] == {"meaning": "pounds", "value": 14.1, "unit": "kg"}
    assert jump(spec, spec.scores["grip_kg"], 15, 14.0) is None
    assert jump(spec, spec.scores["grip_kg"], 31, None) is None


def test_bone_density_is_not_due_before_a_year():
    due = due_again(spec_of("bmd"), date(2026, 1, 1), date(2026, 12, 1))
    assert due.earliest_on == date(2026, 12, 31) and not due.overdue
    assert due.due_on > due.earliest_on


def test_grip_is_due_after_thirteen_weeks_and_from_that_day_on():
    last = date(2026, 7, 20)
    assert not due_again(spec_of("grip"), last, date(2026, 10, 18)).overdue
    assert due_again(spec_of("grip"), last, date(2026, 10, 19)).overdue


@pytest.mark.parametrize("code", sorted(reference.instruments()))
def test_every_instrument_of_the_registry_can_be_judged(code):
    spec = spec_of(code)
    for score in spec.scores.values():
        values = [each.code for each in score.grades] or [score.minimum, score.maximum]
        places = [position(value, score) for value in values]
        assert None not in places and places == sorted(places)


@given(
    before=st.floats(0, 100).map(lambda kg: round(kg, 1)),
    after=st.floats(0, 100).map(lambda kg: round(kg, 1)),
)
def test_a_change_there_and_back_is_judged_alike(before, after):
    one, back = change("grip", "grip_kg", before, after), change("grip", "grip_kg", after, before)
    assert one.verdict == back.verdict
    opposite = {"better": "worse", "worse": "better", "none": "none"}
    assert one.direction == opposite[back.direction]


def test_within_the_error_of_measuring_no_smaller_threshold_counts():
    spec = spec_of("goniometry")
    small = ChangeSpec(score="angle_degrees", kind="small", value=3)
    both = replace(spec, changes=(*spec.changes, small))
    was, now = (ResultEntry(score="angle_degrees", value=value) for value in (80, 84))
    judged = change_between(both, both.scores["angle_degrees"], was, now)
    assert judged.verdict == "no_clear_change"
