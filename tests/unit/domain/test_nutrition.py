"""A nutrition plan as it was typed: what is missing, what can't be, what is asked about."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab import rules
from rehab.domain.nutrition import NutritionEntry, SupplementEntry, nutrition_findings, unconfirmed

TODAY = date(2026, 10, 21)
# Eleanor of the cases: her dietitian set 42 g, that is 0.8 g/kg of 52 kg.
ELEANOR = NutritionEntry(
    set_by="Ana Ruiz",
    set_by_role="Dietitian",
    set_on=date(2026, 10, 12),
    weight_kg=52,
    weighed_on=date(2026, 10, 10),
    protein_g_per_kg=0.8,
    protein_g=42,
)


def found(entry, *, kidney="unknown"):
    findings = nutrition_findings(entry, rules.nutrition(), kidney=kidney, today=TODAY)
    return {each.field: each.code for each in findings}


def test_a_target_of_a_named_person_with_its_weight_stands():
    assert found(ELEANOR, kidney="severe") == {}


def test_nothing_at_all_names_what_is_missing():
    assert found(NutritionEntry()) == {
        "set_by": "nobody_named",
        "set_on": "no_date",
        "notes": "nothing_set",
    }


@pytest.mark.parametrize("target", ["energy_kcal", "protein_g", "protein_g_per_kg"])
def test_a_target_that_rests_on_a_weight_needs_one(target):
    bare = replace(ELEANOR, weight_kg=None, weighed_on=None, protein_g=None, protein_g_per_kg=None)
    value = {"energy_kcal": 1500, "protein_g": 42, "protein_g_per_kg": 0.8}[target]
    assert found(replace(bare, **{target: value})) == {"weight_kg": "no_weight"}


def test_a_weight_needs_its_day():
    assert found(replace(ELEANOR, weighed_on=None)) == {"weighed_on": "no_date"}


def test_grams_that_disagree_with_grams_a_kilogram_name_all_three():
    assert found(replace(ELEANOR, protein_g=60)) == {
        "protein_g": "protein_disagrees",
        "protein_g_per_kg": "protein_disagrees",
        "weight_kg": "protein_disagrees",
    }


def test_rounding_is_no_disagreement():
    assert found(replace(ELEANOR, protein_g=41.6)) == {}


def test_fluids_and_texture_need_no_weight():
    entry = NutritionEntry(set_by="Ana Ruiz", set_on=TODAY, fluids_ml=1500, food_level=5)
    assert found(entry) == {}


def test_zero_is_a_value():
    entry = NutritionEntry(set_by="Ana Ruiz", set_on=TODAY, fluids_ml=0, drink_level=0)
    assert found(entry) == {}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("weight_kg", 0, "below_recordable"),
        ("protein_g", -42, "negative"),
        ("fluids_ml", 10001, "above_recordable"),
        ("food_level", 2, "below_recordable"),
        ("drink_level", 5, "above_recordable"),
    ],
)
def test_what_cannot_be_is_refused(field, value, code):
    assert found(replace(ELEANOR, protein_g_per_kg=None, **{field: value}))[field] == code


def test_a_day_ahead_is_refused():
    assert found(replace(ELEANOR, set_on=date(2026, 10, 22))) == {"set_on": "day_ahead"}


def test_an_unusual_target_is_asked_about_once():
    entry = replace(ELEANOR, protein_g_per_kg=2.0, protein_g=None)
    findings = list(nutrition_findings(entry, rules.nutrition(), kidney="normal", today=TODAY))
    assert [each.field for each in unconfirmed(findings, ())] == ["protein_g_per_kg"]
    assert unconfirmed(findings, ("protein_g_per_kg",)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"protein_g_per_kg": 1.2, "protein_g": None}, "protein_g_per_kg"),
        ({"protein_g_per_kg": None, "protein_g": 62.4}, "protein_g"),
    ],
)
def test_more_protein_is_asked_about_where_the_kidneys_are_severely_impaired(changes, field):
    entry = replace(ELEANOR, **changes)
    assert found(entry, kidney="severe") == {field: "above_for_kidney"}
    assert found(entry, kidney="dialysis") == {}


def test_a_supplement_says_what_it_is():
    entry = replace(ELEANOR, supplements=(SupplementEntry(amount="1 a day"),))
    assert found(entry) == {"supplements.0.text": "nothing_named"}


@given(
    weight=st.floats(20, 200),
    each_kg=st.floats(0.6, 1.5),
    off=st.floats(0, 0.04),
)
def test_what_was_multiplied_by_hand_and_rounded_always_stands(weight, each_kg, off):
    entry = replace(
        ELEANOR,
        weight_kg=weight,
        protein_g_per_kg=each_kg,
        protein_g=weight * each_kg * (1 + off),
    )
    assert found(entry) == {}


def test_every_limit_names_its_source_and_owner():
    sheet = rules.data("nutrition")
    limits = [*sheet["fields"], sheet["protein_kidney_soft_max"], sheet["disagree_percent"]]
    assert all(each["source"] and each["owner"] for each in limits)
