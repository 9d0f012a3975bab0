"""Trend rules on real logs: effort, red skin, a long gap, too much twice in a week."""

from datetime import timedelta

import pytest

from rehab.actions.profile import record_profile
from rehab.actions.stopping import stop_item
from rehab.domain.session_entry import StopEntry
from tests.integration.rehab.scenes import batch, body_of, done, flags, local, offline, pauses, told
from tests.integration.rehab.ticking import tick
from tests.plans import as_planned, assign, fes, shoulder


@pytest.fixture
def arm():
    return shoulder(maximum={"sessions_per_day": 2})


@pytest.fixture
def thigh():
    return fes(schedule=shoulder("18:00").schedule)


@pytest.fixture
def plan(cast, arm, thigh):
    return assign(cast, arm, thigh, at=local(18, 20))


def rules(cast, **facts):
    return [flag.rule for flag in flags(cast, **facts)]


def own_limit(cast, effort):
    changes = {"baselines": {"effort": effort}}
    record_profile(by=cast.dana, at=local(18, 21), patient_id=cast.patient.pk, changes=changes)


@pytest.mark.parametrize(
    ("efforts", "fires"),
    [((7, 7), True), ((7, 6), False), ((6, 7), False), ((7, None, 7), True), ((7, 3, 7), False)],
)
def test_effort_above_the_own_limit_twice_running(cast, plan, arm, efforts, fires):
    own_limit(cast, 6)
    tick(cast, local(22, 8))
    for day, effort in enumerate(efforts, 19):
        done(cast, arm.series, local(day, 9), effort=effort)
    assert ("effort-above-limit" in rules(cast)) is fires


def test_effort_is_no_trend_while_no_limit_is_agreed(cast, plan, arm):
    for day in (19, 20):
        done(cast, arm.series, local(day, 9), effort=10)
    assert rules(cast) == []


@pytest.mark.parametrize(("hours", "lasts"), [(23, False), (24, True), (30, True)])
def test_skin_still_red_after_a_day_stops_the_item(cast, plan, thigh, hours, lasts):
    tick(cast, local(22, 8))
    done(cast, thigh.series, local(19, 18), skin_after="red")
    later = local(19, 18) + timedelta(hours=hours)
    done(cast, thigh.series, later, skin_before="red")
    assert ("skin-redness-lasting" in rules(cast)) is lasts
    assert [each.series for each in pauses(cast)] == ([thigh.series] if lasts else [])


def test_skin_that_was_fine_in_between_is_red_anew(cast, plan, thigh):
    tick(cast, local(22, 8))
    done(cast, thigh.series, local(19, 18), skin_after="red")
    done(cast, thigh.series, local(20, 18), skin_before="looked_fine")
    done(cast, thigh.series, local(21, 18), skin_after="red")
    assert set(rules(cast)) == {"skin-redness"}


def test_redness_told_late_in_any_order_of_one_batch_is_judged_the_same(cast, plan, thigh):
    bodies = [
        body_of(thigh.series, local(20, 19), skin_before="red"),
        body_of(thigh.series, local(19, 18), skin_after="red"),
    ]
    batch(cast, [offline("session_log", body) for body in bodies], at=local(22, 9))
    assert "skin-redness-lasting" in rules(cast)
    assert {flag.occurred_at for flag in flags(cast, rule="skin-redness-lasting")} == {
        local(20, 19)
    }


@pytest.mark.parametrize(("days", "fires"), [(14, False), (15, True)])
def test_stimulation_after_more_than_two_weeks_needs_its_settings_confirmed(
    cast, plan, thigh, days, fires
):
    first = local(19, 18)
    done(cast, thigh.series, first)
    tick(cast, first + timedelta(days=days))
    done(cast, thigh.series, first + timedelta(days=days))
    assert rules(cast) == (["settings-after-a-gap"] if fires else [])


def test_the_first_stimulation_ever_follows_no_gap(cast, plan, thigh):
    done(cast, thigh.series, local(19, 18))
    assert rules(cast) == []


def test_passive_movement_after_a_month_is_only_welcome(cast, plan, arm):
    done(cast, arm.series, local(19, 9))
    at = local(19, 9) + timedelta(days=31)
    tick(cast, at)
    done(cast, arm.series, at)
    assert rules(cast) == []


def test_beyond_the_maximum_twice_in_a_week_is_told_as_such(cast, plan, arm):
    tick(cast, local(22, 8))
    for hour in (8, 10, 12):
        done(cast, arm.series, local(19, hour))
    assert rules(cast) == ["over-maximum"]
    for hour in (8, 10, 12):
        done(cast, arm.series, local(21, hour))
    assert sorted(rules(cast)) == ["over-maximum", "over-maximum", "over-maximum-again"]


def test_beyond_the_maximum_in_two_weeks_is_not_twice_in_one(cast, plan, arm):
    tick(cast, local(27, 8))
    for day in (19, 26):
        for hour in (8, 10, 12):
            done(cast, arm.series, local(day, hour))
    assert set(rules(cast)) == {"over-maximum"}


def test_a_named_leg_stops_what_works_on_that_leg_and_leaves_the_arm(cast, plan, arm, thigh):
    done(cast, arm.series, local(19, 9), symptoms=("limb_swollen_one_side",), limb="left_leg")
    assert rules(cast) == ["suspected-dvt"]
    assert [(each.series, each.part) for each in pauses(cast)] == [
        (thigh.series, thigh.parts[0].part)
    ]


def test_the_other_leg_stops_nothing_here(cast, plan, arm):
    done(cast, arm.series, local(19, 9), symptoms=("limb_swollen_one_side",), limb="right_leg")
    assert pauses(cast) == []


def test_a_limb_that_nobody_named_stops_all_training(cast, plan, arm, thigh):
    done(cast, arm.series, local(19, 9), symptoms=("limb_swollen_one_side",))
    assert {each.series for each in pauses(cast)} == {arm.series, thigh.series}


def test_a_limb_that_there_is_not_is_refused_and_the_sign_still_flagged(cast, plan, arm):
    entry = as_planned(arm.series, local(19, 9), symptoms=("limb_deformed",), limb="tail")
    answer = told(cast, entry)
    assert [(each.field, each.code) for each in answer.errors] == [("limb", "not_a_choice")]
    assert [each.level for each in answer.flags] == ["E0"]


def test_a_stop_with_its_limb_reaches_that_limb_alone(cast, plan, arm, thigh):
    stopped = stop_item(
        by=cast.bob,
        at=local(19, 18),
        patient_id=cast.patient.pk,
        entry=StopEntry(
            series=thigh.series,
            stopped_at=local(19, 18),
            reason="Swelling: since noon",
            stop_reason="swelling",
            limb="left_leg",
        ),
    )
    assert [each.rule for each in stopped.flags] == ["suspected-dvt"]
    assert {each.series for each in pauses(cast)} == {thigh.series}


def test_news_stop_stimulation_alone_and_their_text_names_nothing(cast, plan, arm, thigh):
    answer = done(cast, arm.series, local(19, 9), symptoms=("newly_pregnant",))
    assert {each.series for each in pauses(cast)} == {thigh.series}
    for text in (*answer.flags[0].text.values(), *answer.flags[0].instead.values()):
        assert "pregnan" not in text.lower() and "孕" not in text


def test_an_answer_says_what_the_rule_looked_at_and_where_it_comes_from(cast, plan, arm):
    answer = done(cast, arm.series, local(19, 9), pain=8)
    (flag,) = answer.flags
    assert [(each.field, each.value) for each in flag.because] == [("pain", 8)]
    assert flag.version == 1 and "2.7" in flag.source
