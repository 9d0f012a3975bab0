from copy import deepcopy
from re import search
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.conditions import RuleFileError, Value, fields_of
from rehab.domain.facts import is_fact
from rehab.domain.safety import (
    Book,
    Judged,
    Level,
    Pause,
    Rule,
    Where,
    evaluate,
    evaluate_session,
    notices_from,
    phrase,
    rules_from,
    to_show,
)
from tests.unit.domain.rulebook import NOTICES, RULES, VECTORS, sheet

BY_CODE = {rule.code: rule for rule in RULES}
KNOWN_FACTS = sorted({name for rule in RULES for name in fields_of(rule.when)})
DIAGNOSES = r"(?i)dysreflexia|thrombosis|DVT|ossification|stroke|血栓|异位骨化|反射异常|脑卒中|骨折"


def fired(**facts: Value) -> list[str]:
    named = {name.replace("__", "."): value for name, value in facts.items()}
    return [each.rule for each in evaluate(RULES, named)]


def file_with(**changes: object) -> dict[str, Any]:
    """Return a rule file of one sound rule with some keys changed, or left out when None."""
    rule = deepcopy(sheet("safety")["rules"][0]) | changes
    return {"rules": [{key: value for key, value in rule.items() if value is not None}]}


def test_dysreflexia_is_an_emergency_that_never_lies_flat() -> None:
    rule = BY_CODE["dysreflexia"]

    assert rule.level is Level.E0
    assert rule.pause is Pause.ITEM
    assert rule.where is Where.PHONE
    assert "never lie flat" in rule.text["en"]
    assert "千万不要平躺" in rule.text["zh-Hans"]


def test_emergency_is_shown_alone_because_other_advice_may_contradict_it() -> None:
    found = evaluate(
        RULES,
        {
            "profile.spinal_cord_injury": "yes",
            "symptom.sweating": "yes",
            "symptom.fainted": "yes",
        },
    )

    assert [each.rule for each in found] == ["dysreflexia", "fainted"]
    assert [each.rule for each in to_show(found)] == ["dysreflexia"]


def test_without_an_emergency_all_texts_are_shown() -> None:
    found = evaluate(RULES, {"pain": 8, "skin_after": "red"})

    assert to_show(found) == found


def test_most_urgent_rule_comes_first() -> None:
    assert fired(skin_after="red", pain=8, symptom__chest_pain="yes") == [
        "breathless-or-chest-pain",
        "pain-threshold",
        "skin-redness",
    ]


def test_fired_rule_says_why() -> None:
    (found,) = evaluate(RULES, {"pain": 7, "effort": 3})

    assert (found.rule, found.version, found.level) == ("pain-threshold", 1, Level.E1)
    assert found.because == (("pain", 7),)


def test_trend_is_left_to_the_server() -> None:
    facts: dict[str, Value] = {"pain": 5, "previous_pain": 5, "pain_baseline_7d": 2}

    assert evaluate(RULES, facts, where=Where.PHONE) == []
    assert [each.rule for each in evaluate(RULES, facts, where=Where.SERVER)] == ["pain-rise"]


def test_slip_of_the_finger_is_not_judged_before_it_can_be_corrected() -> None:
    # Case 2: 1000 mA typed for 100. The red flags in the same entry are judged all the same.
    facts: dict[str, Value] = {
        "physics": "intact",
        "amplitude_ma": 1000,
        "maximum.amplitude_ma": 110,
        "sensation": "cannot_feel",
        "symptom.chest_pain": "yes",
    }

    first = evaluate(RULES, facts, judged=Judged.FIRST)

    assert [each.rule for each in first] == ["breathless-or-chest-pain"]


def test_red_flags_are_never_left_for_later() -> None:
    late = {rule.code for rule in RULES if rule.judged is Judged.STORED}

    assert not late & {rule.code for rule in RULES if rule.level is Level.E0}
    assert all(
        rule.judged is Judged.FIRST
        for rule in RULES
        if any(name.startswith(("symptom.", "gate.")) for name in fields_of(rule.when))
    )


def test_fever_pauses_training_and_never_care() -> None:
    assert BY_CODE["fever"].pause is Pause.TRAINING


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_names_no_diagnosis(rule: Rule) -> None:
    for text in (rule.text, rule.instead, rule.call):
        for words in text.values():
            assert not search(DIAGNOSES, words)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_says_whom_to_call_and_claims_no_watch(rule: Rule) -> None:
    for language, words in rule.call.items():
        assert "{clinic_phone}" in words or "{emergency_number}" in words, language
    for text in (rule.text, rule.instead, rule.call):
        assert not search(r"(?i)we are watching|being monitored|正在监护|实时监测", text["en"])


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.level is Level.E0], ids=lambda rule: rule.code
)
def test_emergency_gives_the_local_number_and_says_that_nobody_watches(rule: Rule) -> None:
    said = phrase(rule.text, "en", {"emergency_number": "911"}) + phrase(
        rule.call, "en", {"emergency_number": "911"}
    )

    assert "911" in said
    assert "round the clock" in rule.call["en"]
    assert "没有人全天候值守" in rule.call["zh-Hans"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_waits_for_its_owners_signature(rule: Rule) -> None:
    assert rule.proposed
    assert rule.owner == "clinical lead (to be signed)"
    assert rule.source


def test_every_fact_of_every_vector_is_in_the_vocabulary() -> None:
    names = {name for part in ("safety", "gates") for v in VECTORS[part] for name in v["facts"]}

    assert sorted(name for name in names if not is_fact(name)) == []


def test_phrase_fills_its_placeholders() -> None:
    text = {"zh-Hans": "呼叫{emergency_number}", "en": "Call {emergency_number}[, {clinic_phone}]."}

    assert phrase(text, "en", {"emergency_number": 911}) == "Call 911."
    assert (
        phrase(text, "en", {"emergency_number": 911, "clinic_phone": "5551"}) == "Call 911, 5551."
    )
    assert phrase(text, "zh-Hans", {"emergency_number": "120"}) == "呼叫120"
    assert phrase(text, "zh-Hant", {"emergency_number": "120"}) == "Call 120."
    assert phrase(text, "en", {"emergency_number": "", "clinic_phone": None}) == "Call ."


def test_bracket_needs_all_of_its_placeholders() -> None:
    text = {"zh-Hans": "x", "en": "Call[ {clinic_name} at {clinic_phone}]."}

    assert phrase(text, "en", {"clinic_name": "North"}) == "Call."


def test_value_that_looks_like_a_placeholder_is_left_alone() -> None:
    text = {"zh-Hans": "x", "en": "[{part}: ]stop."}

    assert phrase(text, "en", {"part": "{clinic_name} [arm]"}) == "{clinic_name} [arm]: stop."


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_texts_read_well_without_any_value(rule: Rule, language: str) -> None:
    for text in (rule.text, rule.instead, rule.call):
        said = phrase(text, language, {})
        assert not search(r"[{}\[\]]|  | [.,:]|[（(][)）]|：。|，。", said), said


def test_standing_notices_are_there() -> None:
    assert set(NOTICES) == {"not_watched", "late"}
    assert "30" in phrase(NOTICES["late"], "en", {"age_hours": 30})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "file: rules: expected a list"),
        ({"rules": ["pain"]}, r"rules\[0\]"),
        ({"rules": [{}]}, r"rules\[0\]: code"),
        (file_with(source=None), "dysreflexia: source: missing"),
        (file_with(sauce="x"), "dysreflexia: sauce: unknown key"),
        (file_with(version=0), "dysreflexia: version: expected a whole number"),
        (file_with(level="E9"), "dysreflexia: level: one of E0, E1, E2, E3"),
        (file_with(scope="clinic"), "dysreflexia: scope: one of"),
        (file_with(pause="care"), "dysreflexia: pause: one of"),
        (file_with(where="cloud"), "dysreflexia: where: one of"),
        (file_with(judged="never"), "dysreflexia: judged: one of"),
        (file_with(owner=" "), "dysreflexia: owner: expected words"),
        (file_with(text={"en": "Sit up"}), "dysreflexia: text: expected a text in zh-Hans and en"),
        (file_with(call={"en": " ", "zh-Hans": "x"}), "dysreflexia: call: expected a text"),
        (
            file_with(text={"en": "Call {number}", "zh-Hans": "x"}),
            r"dysreflexia: text\.en: nobody fills \{number\}",
        ),
        (file_with(when={"field": "pian", "gte": 7}), "no fact is called .pian."),
        (file_with(when={"field": "pain", "above": 7}), "dysreflexia: when: expected exactly one"),
        ({"rules": file_with()["rules"] * 2}, "dysreflexia: code: used twice"),
    ],
)  # fmt: skip
def test_unsound_rule_file_is_refused_by_rule_and_path(data: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleFileError, match=message):
        rules_from(data)


def test_notices_without_a_language_are_refused() -> None:
    with pytest.raises(RuleFileError, match="late"):
        notices_from({"notices": {"late": {"en": "How are you now?"}}})
    with pytest.raises(RuleFileError, match="expected an object"):
        notices_from({})


facts = st.dictionaries(
    st.sampled_from(KNOWN_FACTS),
    st.one_of(
        st.none(),
        st.just("not_recorded"),
        st.integers(-50, 400),
        st.sampled_from(["yes", "no", "unknown", "cannot_feel", "red", "burn", "T4", "training"]),
    ),
    max_size=12,
)
pains = st.one_of(st.none(), st.just("cannot_feel"), st.integers(0, 10))


@given(facts, pains, st.integers(0, 10))
def test_more_pain_never_relaxes_a_stop(known: dict[str, Value], less: Value, more: int) -> None:
    if isinstance(less, int) and less > more:
        less, more = more, less
    before = evaluate(RULES, {**known, "pain": less})
    after = evaluate(RULES, {**known, "pain": more})

    assert {each.rule for each in before} <= {each.rule for each in after}


@given(facts, st.integers(30, 330), st.integers(0, 100))
def test_higher_pressure_never_relaxes_dysreflexia(
    known: dict[str, Value], pressure: int, rise: int
) -> None:
    def is_emergency(systolic: int) -> bool:
        found = evaluate(RULES, {**known, "systolic_during_mmhg": systolic})
        return "dysreflexia" in {each.rule for each in found}

    assert is_emergency(pressure) <= is_emergency(pressure + rise)


@given(facts, st.sampled_from([name for name in KNOWN_FACTS if name.startswith("symptom.")]))
def test_one_more_symptom_never_relaxes_a_rule(known: dict[str, Value], symptom: str) -> None:
    before = {each.rule for each in evaluate(RULES, {**known, symptom: None})}
    after = {each.rule for each in evaluate(RULES, {**known, symptom: "yes"})}

    assert before <= after


@given(facts)
def test_stimulation_above_its_maximum_raises_one_flag(known: dict[str, Value]) -> None:
    above: dict[str, Value] = {
        "physics": "intact",
        "amplitude_ma": 61,
        "maximum.amplitude_ma": 60,
        "sensation": known.get("sensation"),
    }
    if above["sensation"] in (None, "not_recorded", "feels", "feels_less", "cannot_feel"):
        found = [each.rule for each in evaluate(RULES, above)]
        assert len(found) == 1
        assert found[0].startswith("stimulation-above-maximum")


@given(facts)
def test_rules_are_judged_in_two_parts_without_losing_one(known: dict[str, Value]) -> None:
    first = evaluate(RULES, known, judged=Judged.FIRST)
    stored = evaluate(RULES, known, judged=Judged.STORED)

    assert sorted(first + stored, key=lambda each: each.rule) == sorted(
        evaluate(RULES, known), key=lambda each: each.rule
    )


@given(facts)
def test_book_that_looks_at_few_rules_finds_what_all_of_them_find(known: dict[str, Value]) -> None:
    assert evaluate(Book(RULES), known) == evaluate(RULES, known)


def attributed(
    shared: dict[str, Value], parts: dict[str, dict[str, Value]]
) -> list[tuple[str | None, str]]:
    return [(part, each.rule) for part, each in evaluate_session(RULES, shared, parts)]


def test_pain_of_one_part_is_about_that_part() -> None:
    parts: dict[str, dict[str, Value]] = {"shoulder": {"pain": 7}, "elbow": {"pain": 2}}

    assert attributed({}, parts) == [("shoulder", "pain-threshold")]


def test_pain_of_the_whole_session_raises_one_flag_and_not_one_for_every_part() -> None:
    assert attributed({"pain": 8}, {"shoulder": {}, "elbow": {}}) == [(None, "pain-threshold")]


def test_pain_said_of_a_part_is_not_repeated_for_the_session() -> None:
    assert attributed({"pain": 8}, {"shoulder": {"pain": 8}, "elbow": {}}) == [
        ("shoulder", "pain-threshold")
    ]


def test_tick_of_the_session_raises_one_flag() -> None:
    found = attributed({"symptom.limb_warm": "yes"}, {"left-hip": {"pain": 1}, "right-hip": {}})

    assert found == [(None, "suspected-dvt")]


def test_trend_of_one_part_is_about_that_part() -> None:
    own: dict[str, Value] = {"pain": 5, "previous_pain": 5, "pain_baseline_7d": 2}

    assert attributed({}, {"shoulder": own, "elbow": {"pain": 2}}) == [("shoulder", "pain-rise")]
