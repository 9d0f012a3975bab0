"""Gates over a running plan: what is newly known pauses at once, and only some may know why."""

from datetime import date, timedelta

import pytest

from patients.access.walls import within_every_clinic
from patients.domain.errors import Conflict
from rehab.actions.gate_watch import expire_overrides
from rehab.actions.pauses import resume_plan
from rehab.actions.plans import activate_plan, create_plan
from rehab.actions.profile import record_profile
from rehab.domain.plan_draft import OverrideDraft, PlanDraft
from rehab.models import PlanStatus
from tests.integration.api.scenes import get
from tests.integration.rehab.scenes import flags, local, pauses, reread, states
from tests.plans import assign, clear_profile, fes, load_catalogue, shoulder

NEWLY = local(19, 12)


@pytest.fixture
def arm():
    return shoulder()


@pytest.fixture
def thigh():
    return fes(schedule=shoulder("18:00").schedule)


@pytest.fixture
def plan(cast, arm, thigh):
    return assign(cast, arm, thigh, at=local(18, 20))


def note(cast, *, at=NEWLY, **changes):
    return record_profile(by=cast.dana, at=at, patient_id=cast.patient.pk, changes=changes)


def condition(code, *limbs):
    return [{"code": code, "limbs": list(limbs)}]


def paused(cast):
    return {(each.series, each.part) for each in pauses(cast, ended_at__isnull=True)}


@pytest.mark.parametrize(
    ("code", "limbs", "stimulation", "arm_stops", "level"),
    [
        ("pacemaker_or_icd", (), True, False, "E1"),
        ("deep_vein_thrombosis_suspected", ("left_leg",), True, False, "E1"),
        ("unstable_fracture", ("left_arm",), False, True, "E1"),
        ("unstable_fracture", ("right_arm",), False, False, None),
        ("dislocation", ("left_arm",), False, True, "E1"),
        ("active_cancer_at_site", ("left_leg",), True, False, "E2"),
        ("osteoporosis", (), False, False, None),
    ],
)
def test_what_is_newly_known_pauses_at_once_what_it_bars_and_no_more(
    cast, plan, arm, thigh, code, limbs, stimulation, arm_stops, level
):
    note(cast, conditions=condition(code, *limbs))
    wanted = {thigh.series: stimulation, arm.series: arm_stops}
    assert paused(cast) == {(series, None) for series, stops in wanted.items() if stops}
    assert {each.level for each in flags(cast)} == ({level} if level else set())


def test_pregnancy_stops_stimulation_of_the_pelvis_and_not_of_the_thigh(cast, plan):
    note(cast, conditions=condition("pregnancy"))
    assert paused(cast) == set()


def test_an_answer_that_becomes_unknown_pauses_too(cast, plan, thigh):
    note(cast, answers={"pacemaker": "unknown"})
    assert (thigh.series, None) in paused(cast)


def test_things_due_later_are_paused_and_the_past_stays(cast, plan, thigh):
    assert "due" in states(cast, series=thigh.series)
    note(cast, answers={"pacemaker": "yes"})
    assert set(states(cast, series=thigh.series, due_at__gte=NEWLY)) == {"paused"}


def test_noting_the_same_again_raises_nothing_new(cast, plan):
    for minute in (0, 1, 2):
        note(cast, at=NEWLY + timedelta(minutes=minute), conditions=condition("pacemaker_or_icd"))
    assert len(flags(cast)) == len(pauses(cast)) == 1


def test_all_that_bars_an_item_is_one_flag_as_urgent_as_the_worst(cast, plan, thigh):
    note(cast, conditions=[*condition("active_cancer_at_site"), *condition("deep_vein_thrombosis")])
    (flag,) = flags(cast, series=thigh.series)
    assert flag.level == "E1"
    assert [each["value"] for each in flag.because] == [
        "cancer-or-infection-at-site",
        "suspected-dvt",
    ]


def test_another_reason_noted_later_is_told_too(cast, plan, thigh):
    note(cast, conditions=condition("active_cancer_at_site"))
    note(
        cast,
        at=NEWLY + timedelta(hours=1),
        conditions=[*condition("active_cancer_at_site"), *condition("pacemaker_or_icd")],
    )
    assert [each.level for each in flags(cast, series=thigh.series)] == ["E1", "E2"]


def test_an_exercise_that_is_barred_by_name_stops_and_only_where_it_is_used(cast, plan, arm):
    note(cast, barred=[{"exercise": "prom-elbow-extension", "reason": "Elbow operated on."}])
    assert paused(cast) == {(arm.series, arm.parts[1].part)}
    note(
        cast,
        at=NEWLY + timedelta(hours=1),
        barred=[
            {"exercise": "prom-shoulder-flexion", "reason": "Shoulder too."},
            {"exercise": "prom-elbow-extension", "reason": "Elbow operated on."},
        ],
    )
    assert (arm.series, None) in paused(cast)
    assert {each.level for each in flags(cast)} == {"E2"}


def test_a_condition_of_last_week_that_is_noted_today_pauses_from_today(cast, plan, thigh):
    told = [{"code": "pacemaker_or_icd", "since": "2026-10-12"}]
    note(cast, conditions=told)
    (pause,) = pauses(cast)
    assert (pause.series, pause.starts_at) == (thigh.series, NEWLY)


def test_what_a_gate_bars_does_not_go_on_until_the_profile_lets_it(cast, plan, thigh):
    note(cast, conditions=condition("pacemaker_or_icd"))
    with pytest.raises(Conflict) as caught:
        resume(cast, plan, thigh)
    assert caught.value.code == "gate_closed"
    note(cast, at=NEWLY + timedelta(hours=1), conditions=[])
    assert paused(cast) == {(thigh.series, None)}, "a person resumes, nothing else"
    resume(cast, plan, thigh)
    assert paused(cast) == set()


def resume(cast, plan, item):
    return resume_plan(
        by=cast.dana,
        at=NEWLY + timedelta(hours=2),
        plan_id=plan.pk,
        series=item.series,
        note="Looked at together.",
        reconfirmed=True,
    )


@pytest.mark.parametrize(("who", "knows"), [("bob", False), ("dana", True), ("alice", True)])
def test_why_is_told_to_those_alone_who_may_see_conditions(cast, plan, who, knows):
    note(cast, conditions=condition("pacemaker_or_icd"))
    account = getattr(cast, who)
    body = get(account, "/api/v1/flags", NEWLY).json()
    (flag,) = body["results"]
    assert (flag["because"] != []) is knows
    assert ("implanted-electronics" in str(body)) is knows
    for path in ("today", "offline", "changes"):
        said = get(account, f"/api/v1/patients/{cast.patient.pk}/{path}", NEWLY)
        assert said.status_code == 200
        pauses_said = str([said.json().get(name) for name in ("pauses", "unseen_flags")])
        assert "implant" not in pauses_said and "pacemaker" not in pauses_said
    assert "The clinic has paused this" in str(body)


def overridden(cast, thigh, expires_on):
    """A plan that an implant bars, let pass by Dana until a date."""
    load_catalogue()
    clear_profile(cast, at=local(18, 20), answers={"pacemaker": "yes"})
    draft = PlanDraft(title="Plan", items=(thigh,))
    plan = create_plan(by=cast.dana, at=local(18, 20), patient_id=cast.patient.pk, draft=draft)
    override = OverrideDraft(
        series=thigh.series,
        gate="implanted-electronics",
        reason="Cardiology agreed in writing.",
        expires_on=expires_on,
    )
    return activate_plan(by=cast.dana, at=local(18, 20), plan_id=plan.pk, overrides=[override])


def expire(at):
    with within_every_clinic():
        return expire_overrides(at=at)


def test_an_override_lets_pass_until_it_expires_and_no_longer(cast, thigh):
    plan = overridden(cast, thigh, date(2026, 10, 22))
    assert expire(local(22, 7)) == 0, "22 October has not begun in UTC"
    assert paused(cast) == set()
    assert expire(local(22, 9)) == 1
    assert paused(cast) == {(thigh.series, None)}
    assert expire(local(22, 9, 5)) == 0, "once"
    assert reread(cast, plan).status == PlanStatus.ACTIVE


def test_a_change_of_the_profile_after_expiry_pauses_even_before_the_tick(cast, thigh):
    overridden(cast, thigh, date(2026, 10, 22))
    note(cast, at=local(23, 9), note="Seen today.")
    assert paused(cast) == {(thigh.series, None)}
