"""The rule files that ship with this version, read once: data with version, source and owner."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from rehab.domain import escalation as escalations
from rehab.domain import gates as gate_rules
from rehab.domain import safety
from rehab.domain.conditions import fields_of
from rehab.domain.diet import DietLimits
from rehab.domain.measures import Limits
from rehab.domain.nutrition import NutritionLimits

_FOLDER = Path(__file__).parent


@lru_cache(maxsize=8)
def data(name: str) -> Mapping[str, Any]:
    """Return one rule file as it is written: safety, gates, escalation or nutrition."""
    loaded: Mapping[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


@lru_cache(maxsize=1)
def rules() -> Mapping[str, safety.Rule]:
    return {rule.code: rule for rule in safety.rules_from(data("safety"))}


@lru_cache(maxsize=1)
def operations() -> Mapping[str, safety.Rule]:
    """Return what is told when the service itself fails, read apart from the safety rules."""
    return {rule.code: rule for rule in safety.rules_from(data("operations"))}


def known() -> Mapping[str, safety.Rule]:
    """Return every rule that a flag may name; where the safety rules cannot be read, the others.

    What has to be said when the rules are broken must not need them.
    """
    try:
        return {**operations(), **rules()}
    except (ValueError, KeyError, OSError):
        return operations()


@lru_cache(maxsize=1)
def private_symptoms() -> frozenset[str]:
    """Return the signs that are news only for those who may see conditions."""
    fields = (name for rule in rules().values() if rule.private for name in fields_of(rule.when))
    return frozenset(
        name.removeprefix("symptom.") for name in fields if name.startswith("symptom.")
    )


@lru_cache(maxsize=1)
def book() -> safety.Book:
    """Return the rules so that judging a session looks only at those that can fire."""
    return safety.Book(rules().values())


@lru_cache(maxsize=1)
def notices() -> Mapping[str, safety.Text]:
    return safety.notices_from(data("safety"))


@lru_cache(maxsize=1)
def gates() -> Mapping[str, gate_rules.Gate]:
    return {gate.code: gate for gate in gate_rules.gates_from(data("gates"))}


@lru_cache(maxsize=1)
def questions() -> tuple[gate_rules.Question, ...]:
    return gate_rules.questions_from(data("gates"))


@lru_cache(maxsize=1)
def escalation() -> escalations.Escalation:
    return escalations.escalation_from(data("escalation"))


@lru_cache(maxsize=1)
def nutrition() -> NutritionLimits:
    sheet = data("nutrition")
    return NutritionLimits(
        fields={each["code"]: _limits(each) for each in sheet["fields"]},
        protein_kidney_soft_max=sheet["protein_kidney_soft_max"]["value"],
        disagree_percent=sheet["disagree_percent"]["value"],
    )


@lru_cache(maxsize=1)
def diet() -> DietLimits:
    sheet = data("diet")
    return DietLimits(
        fields={each["code"]: _limits(each) for each in sheet["fields"]},
        weight_jump_percent=sheet["weight_jump_percent"]["value"],
    )


def _limits(each: Mapping[str, Any]) -> Limits:
    return Limits(
        field=each["code"],
        unit=each["unit"],
        hard_min=each["hard_min"],
        hard_max=each["hard_max"],
        soft_min=each.get("soft_min"),
        soft_max=each.get("soft_max"),
        integer=each.get("integer", False),
        likely=tuple(each.get("likely", ("sign", "factor 10"))),
    )
