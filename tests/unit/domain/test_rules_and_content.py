"""The rules speak the words of the catalogue: a misspelt code would be a rule that never fires."""

from collections.abc import Iterator

from exercises import reference
from rehab.domain.conditions import Comparison, Condition
from rehab.domain.facts import MEASURED_FACTS, SESSION_FACTS
from tests.unit.domain.rulebook import GATES, QUESTIONS, RULES

CONDITIONS = [
    *(rule.when for rule in RULES),
    *(gate.applies for gate in GATES),
    *(gate.when for gate in GATES if gate.when is not None),
]


def comparisons(condition: Condition) -> Iterator[Comparison]:
    if isinstance(condition, Comparison):
        yield condition
        return
    for each in condition.conditions:
        yield from comparisons(each)


def asked_of(field: str) -> set[object]:
    """Return the values with which any rule or gate compares a field."""
    found: set[object] = set()
    for condition in CONDITIONS:
        for each in comparisons(condition):
            if each.field == field and each.operator in ("eq", "ne", "in"):
                operand = each.operand
                found |= set(operand) if isinstance(operand, tuple) else {operand}
    return found


def fields_named(family: str) -> set[str]:
    every = (each for condition in CONDITIONS for each in comparisons(condition))
    return {each.field.removeprefix(family) for each in every if each.field.startswith(family)}


def test_every_symptom_that_can_be_ticked_is_looked_at_by_a_rule() -> None:
    assert set(reference.symptoms()) - fields_named("symptom.") == set()


def test_no_rule_waits_for_a_symptom_that_nobody_can_tick() -> None:
    assert fields_named("symptom.") <= set(reference.symptoms())


def test_gate_questions_and_their_answers_exist() -> None:
    for question in fields_named("gate."):
        answers = {answer.code for answer in reference.gate_questions()[question].answers}
        assert asked_of(f"gate.{question}") <= answers


def test_findings_on_the_skin_exist() -> None:
    for field in ("skin_before", "skin_after"):
        answers = {answer.code for answer in reference.gate_questions()[field].answers}
        after = {answer.code for answer in reference.gate_questions()["skin_after"].answers}
        assert asked_of(field) <= answers | after


def test_reasons_to_stop_exist() -> None:
    assert asked_of("stop_reason") <= set(reference.stop_reasons())


def test_conditions_exist() -> None:
    named = fields_named("condition.") | {code for each in QUESTIONS for code in each.conditions}

    assert named <= set(reference.conditions())


def test_modalities_muscles_and_motions_exist() -> None:
    assert asked_of("part.modality") | asked_of("modality") <= set(reference.modalities())
    assert asked_of("part.muscle") <= set(reference.muscles())
    assert asked_of("part.motion") <= set(reference.motions())


def test_feelings_exist() -> None:
    choices = {choice.code for choice in reference.choice_fields()["sensation"].choices}

    assert asked_of("sensation") <= choices | {"unknown"}


def test_every_number_that_a_rule_compares_is_a_field_of_the_catalogue() -> None:
    compared = {
        name
        for condition in CONDITIONS
        for each in comparisons(condition)
        if (name := each.field) in MEASURED_FACTS
    }

    assert compared <= set(reference.dose_fields())


def test_every_field_of_the_catalogue_may_be_looked_at() -> None:
    assert set(reference.dose_fields()) - MEASURED_FACTS - SESSION_FACTS == set()


def test_maxima_belong_to_fields_of_the_catalogue() -> None:
    named = {
        name
        for condition in CONDITIONS
        for each in comparisons(condition)
        if (name := str(getattr(each.operand, "field", ""))).startswith("maximum.")
    }
    fields = {name.removeprefix("maximum.") for name in named if "sessions_per" not in name}

    assert fields <= set(reference.dose_fields())
