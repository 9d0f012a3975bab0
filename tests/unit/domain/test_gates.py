from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.conditions import RuleFileError
from rehab.domain.facts import PartSite, Profile, assignment_facts
from rehab.domain.gates import (
    MUST_BE_ANSWERED,
    Blocked,
    Override,
    evaluate,
    gates_from,
    questions_for,
    questions_from,
    standing,
)
from rehab.domain.stimulation import allowed
from tests.unit.domain.rulebook import GATES, QUESTIONS, SAME_AS, sheet

NOW = datetime(2026, 10, 19, 9, 0, tzinfo=UTC)
DANA = UUID(int=4)

QUADRICEPS = PartSite(
    modality="fes_nmes", physics="intact", region="leg", side="left", muscle="quadriceps"
)
WRIST = PartSite(
    modality="long_pulse", physics="denervated", region="arm", side="left", muscle="wrist_extensors"
)
HIP = PartSite(modality="passive_range_of_motion", region="leg", side="right", motion="hip.flexion")
ANSWERED = dict.fromkeys((question.code for question in QUESTIONS), "no")


def stands_against(profile: Profile, site: PartSite) -> list[Blocked]:
    return evaluate(GATES, assignment_facts(profile, site, SAME_AS))


def blocking(profile: Profile, site: PartSite) -> dict[str, str]:
    return {each.gate: each.code for each in stands_against(profile, site) if not each.is_warning}


def healthy(**changes: Any) -> Profile:
    """Return a profile in which every question is answered no."""
    answered = {
        "answers": ANSWERED | changes.pop("answers", {}),
        "innervation": {"quadriceps": "intact", "wrist_extensors": "denervated"},
        "spinal_cord_injury": "no",
    }
    return Profile(**(answered | changes))


def test_answered_profile_passes_freely() -> None:
    for site in (QUADRICEPS, WRIST, HIP):
        assert stands_against(healthy(), site) == []


def test_pacemaker_blocks_stimulation_and_not_passive_movement() -> None:
    profile = healthy(answers={"pacemaker": "yes"})

    assert blocking(profile, QUADRICEPS) == {"implanted-electronics": "contraindicated"}
    assert blocking(profile, HIP) == {}


def test_condition_on_the_profile_answers_its_question() -> None:
    profile = healthy(
        answers={"pacemaker": "unknown"}, conditions={"pacemaker_or_icd": frozenset()}
    )

    assert blocking(profile, QUADRICEPS) == {"implanted-electronics": "contraindicated"}


def test_unknown_is_never_none() -> None:
    profile = healthy(answers={"pacemaker": "unknown"})

    (blocked,) = stands_against(profile, QUADRICEPS)

    assert blocked.code == MUST_BE_ANSWERED
    assert blocked.unanswered == ("profile.pacemaker",)
    assert not blocked.may_be_overridden


def test_fracture_blocks_its_own_limb_only() -> None:
    profile = healthy(conditions={"unstable_fracture": frozenset({"left_leg"})})

    assert blocking(profile, QUADRICEPS) == {"unstable-fracture": "contraindicated"}
    assert blocking(profile, HIP) == {}


def test_fracture_somewhere_blocks_every_limb() -> None:
    profile = healthy(conditions={"unstable_fracture": frozenset()})

    assert blocking(profile, HIP) == {"unstable-fracture": "contraindicated"}


def test_fracture_of_any_limb_blocks_what_works_on_no_single_limb() -> None:
    profile = healthy(conditions={"unstable_fracture": frozenset({"left_leg"})})

    assert blocking(profile, PartSite(modality="standing")) == {
        "unstable-fracture": "contraindicated"
    }


def test_cycling_template_is_refused_for_a_denervated_muscle() -> None:
    # Case 3: the radial nerve is cut; FES cycling is not for this muscle.
    site = PartSite(
        modality="fes_cycling", physics="intact", region="arm", muscle="wrist_extensors"
    )

    assert blocking(healthy(), site) == {"lower-motor-neurone-lesion": "contraindicated"}


def test_muscle_without_an_innervation_must_be_answered_first() -> None:
    for site in (QUADRICEPS, WRIST):
        assert MUST_BE_ANSWERED in blocking(healthy(innervation={}), site).values()


def test_gates_and_the_innervation_table_say_the_same() -> None:
    for site in (QUADRICEPS, WRIST):
        for status in ("intact", "partial", "denervated", "unknown"):
            found = stands_against(healthy(innervation={site.muscle: status}), site)
            said = {
                "contraindicated": "blocked",
                "unknown_must_be_answered": "must_be_answered",
                "caution": "warn",
            }
            verdicts = {said[each.code] for each in found} or {"allowed"}
            assert verdicts == {allowed(site.physics, status)}


def test_caution_warns_and_does_not_block() -> None:
    (warning,) = stands_against(healthy(answers={"epilepsy": "yes"}), QUADRICEPS)

    assert warning.is_warning
    assert (warning.gate, warning.code) == ("epilepsy", "caution")
    assert standing([warning], [], NOW) == []


def test_questions_are_those_that_must_be_answered_before_this_part() -> None:
    facts = assignment_facts(Profile(), HIP, SAME_AS)

    assert questions_for(GATES, facts) == (
        "profile.unstable_fracture",
        "profile.suspected_dvt",
        "profile.unstable_joint",
    )


def test_named_override_with_a_reason_opens_one_gate_until_it_expires() -> None:
    profile = healthy(answers={"pacemaker": "yes", "suspected_dvt": "yes"})
    blocked = stands_against(profile, QUADRICEPS)
    override = Override(
        "implanted-electronics", DANA, "Cardiology agreed in writing", NOW + timedelta(days=30)
    )

    before = standing(blocked, [override], NOW)
    after = standing(blocked, [override], NOW + timedelta(days=30))

    assert [each.gate for each in before] == ["suspected-dvt"]
    assert [each.gate for each in after] == ["implanted-electronics", "suspected-dvt"]


def test_override_without_a_reason_opens_nothing() -> None:
    blocked = stands_against(healthy(answers={"pacemaker": "yes"}), QUADRICEPS)
    override = Override("implanted-electronics", DANA, "  ", NOW + timedelta(days=30))

    assert standing(blocked, [override], NOW) == blocked


def test_no_override_replaces_an_answer() -> None:
    blocked = stands_against(healthy(answers={"pacemaker": "unknown"}), QUADRICEPS)
    override = Override("implanted-electronics", DANA, "In a hurry", NOW + timedelta(days=30))

    assert standing(blocked, [override], NOW) == blocked


def test_every_question_is_asked_in_both_languages_and_used_by_a_gate() -> None:
    used = {name.removeprefix("profile.") for gate in GATES for name in gate.asks}

    assert {question.code for question in QUESTIONS} <= used
    assert all(set(question.labels) == {"zh-Hans", "en"} for question in QUESTIONS)


def file_with(**changes: object) -> dict[str, Any]:
    gate = deepcopy(sheet("gates")["gates"][0]) | changes
    return {"gates": [gate]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "file: gates"),
        ({"gates": [{}]}, r"gates\[0\]: code"),
        ({"gates": file_with()["gates"] * 2}, "implanted-electronics: code: used twice"),
        (file_with(strength="firm"), "implanted-electronics: strength: absolute or relative"),
        (file_with(asks="profile.pacemaker"), "implanted-electronics: asks"),
        (file_with(asks=["profile"]), "implanted-electronics: asks: no fact is called 'profile'"),
        (file_with(when={"field": "pian", "eq": 1}), "implanted-electronics: when: no fact"),
        (file_with(surprise=1), "implanted-electronics: surprise: unknown key"),
        ({"gates": [{"code": "x"}]}, "x: applies: missing"),
    ],
)
def test_unsound_gate_file_is_refused_by_gate_and_path(data: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleFileError, match=message):
        gates_from(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"questions": [{}]},
        {"questions": [{"code": "x", "labels": {"en": "X", "zh-Hans": "X"}, "conditions": "y"}]},
        {"questions": [{"code": "x", "labels": {"en": "X?"}}]},
    ],
)
def test_unsound_questions_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(RuleFileError):
        questions_from(data)


answers = st.dictionaries(
    st.sampled_from(sorted(ANSWERED)), st.sampled_from(["yes", "no", "unknown"])
)
sites = st.sampled_from([QUADRICEPS, WRIST, HIP, PartSite(modality="standing")])


@given(answers, sites)
def test_only_a_fully_answered_profile_is_never_asked(
    known: dict[str, str], site: PartSite
) -> None:
    profile = Profile(answers=known, innervation={site.muscle: "intact"})
    facts = assignment_facts(profile, site, SAME_AS)
    open_questions = {
        name for name in questions_for(GATES, facts) if facts.get(name, "unknown") == "unknown"
    }

    assert bool(open_questions) <= bool(standing(evaluate(GATES, facts), [], NOW))


@given(answers, sites, st.sampled_from(sorted(ANSWERED)))
def test_yes_never_blocks_less_than_no(
    known: dict[str, str], site: PartSite, question: str
) -> None:
    def absolute(answer: str) -> set[str]:
        return set(blocking(healthy(answers=known | {question: answer}), site))

    assert absolute("no") <= absolute("yes")
