"""The closed language of safety rules and assignment gates, and its interpreter.

    {"all": [...]}   {"any": [...]}                      nested as deep as needed, never empty
    {"field": "pain", "gte": 7}                          eq ne lt lte gt gte: a constant,
    {"field": "systolic_after_mmhg",
     "gte": {"baseline": "baseline.systolic_mmhg", "delta": 20}}      or another field + delta
    {"field": "skin_after", "in": ["burn", "blister"]}
    {"field": "baseline.systolic_mmhg", "recorded": false}

A field that is missing, None or "not_recorded", or a baseline that is, makes every comparison
false, `ne` among them; only `recorded` sees absence. lt, lte, gt, gte compare numbers with
numbers; anything else is false, so "cannot_feel" is never a pain score. eq and ne compare values
of the same kind (number, text, yes-or-no); different kinds are neither equal nor unequal.
The same vectors (`rehab/rules/vectors.json`) hold every interpreter to this.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import Literal, TypeGuard

Value = float | int | str | bool | None
Facts = Mapping[str, Value]
Operator = Literal["eq", "ne", "lt", "lte", "gt", "gte", "in", "recorded"]

NOT_RECORDED = "not_recorded"

_ORDERED: Mapping[str, Callable[[float, float], bool]] = {"lt": lt, "lte": le, "gt": gt, "gte": ge}
_EQUAL: Mapping[str, Callable[[object, object], bool]] = {"eq": eq, "ne": ne}
OPERATORS = frozenset({*_ORDERED, *_EQUAL, "in", "recorded"})


class RuleFileError(ValueError):
    """A rule file that cannot be read; the message names the rule and the path."""

    def __init__(self, rule: str, path: str, problem: str) -> None:
        super().__init__(f"{rule}: {path}: {problem}")
        self.rule = rule
        self.path = path
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Baseline:
    """Another field of the facts, plus a delta (0 unless given)."""

    field: str
    delta: float = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    field: str
    operator: str
    operand: Value | Baseline | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """True when all of its conditions are."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """True when any of its conditions is."""

    conditions: tuple["Condition", ...]


Condition = Comparison | Every | Some
Because = tuple[tuple[str, Value], ...]


def holds(condition: Condition, facts: Facts) -> bool:
    """Tell whether the condition is true of the facts."""
    match condition:
        case Every(conditions):
            return all(holds(each, facts) for each in conditions)
        case Some(conditions):
            return any(holds(each, facts) for each in conditions)
        case Comparison():
            return compares(condition, facts)


def because(condition: Condition, facts: Facts) -> Because:
    """Return the (field, value) pairs that made the condition true, each field once."""
    found: dict[str, Value] = {}
    for comparison in _true_comparisons(condition, facts):
        found.setdefault(comparison.field, facts.get(comparison.field))
        if isinstance(comparison.operand, Baseline):
            found.setdefault(comparison.operand.field, facts.get(comparison.operand.field))
    return tuple(found.items())


def fields_of(condition: Condition) -> frozenset[str]:
    """Return every field that the condition looks at, baselines among them."""
    match condition:
        case Every(conditions) | Some(conditions):
            return frozenset().union(*(fields_of(each) for each in conditions))
        case Comparison(field, _, Baseline(other)):
            return frozenset({field, other})
        case Comparison(field):
            return frozenset({field})


def triggers(condition: Condition) -> frozenset[Comparison] | None:
    """Return comparisons of which at least one must be true before the condition can be.

    None when there is no such set: the condition can be true of nothing at all. A missing field
    makes every comparison false, so most rules need not be looked at in most sessions.
    """
    match condition:
        case Comparison(_, "recorded", False):
            return None
        case Comparison():
            return frozenset({condition})
        case Some(conditions):
            wanted = [triggers(each) for each in conditions]
            return None if None in wanted else frozenset().union(*(each or () for each in wanted))
        case Every(conditions):
            known = [each for each in map(triggers, conditions) if each is not None]
            # The comparison that is asked for last: what a session says, not who it is about.
            return max(known, key=_rarity, default=None)


def _rarity(comparisons: frozenset[Comparison]) -> tuple[bool, int]:
    always = ("profile.", "condition.", "baseline.", "dose.", "maximum.")
    standing = {"kind", "modality", "physics", "age_hours", "outcome", "sensation"}
    common = any(each.field in standing or each.field.startswith(always) for each in comparisons)
    return not common, -len(comparisons)


def is_recorded(value: Value) -> bool:
    return value is not None and value != NOT_RECORDED


def condition_from(data: object, rule: str, path: str = "when") -> Condition:
    """Read a condition from JSON; RuleFileError names the rule and the path."""
    if not isinstance(data, Mapping):
        raise RuleFileError(rule, path, "expected an object")
    keys = set(data)
    if keys == {"all"}:
        return Every(_conditions(data["all"], rule, f"{path}.all"))
    if keys == {"any"}:
        return Some(_conditions(data["any"], rule, f"{path}.any"))
    return _comparison(data, rule, path)


def compares(comparison: Comparison, facts: Facts) -> bool:
    """Tell whether one comparison is true of the facts."""
    value = facts.get(comparison.field)
    if comparison.operator == "recorded":
        return is_recorded(value) is comparison.operand
    if not is_recorded(value):
        return False
    if isinstance(comparison.operand, tuple):
        return any(_same(value, each) for each in comparison.operand)
    return _against(comparison.operator, value, _operand(comparison.operand, facts))


def compiled(comparison: Comparison) -> Callable[[Facts], bool]:
    """Return a comparison as a function that says what `compares` says, quicker."""
    name, operand = comparison.field, comparison.operand
    if isinstance(operand, Baseline) and comparison.operator in _ORDERED:
        return _beside_baseline(name, _ORDERED[comparison.operator], operand)
    if isinstance(operand, int | float) and comparison.operator in _ORDERED:
        return _beside_number(name, _ORDERED[comparison.operator], operand)
    choices = operand if isinstance(operand, tuple) else (operand,)
    if comparison.operator in ("eq", "in") and all(isinstance(each, str) for each in choices):
        words = frozenset(choices) - {NOT_RECORDED}
        return lambda facts: facts.get(name) in words
    return lambda facts: compares(comparison, facts)


def _beside_number(
    name: str, order: Callable[[float, float], bool], bound: float
) -> Callable[[Facts], bool]:
    def test(facts: Facts) -> bool:
        value = facts.get(name)
        return _is_number(value) and order(value, bound)

    return test


def _beside_baseline(
    name: str, order: Callable[[float, float], bool], baseline: Baseline
) -> Callable[[Facts], bool]:
    other, delta = baseline.field, baseline.delta

    def test(facts: Facts) -> bool:
        value, bound = facts.get(name), facts.get(other)
        return _is_number(value) and _is_number(bound) and order(value, bound + delta)

    return test


def _operand(operand: Value | Baseline, facts: Facts) -> Value:
    if not isinstance(operand, Baseline):
        return operand
    base = facts.get(operand.field)
    if _is_number(base):
        return base + operand.delta
    return base if is_recorded(base) and operand.delta == 0 else None


def _against(operator: str, value: Value, operand: Value) -> bool:
    if operator in _EQUAL:
        return _same_kind(value, operand) and _EQUAL[operator](value, operand)
    if not _is_number(value) or not _is_number(operand):
        return False
    return _ORDERED[operator](value, operand)


def _same(one: Value, other: Value) -> bool:
    return _same_kind(one, other) and one == other


def _same_kind(one: Value, other: Value) -> bool:
    if _is_number(one) or _is_number(other):
        return _is_number(one) and _is_number(other)
    return one is not None and type(one) is type(other)


def _is_number(value: Value) -> TypeGuard[float]:
    kind = type(value)
    return (
        kind is float
        or kind is int
        or (isinstance(value, int | float) and not isinstance(value, bool))
    )


def _true_comparisons(condition: Condition, facts: Facts) -> Iterator[Comparison]:
    if not holds(condition, facts):
        return
    if isinstance(condition, Comparison):
        yield condition
        return
    for each in condition.conditions:
        yield from _true_comparisons(each, facts)


def _conditions(data: object, rule: str, path: str) -> tuple[Condition, ...]:
    if not isinstance(data, list) or not data:
        raise RuleFileError(rule, path, "expected a list with at least one condition")
    return tuple(condition_from(each, rule, f"{path}[{place}]") for place, each in enumerate(data))


def _comparison(data: Mapping[str, object], rule: str, path: str) -> Comparison:
    operators = [key for key in data if key != "field"]
    field = data.get("field")
    if not isinstance(field, str) or not field:
        raise RuleFileError(rule, f"{path}.field", "expected the name of a field")
    if len(operators) != 1 or operators[0] not in OPERATORS:
        wanted = ", ".join(sorted(OPERATORS))
        raise RuleFileError(rule, path, f"expected exactly one operator of {wanted}")
    operator = operators[0]
    where = f"{path}.{operator}"
    return Comparison(field, operator, _operand_from(operator, data[operator], rule, where))


def _operand_from(
    operator: str, data: object, rule: str, path: str
) -> Value | Baseline | tuple[Value, ...]:
    if operator == "recorded":
        if not isinstance(data, bool):
            raise RuleFileError(rule, path, "expected true or false")
        return data
    if operator == "in":
        return _choices(data, rule, path)
    if isinstance(data, Mapping):
        return _baseline(data, rule, path)
    return _constant(operator, data, rule, path)


def _choices(data: object, rule: str, path: str) -> tuple[Value, ...]:
    if not isinstance(data, list) or not data:
        raise RuleFileError(rule, path, "expected a list with at least one value")
    return tuple(_constant("in", each, rule, f"{path}[{place}]") for place, each in enumerate(data))


def _baseline(data: Mapping[str, object], rule: str, path: str) -> Baseline:
    field, delta = data.get("baseline"), data.get("delta", 0)
    if set(data) - {"baseline", "delta"} or not isinstance(field, str):
        raise RuleFileError(rule, path, "expected a baseline field and perhaps a delta")
    if not isinstance(delta, int | float) or isinstance(delta, bool):
        raise RuleFileError(rule, f"{path}.delta", "expected a number")
    return Baseline(field, delta)


def _constant(operator: str, data: object, rule: str, path: str) -> Value:
    if isinstance(data, int | float) and not isinstance(data, bool):
        return data
    if operator not in _ORDERED and isinstance(data, str | bool):
        return data
    expected = "a number" if operator in _ORDERED else "a number, a text, true or false"
    raise RuleFileError(rule, path, f"expected {expected}")
