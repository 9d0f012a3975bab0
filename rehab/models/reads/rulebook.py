"""The safety rules and notices as they ship with the code, for showing."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from rehab.domain.safety import Rule, notices_from, phrase, rules_from

RULES = Path(__file__).resolve().parents[2] / "rules"


@lru_cache(maxsize=8)
def sheet(name: str) -> Mapping[str, object]:
    """Return one rule file as it is written: "safety" or "gates"."""
    data: Mapping[str, object] = json.loads((RULES / f"{name}.json").read_text("utf-8"))
    return data


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    return {rule.code: rule for rule in rules_from(sheet("safety"))}


@lru_cache(maxsize=1)
def notices() -> Mapping[str, Mapping[str, str]]:
    return notices_from(sheet("safety"))


def text_of(rule: str | None, kind: str, language: str, values: Mapping[str, object]) -> str:
    """Return what a rule says (`text`, `instead` or `call`) in one language.

    Empty for no rule, and for one that a later release has taken out of the book.
    """
    known = rules().get(rule or "")
    return "" if known is None else phrase(getattr(known, kind), language, values)
