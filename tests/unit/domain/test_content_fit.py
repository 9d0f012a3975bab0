"""What content is fit for one body: unknown is never none, and the safer of two orders holds."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.content_fit import (
    Allergy,
    BodyFacts,
    Missing,
    Reason,
    bare_allergy,
    fit_of,
    name_pattern,
    named_in,
    pieces,
    reason_as_seen,
)

EVERYTHING = frozenset({"see_diet", "see_conditions", "see_sessions"})
AT_RISK = BodyFacts(conditions=["stroke"], swallowing_conditions=["stroke", "als"])
NAMES = {
    "peanut": ["Peanut", "groundnut", "peanut butter", "花生", "花生酱"],
    "milk": ["Milk", "butter", "乳"],
    "egg": ["Egg", "蛋", "鸡蛋"],
}


def test_a_body_of_which_nothing_is_known():
    fit = fit_of(BodyFacts())
    assert fit.allergies_unknown
    assert not fit.hides_all_recipes
    assert set(fit.missing) == set(Missing) - {Missing.ALLERGY_WORDS}


def test_a_body_of_which_all_is_known_has_no_gaps():
    known = BodyFacts(allergies_known="no", food_levels=[7], kidney="normal", drugs_known="no")
    assert fit_of(known).missing == ()


@pytest.mark.parametrize("conditions", [["stroke"], ["als"], ["stroke", "sarcopenia"]])
def test_an_unknown_level_hides_all_recipes_where_swallowing_may_be_affected(conditions):
    assert fit_of(replace(AT_RISK, conditions=conditions)).hides_all_recipes


def test_a_known_level_ends_that():
    assert not fit_of(replace(AT_RISK, food_levels=[4])).hides_all_recipes


def test_drinks_wait_for_their_own_level():
    fit = fit_of(replace(AT_RISK, food_levels=[4]))
    assert fit.hides_drinks_of_unknown_level
    assert not fit_of(
        replace(AT_RISK, food_levels=[4], drink_levels=[0])
    ).hides_drinks_of_unknown_level


@given(st.lists(st.integers(3, 7), min_size=1), st.lists(st.integers(0, 4), min_size=1))
def test_of_two_orders_the_softer_food_and_the_thicker_drink_hold(foods, drinks):
    fit = fit_of(BodyFacts(food_levels=foods, drink_levels=drinks))
    assert all(fit.food_level <= level for level in foods)
    assert all(fit.drink_level >= level for level in drinks)


@pytest.mark.parametrize(
    ("levels", "allowed", "hides"),
    [([], "unknown", False), ([7], "unknown", False), ([6], "unknown", True),
     ([6], "no", True), ([6], "yes", False)],
)  # fmt: skip
def test_mixed_textures_are_for_regular_food_unless_allowed(levels, allowed, hides):
    assert fit_of(BodyFacts(food_levels=levels, mixed_textures=allowed)).hides_mixed is hides


@pytest.mark.parametrize(
    ("known", "allergies", "unknown"),
    [("no", [], False), ("yes", [Allergy(code="soy")], False), ("yes", [], True),
     ("unknown", [], True), ("unknown", [Allergy(code="soy")], True)],
)  # fmt: skip
def test_allergies_are_known_once_somebody_said_none_or_which(known, allergies, unknown):
    assert fit_of(BodyFacts(allergies_known=known, allergies=allergies)).allergies_unknown is (
        unknown
    )


def test_an_allergy_holds_whatever_else_was_answered():
    fit = fit_of(BodyFacts(allergies_known="no", allergies=[Allergy(code="soy")]))
    assert fit.allergens == {"soy"}


@pytest.mark.parametrize("kidney", ["reduced", "severe", "dialysis"])
def test_weak_kidneys_are_a_condition(kidney):
    fit = fit_of(BodyFacts(kidney=kidney))
    assert fit.kidney_disease and "chronic_kidney_disease" in fit.conditions


def test_unknown_kidneys_are_neither_weak_nor_recorded():
    fit = fit_of(BodyFacts(kidney="unknown"))
    assert not fit.kidney_disease and Missing.KIDNEY in fit.missing


def test_a_drug_brings_its_group():
    fit = fit_of(BodyFacts(drugs=["warfarin"], drug_groups={"warfarin": "vitamin_k_antagonist"}))
    assert fit.substances == {"warfarin", "vitamin_k_antagonist"}


# Names


@pytest.mark.parametrize(
    ("text", "found"),
    [("Peanut butter", ["peanut"]), ("some butter", ["milk"]), ("花生酱", ["peanut"]),
     ("蛋", ["egg"]), ("蛋白质", []), ("two eggs", ["egg"]), ("eggplant", []), ("Mango", []),
     ("GROUNDNUTS", ["peanut"]), ("egg and milk", ["milk", "egg"])],
)  # fmt: skip
def test_typed_words_name_what_they_name(text, found):
    assert named_in(text, NAMES) == found


def test_typed_words_may_be_a_list():
    assert pieces("egg, soy、milk；fish\nnuts") == ["egg", "soy", "milk", "fish", "nuts"]
    assert pieces("mango and kiwi") == ["mango", "kiwi"]
    assert pieces("虾和蟹") == ["虾", "蟹"]


@pytest.mark.parametrize(
    ("typed", "bare"),
    [("虾过敏", "虾"), ("对鱼严重过敏", "鱼"), ("奶过敏史", "奶"), ("乳糖不耐受", "乳糖"),
     ("severe nut allergy", "nut"), ("allergic to mangoes (rash)", "mangoes"),
     ("对虾", "对虾"), ("allergy", "allergy"), ("Lactose intolerance", "Lactose")],
)  # fmt: skip
def test_words_that_only_say_that_it_is_an_allergy_name_nothing(typed, bare):
    assert bare_allergy(typed) == bare


def test_an_allergy_in_unknown_words_is_said_to_be_looked_for_by_name_only():
    fit = fit_of(BodyFacts(allergies_known="yes", allergies=[Allergy(text="dragonfruit")]))
    assert Missing.ALLERGY_WORDS in fit.missing


def test_no_names_make_no_pattern():
    assert name_pattern(["", " ", "蛋", "ab"]) == ""


@given(st.text("abc.*+?()[]|\\ 花生", min_size=3, max_size=12).filter(lambda text: text.strip()))
def test_a_name_finds_itself_whatever_it_is_written_with(name):
    pattern = name_pattern([name])
    cleaned = name.strip().lower()
    if pattern:
        assert re.search(pattern, cleaned)


# What a reader may know of the reasons


@pytest.mark.parametrize(
    ("reason", "scopes", "seen"),
    [
        ("allergy:peanut", EVERYTHING, "allergy:peanut"),
        ("allergy:peanut", {"see_sessions", "see_conditions"}, None),
        ("swallowing_level", {"see_diet"}, "swallowing_level"),
        ("swallowing_unknown", {"see_sessions"}, None),
        ("kidney", {"see_diet"}, "profile"),
        ("drug", {"see_diet", "see_conditions"}, "drug"),
        ("condition", {"see_sessions"}, "profile"),
        ("barred", {"see_sessions"}, "profile"),
        ("conflict", {"see_sessions"}, "conflict"),
        ("not_signed", set(), "not_signed"),
    ],
)
def test_a_reason_is_told_to_those_who_may_know_it(reason, scopes, seen):
    assert reason_as_seen(reason, scopes) == seen


@given(st.sampled_from(list(Reason)), st.frozensets(st.sampled_from(["see_sessions"])))
def test_who_sees_neither_diet_nor_diagnoses_learns_of_neither(reason, scopes):
    seen = reason_as_seen(reason, scopes)
    assert seen in {None, "profile", "conflict", "not_signed"}
