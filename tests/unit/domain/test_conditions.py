from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.conditions import (
    Condition,
    Every,
    RuleFileError,
    Some,
    Value,
    because,
    condition_from,
    fields_of,
    holds,
)

FIELDS = ["pain", "effort", "skin_after"]
numbers = st.one_of(st.integers(-5, 12), st.floats(-5, 12))
values = st.one_of(
    st.none(), st.just("not_recorded"), st.booleans(), numbers, st.sampled_from(["red", "burn"])
)
facts = st.dictionaries(st.sampled_from(FIELDS), values)


def comparisons() -> st.SearchStrategy[dict[str, Any]]:
    field = st.sampled_from(FIELDS)
    baseline = st.fixed_dictionaries({"baseline": field, "delta": numbers})
    ordered = st.sampled_from(["lt", "lte", "gt", "gte"])
    return st.one_of(
        st.tuples(field, ordered, st.one_of(numbers, baseline)),
        st.tuples(field, st.sampled_from(["eq", "ne"]), st.one_of(numbers, st.just("red"))),
        st.tuples(field, st.just("in"), st.lists(numbers, min_size=1, max_size=3)),
        st.tuples(field, st.just("recorded"), st.booleans()),
    ).map(lambda each: {"field": each[0], each[1]: each[2]})


conditions = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda each: {"all": each}),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: {"any": each}),
    ),
    max_leaves=6,
).map(lambda data: condition_from(data, "property"))


def read(data: object) -> Condition:
    return condition_from(data, "pain-threshold")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], r"pain-threshold: when: expected an object"),
        ({"all": []}, r"when\.all: expected a list"),
        ({"any": {"field": "pain"}}, r"when\.any: expected a list"),
        ({"gte": 7}, r"when\.field: expected the name"),
        ({"field": "pain"}, r"when: expected exactly one operator"),
        ({"field": "pain", "gte": 7, "lt": 9}, r"when: expected exactly one operator"),
        ({"field": "pain", "matches": ".*"}, r"when: expected exactly one operator"),
        ({"field": "pain", "gte": "7"}, r"when\.gte: expected a number"),
        ({"field": "pain", "gte": True}, r"when\.gte: expected a number"),
        ({"field": "pain", "eq": None}, r"when\.eq: expected"),
        ({"field": "pain", "in": []}, r"when\.in: expected a list"),
        ({"field": "pain", "in": [[1]]}, r"when\.in\[0\]: expected"),
        ({"field": "pain", "recorded": "yes"}, r"when\.recorded: expected true or false"),
        ({"field": "pain", "gte": {"delta": 2}}, r"when\.gte: expected a baseline"),
        ({"field": "pain", "gte": {"baseline": "effort", "times": 2}}, r"when\.gte: expected"),
        (
            {"field": "pain", "gte": {"baseline": "effort", "delta": "2"}},
            r"when\.gte\.delta: expected a number",
        ),
        (
            {"all": [{"field": "pain", "gte": 7}, {"any": [{"field": "pain"}]}]},
            r"when\.all\[1\]\.any\[0\]: expected exactly one operator",
        ),
    ],
)
def test_what_cannot_be_read_is_named_with_rule_and_path(data: object, message: str) -> None:
    with pytest.raises(RuleFileError, match=message):
        read(data)


def test_fields_of_a_condition_include_its_baselines() -> None:
    condition = read({"all": [{"field": "pain", "gte": {"baseline": "effort"}}]})

    assert fields_of(condition) == {"pain", "effort"}


def test_reasons_are_the_true_comparisons_only() -> None:
    condition = read({"any": [{"field": "pain", "gte": 7}, {"field": "effort", "gte": 7}]})

    assert because(condition, {"pain": 3, "effort": 8}) == (("effort", 8),)


@given(conditions, facts)
def test_condition_is_true_exactly_when_it_has_reasons(
    condition: Condition, known: dict[str, Value]
) -> None:
    assert holds(condition, known) is bool(because(condition, known))


@given(comparisons(), facts)
def test_what_is_not_recorded_makes_every_comparison_false(
    data: dict[str, Any], known: dict[str, Value]
) -> None:
    if "recorded" not in data:
        known = {**known, data["field"]: "not_recorded"}
        assert not holds(read(data), known)


@given(conditions, facts)
def test_missing_null_and_not_recorded_mean_the_same(
    condition: Condition, known: dict[str, Value]
) -> None:
    absent = {name for name, value in known.items() if value in (None, "not_recorded")}
    left_out = {name: value for name, value in known.items() if name not in absent}
    marked = {**left_out, **dict.fromkeys(absent, "not_recorded")}

    assert holds(condition, known) == holds(condition, left_out) == holds(condition, marked)


@given(conditions, facts)
def test_all_of_one_and_any_of_one_are_that_one(
    condition: Condition, known: dict[str, Value]
) -> None:
    assert holds(Every((condition,)), known) == holds(Some((condition,)), known)
    assert holds(Every((condition,)), known) == holds(condition, known)
