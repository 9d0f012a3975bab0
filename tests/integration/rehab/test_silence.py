"""Nothing heard for a week in a plan at risk: the silent are asked, once, and one tap answers."""

from datetime import timedelta

import pytest
import time_machine

from patients.access.walls import within_every_clinic
from patients.domain.errors import NotAllowed
from rehab.actions.acknowledging import acknowledge_flag
from rehab.actions.silence import ask_after_the_silent
from rehab.models import EscalationStep, Reminder
from tests.integration.rehab.scenes import done, flags, local, turning
from tests.integration.web.scenes import browser
from tests.people import make_helper, make_user
from tests.plans import assign, clear_profile, fes, shoulder

BEGAN = local(18, 10)
WEEK = timedelta(days=7)


@pytest.fixture
def arm():
    return shoulder()


@pytest.fixture
def plan(cast, arm):
    return assign(cast, arm, fes(), at=BEGAN)


def ask(at):
    with within_every_clinic():
        return ask_after_the_silent(at=at)


@pytest.mark.parametrize(("age", "fires"), [(WEEK, True), (WEEK - timedelta(minutes=1), False)])
def test_seven_silent_days_are_asked_about_and_not_one_less(cast, plan, age, fires):
    assert ask(BEGAN + age) == int(fires)
    assert [(each.rule, each.level) for each in flags(cast)] == ([("silence", "E2")] * fires)


def test_a_session_is_a_sign_of_life_also_when_it_is_told_late(cast, plan, arm):
    done(cast, arm.series, local(20, 9))
    assert ask(BEGAN + WEEK) == 0
    assert ask(local(27, 9)) == 1
    (flag,) = flags(cast)
    assert {each["field"]: each["value"] for each in flag.because} == {
        "high_risk": "yes",
        "silent_days": 7,
    }


def test_nobody_is_asked_at_night_or_twice(cast, plan):
    assert ask(local(26, 3)) == 0
    assert ask(local(26, 9)) == 1
    assert ask(local(26, 9, 15)) == ask(local(28, 9)) == 0


def test_the_patient_and_the_helper_are_told_and_the_clinic_has_it_on_its_list(cast, plan):
    ask(local(26, 9))
    with cast.inside():
        told = set(Reminder.objects.filter(kind="alert").values_list("recipient_id", flat=True))
        steps = set(EscalationStep.objects.values_list("audience", flat=True))
    assert {cast.alice.pk, cast.bob.pk} <= told
    assert {"patient", "caregivers", "on_duty", "coordinator"} == steps


@pytest.mark.parametrize("who", ["alice", "bob", "dana"])
def test_one_tap_answers_and_cancels_what_would_follow(cast, plan, who):
    ask(local(26, 9))
    (flag,) = flags(cast)
    answer(cast, getattr(cast, who), flag)
    (flag,) = flags(cast)
    assert flag.acknowledged_by == getattr(cast, who)
    with cast.inside():
        assert not EscalationStep.objects.filter(next_at__isnull=False).exists()
    assert ask(local(27, 9)) == 0, "the answer is a sign of life"


@pytest.mark.parametrize("page", ["today/", "alerts/{flag}/"])
def test_the_question_stands_where_it_is_read_with_its_one_tap(cast, plan, page):
    ask(local(26, 9))
    (flag,) = flags(cast)
    alice = browser(cast.alice)
    address = f"/patients/{cast.patient.pk}/{page.format(flag=flag.pk)}"
    with time_machine.travel(local(26, 10), tick=False):
        html = alice.get(address).content.decode()
        tap = f"/flags/{flag.pk}/acknowledge/"
        assert tap in html and "I am OK" in html
        after = alice.post(tap, {"note": "I am OK"}, follow=True)
        assert "Your clinic sees your answer" in after.content.decode()
        assert tap not in alice.get(address).content.decode()
    assert flags(cast)[0].acknowledged_by == cast.alice


def answer(cast, by, flag):
    return acknowledge_flag(by=by, at=local(26, 10), flag_id=flag.pk, note="I am OK")


def test_who_may_only_look_answers_for_nobody(cast, plan):
    eve = make_user("eve")
    make_helper(cast.patient, eve, scopes=["see_sessions", "receive_alerts"])
    ask(local(26, 9))
    with pytest.raises(NotAllowed):
        answer(cast, eve, flags(cast)[0])


def test_other_flags_are_still_answered_by_clinicians_alone(cast, plan, arm):
    done(cast, arm.series, local(20, 9), pain=8)
    with pytest.raises(NotAllowed):
        answer(cast, cast.alice, flags(cast)[0])


def test_a_plan_without_risk_is_left_in_peace(cast):
    assign(cast, shoulder(), turning(), at=BEGAN)
    assert ask(local(26, 9)) == 0
    clear_profile(cast, at=local(18, 11), spinal_cord_injury="yes")
    assert ask(local(26, 9)) == 1
