"""The committed vectors hold every interpreter to one meaning; this is the Python one."""

from typing import Any

import pytest

from rehab.domain.conditions import condition_from, holds
from rehab.domain.gates import CAUTION, MUST_BE_ANSWERED, STANDS
from rehab.domain.gates import evaluate as evaluate_gates
from rehab.domain.safety import evaluate
from tests.unit.domain.rulebook import GATES, RULES, VECTORS


def named(vector: dict[str, Any]) -> str:
    return str(vector["name"])


@pytest.mark.parametrize("vector", VECTORS["language"], ids=named)
def test_language_means_what_the_vectors_say(vector: dict[str, Any]) -> None:
    condition = condition_from(vector["when"], "vector")

    assert holds(condition, vector["facts"]) is vector["holds"]


@pytest.mark.parametrize("vector", VECTORS["safety"], ids=named)
def test_rules_fire_as_the_vectors_say(vector: dict[str, Any]) -> None:
    assert sorted(each.rule for each in evaluate(RULES, vector["facts"])) == vector["fired"]


@pytest.mark.parametrize("vector", VECTORS["gates"], ids=named)
@pytest.mark.parametrize(
    ("code", "key"),
    [
        (STANDS, "contraindicated"),
        (MUST_BE_ANSWERED, "must_be_answered"),
        (CAUTION, "caution"),
    ],
)
def test_gates_close_as_the_vectors_say(vector: dict[str, Any], code: str, key: str) -> None:
    found = evaluate_gates(GATES, vector["facts"])

    assert sorted(each.gate for each in found if each.code == code) == vector[key]


def test_every_rule_has_a_vector_in_which_it_fires() -> None:
    fired = {code for vector in VECTORS["safety"] for code in vector["fired"]}

    assert fired == {rule.code for rule in RULES}


def test_every_gate_has_a_vector_in_which_it_closes() -> None:
    keys = ("contraindicated", "must_be_answered", "caution")
    closed = {code for vector in VECTORS["gates"] for key in keys for code in vector[key]}

    assert closed == {gate.code for gate in GATES}


def test_vectors_have_different_names() -> None:
    for part in ("language", "safety", "gates"):
        names = [vector["name"] for vector in VECTORS[part]]
        assert len(names) == len(set(names))
