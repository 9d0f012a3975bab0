"""Assignment gates: what must be known, and must not be so, before a part may be assigned.

The gates are in `rehab/rules/gates.json`, in the language of the safety rules, over the facts of
`rehab.domain.facts.assignment_facts`. An absolute gate blocks; only an override by a named person,
with a reason and an expiry, lets one item past it. Unknown is never "none": while a question of an
absolute gate is unanswered the part is blocked, and no override helps: it must be answered. A
relative gate warns.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from rehab.domain.conditions import (
    Because,
    Condition,
    Facts,
    RuleFileError,
    because,
    holds,
    is_recorded,
)
from rehab.domain.facts import is_fact
from rehab.domain.safety import known_condition
from rehab.domain.wording import Text, text_from, whole_from, words_from

Strength = Literal["absolute", "relative"]

MUST_BE_ANSWERED = "unknown_must_be_answered"
NOT_ANSWERED = "unknown_not_answered"
STANDS = "contraindicated"
CAUTION = "caution"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the clinical profile; `conditions` of the profile that answer it "yes"."""

    code: str
    labels: Text
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """applies: to which parts. asks: facts that must be known. when: what blocks or warns.

    A gate without `when` only asks.
    """

    code: str
    version: int
    strength: Strength
    applies: Condition
    asks: tuple[str, ...]
    when: Condition | None
    text: Text
    source: str
    owner: str
    proposed: bool


@dataclass(frozen=True, slots=True)
class Blocked:
    """A gate that a part does not pass freely.

    code: `contraindicated` (absolute, an override is possible), `unknown_must_be_answered`
    (absolute, none is), `caution` and `unknown_not_answered` (relative: warnings).
    unanswered: the facts that are unknown. because: the facts that made it so.
    """

    gate: str
    version: int
    strength: Strength
    code: str
    unanswered: tuple[str, ...]
    because: Because

    @property
    def is_warning(self) -> bool:
        return self.strength == "relative"

    @property
    def may_be_overridden(self) -> bool:
        return self.code == STANDS


@dataclass(frozen=True, slots=True)
class Override:
    """A named person lets one item past one absolute gate, for a reason, until a moment."""

    gate: str
    by: UUID
    reason: str
    expires_at: datetime


def evaluate(gates: Iterable[Gate], facts: Facts) -> list[Blocked]:
    """Return what stands against assigning the part with these facts, absolute ones first."""
    found = [blocked for gate in gates for blocked in _judge(gate, facts)]
    return sorted(found, key=lambda each: (each.strength, each.gate))


def standing(
    blocked: Iterable[Blocked], overrides: Sequence[Override], at: datetime
) -> list[Blocked]:
    """Return what still blocks at a moment: warnings and overridden gates are left out."""
    open_gates = {each.gate for each in overrides if each.reason.strip() and at < each.expires_at}
    return [
        each
        for each in blocked
        if not each.is_warning and not (each.may_be_overridden and each.gate in open_gates)
    ]


def gates_from(data: Mapping[str, object]) -> tuple[Gate, ...]:
    """Read the gates of a gate file; RuleFileError names the gate and the path."""
    given = data.get("gates")
    if not isinstance(given, list) or not given:
        raise RuleFileError("file", "gates", "expected a list with at least one gate")
    gates = tuple(_gate(each, place) for place, each in enumerate(given))
    for place, gate in enumerate(gates):
        if gate.code in {earlier.code for earlier in gates[:place]}:
            raise RuleFileError(gate.code, "code", "used twice")
    return gates


def questions_from(data: Mapping[str, object]) -> tuple[Question, ...]:
    """Read the questions of a gate file, in the order in which they are asked."""
    given = data.get("questions")
    if not isinstance(given, list):
        raise RuleFileError("file", "questions", "expected a list")
    return tuple(_question(each, place) for place, each in enumerate(given))


def conditions_by_question(questions: Iterable[Question]) -> dict[str, tuple[str, ...]]:
    """Return which conditions of the profile answer which question (for `assignment_facts`)."""
    return {question.code: question.conditions for question in questions}


def questions_for(gates: Iterable[Gate], facts: Facts) -> tuple[str, ...]:
    """Return the facts that must be known before the part with these facts may be assigned."""
    asked = (
        name
        for gate in gates
        if gate.strength == "absolute" and holds(gate.applies, facts)
        for name in gate.asks
    )
    return tuple(dict.fromkeys(asked))


def _judge(gate: Gate, facts: Facts) -> list[Blocked]:
    if not holds(gate.applies, facts):
        return []
    if gate.when is not None and holds(gate.when, facts):
        code = STANDS if gate.strength == "absolute" else CAUTION
        return [_blocked(gate, code, (), because(gate.when, facts))]
    unanswered = tuple(name for name in gate.asks if not _is_known(name, facts))
    if not unanswered:
        return []
    code = MUST_BE_ANSWERED if gate.strength == "absolute" else NOT_ANSWERED
    return [_blocked(gate, code, unanswered, ())]


def _blocked(gate: Gate, code: str, unanswered: tuple[str, ...], found: Because) -> Blocked:
    return Blocked(gate.code, gate.version, gate.strength, code, unanswered, found)


def _is_known(name: str, facts: Facts) -> bool:
    value = facts.get(name)
    return is_recorded(value) and value != "unknown"


def _gate(data: object, place: int) -> Gate:
    if not isinstance(data, Mapping) or not isinstance(data.get("code"), str):
        raise RuleFileError(f"gates[{place}]", "code", "expected a code")
    code = str(data["code"])
    _check_keys(data, code)
    return Gate(
        code=code,
        version=whole_from(data["version"], code, "version"),
        strength=_strength(data["strength"], code),
        applies=known_condition(data["applies"], code, "applies"),
        asks=_asks(data["asks"], code),
        when=None if data["when"] is None else known_condition(data["when"], code, "when"),
        text=text_from(data["text"], code, "text"),
        source=words_from(data["source"], code, "source"),
        owner=words_from(data["owner"], code, "owner"),
        proposed=data["proposed"] is True,
    )


def _check_keys(data: Mapping[str, object], code: str) -> None:
    wanted = set(Gate.__dataclass_fields__)
    for key in sorted(wanted.symmetric_difference(data)):
        raise RuleFileError(code, key, "missing" if key in wanted else "unknown key")


def _strength(data: object, code: str) -> Strength:
    if data == "absolute":
        return "absolute"
    if data == "relative":
        return "relative"
    raise RuleFileError(code, "strength", "absolute or relative")


def _asks(data: object, code: str) -> tuple[str, ...]:
    if not isinstance(data, list) or not all(isinstance(name, str) for name in data):
        raise RuleFileError(code, "asks", "expected a list of facts")
    for name in data:
        if not is_fact(name):
            raise RuleFileError(code, "asks", f"no fact is called {name!r}")
    return tuple(data)


def _question(data: object, place: int) -> Question:
    if not isinstance(data, Mapping) or not isinstance(data.get("code"), str):
        raise RuleFileError(f"questions[{place}]", "code", "expected a code")
    code = str(data["code"])
    conditions = data.get("conditions", [])
    if not isinstance(conditions, list):
        raise RuleFileError(code, "conditions", "expected a list of conditions")
    labels = text_from(data.get("labels"), code, "labels")
    return Question(code, labels, tuple(str(each) for each in conditions))
