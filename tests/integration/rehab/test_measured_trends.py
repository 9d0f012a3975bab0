"""Trends of what is weighed and assessed: spasms, tone and weight."""

from datetime import timedelta
from uuid import uuid4

import pytest

from rehab.actions.assessments import record_assessment
from rehab.actions.diet import log_diet
from rehab.domain.assessments import AssessmentEntry
from rehab.domain.diet import DietEntry
from rehab.domain.instruments import ResultEntry
from tests.integration.rehab.scenes import flags, local

AT = local(22, 10)


def assess(cast, instrument, score, value, *, days_ago=0, received=None, **facts):
    at = AT - timedelta(days=days_ago)
    entry = AssessmentEntry(
        instrument=instrument,
        performed_at=at,
        zone="Asia/Shanghai",
        results=(ResultEntry(score=score, value=value, facts=facts),),
    )
    return record_assessment(
        by=cast.dana,
        at=received or at,
        patient_id=cast.patient.pk,
        assessment_id=uuid4(),
        entry=entry,
    )


def weigh(cast, kilograms, *, days_ago=0):
    at = AT - timedelta(days=days_ago)
    entry = DietEntry(
        performed_at=at, zone="Asia/Shanghai", weight_kg=kilograms, confirmed=("jump",)
    )
    return log_diet(
        by=cast.alice, at=at, patient_id=cast.patient.pk, log_id=uuid4(), entry=entry
    ).kept


def rules(cast):
    return [flag.rule for flag in flags(cast)]


@pytest.mark.parametrize(
    ("scores", "fires"), [((1, 2, 2, 2), True), ((1, 2, 2), False), ((1, 1, 1, 1), False)]
)
def test_spasms_more_often_for_three_days(cast, scores, fires):
    for days_ago, score in zip(reversed(range(len(scores))), scores, strict=True):
        assess(cast, "penn_spasm", "frequency", str(score), days_ago=days_ago)
    assert rules(cast) == (["spasm-more-often"] if fires else [])


@pytest.mark.parametrize(
    ("before", "now", "fires"), [("1", "1+", True), ("1+", "1+", False), ("2", "1", False)]
)
def test_tone_one_grade_up_on_the_same_muscle(cast, before, now, fires):
    place = {"side": "left", "muscle": "biceps"}
    assess(cast, "modified_ashworth", "tone", before, days_ago=28, **place)
    reply = assess(cast, "modified_ashworth", "tone", now, **place)
    assert rules(cast) == (["tone-rising"] if fires else [])
    assert [each.rule for each in reply.flags] == rules(cast)


def test_tone_of_another_side_is_no_rise(cast):
    assess(cast, "modified_ashworth", "tone", "1", days_ago=28, side="right", muscle="biceps")
    assess(cast, "modified_ashworth", "tone", "3", side="left", muscle="biceps")
    assert rules(cast) == []


@pytest.mark.parametrize(("kilograms", "fires"), [(57.0, True), (57.1, False), (60.0, False)])
def test_five_percent_below_the_weight_of_the_half_year(cast, kilograms, fires):
    weigh(cast, 60.0, days_ago=100)
    assert weigh(cast, kilograms).state == "recorded"
    assert rules(cast) == (["weight-falling"] if fires else [])


def test_weight_of_more_than_half_a_year_ago_is_not_compared_with(cast):
    weigh(cast, 80.0, days_ago=190)
    weigh(cast, 60.0)
    assert rules(cast) == []


def test_a_rating_told_four_days_late_is_judged_and_keeps_its_moment(cast):
    place = {"side": "left", "muscle": "biceps"}
    assess(cast, "modified_ashworth", "tone", "1", days_ago=28, **place)
    late = AT + timedelta(days=4)
    assess(cast, "modified_ashworth", "tone", "2", received=late, **place)
    (flag,) = flags(cast)
    assert (flag.occurred_at, flag.raised_at) == (AT, late)
