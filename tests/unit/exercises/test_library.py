"""What the shipped library promises: all of the documents has a place, nothing wrong came along."""

import re

import pytest

from exercises.sheets.checks import read_sound_library
from exercises.sheets.coverage import coverage, patient_items_without_source
from exercises.sheets.reading import CONTENT

LIBRARY = read_sound_library(CONTENT)
GUIDANCE = {slug: placed.item for slug, placed in LIBRARY.guidance.items()}
RECIPES = {slug: placed.item for slug, placed in LIBRARY.recipes.items()}
FOODS = {code: placed.item for code, placed in LIBRARY.foods.items()}
CLASSES = {
    *("gluten_cereals", "crustaceans", "fish", "egg", "peanut", "soy", "milk", "tree_nuts"),
    *("molluscs", "sesame", "celery", "mustard", "lupin", "sulphite"),
}


def test_every_item_of_the_documents_has_one_place_and_its_audience():
    placed = coverage(LIBRARY)
    assert placed.problems == ()
    assert (placed.items_placed, placed.items) == (140, 140)
    assert placed.addenda_placed == placed.addenda >= 12


def test_an_item_that_is_missing_is_named(monkeypatch):
    monkeypatch.delitem(LIBRARY.guidance, "passive-movement")
    problems = [str(problem) for problem in coverage(LIBRARY).problems]
    assert problems == ["source_map.yaml: passive-movement: slug: has no place in guidance/"]


def test_an_item_that_no_document_holds_is_named(monkeypatch):
    monkeypatch.delitem(LIBRARY.source_map, "passive-movement")
    assert [problem.problem for problem in coverage(LIBRARY).problems] == [
        "is not in source_map.yaml"
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("advice_audience", "archive"),
        ("caution_audience", "archive"),
        ("category", "drug_rx"),
        ("citations", ()),
    ],
)
def test_an_item_shown_to_the_wrong_people_is_named(name, value, monkeypatch):
    placed = LIBRARY.guidance["passive-movement"]
    changed = type(placed)(
        placed.file, placed.key, type(placed.item)(**{**_fields(placed.item), name: value})
    )
    monkeypatch.setitem(LIBRARY.guidance, "passive-movement", changed)
    assert [problem.field for problem in coverage(LIBRARY).problems] == [name]


def test_nothing_that_patients_read_is_without_a_source():
    assert patient_items_without_source(LIBRARY) == []


def test_all_listed_errors_are_searched_for():
    assert len(LIBRARY.left_behind) >= 115
    assert all(placed.item.patterns for placed in LIBRARY.left_behind.values())


def test_the_time_windows_of_the_documents_never_say_too_late():
    assert len(LIBRARY.time_windows) >= 11
    for placed in LIBRARY.time_windows.values():
        for text in (placed.item.names, placed.item.claim, placed.item.use):
            assert text is None or not re.search(r"too late|太晚|为时已晚", text.en + text.zh_hans)


def test_drugs_surgery_and_research_lead_to_no_plan():
    barred = [item for item in GUIDANCE.values() if not item.planned]
    assert len(barred) >= 40
    shown = {slug for item in barred for slug in item.shows.exercises}
    assert not {slug for slug in shown if LIBRARY.exercises[slug].item.use == "plan"}


def test_nobody_claims_to_have_reviewed_anything():
    shelves = (LIBRARY.guidance, LIBRARY.foods, LIBRARY.recipes, LIBRARY.instruments)
    assert all(p.item.last_reviewed is None for shelf in shelves for p in shelf.values())


def test_the_eight_recipes_are_there_and_say_that_they_are_drafts():
    assert len(RECIPES) == 8
    assert all(item.drafted.en and item.drafted.zh_hans for item in RECIPES.values())
    assert all(item.advice_audience != "patient" for item in RECIPES.values())


def test_every_class_of_allergen_is_known():
    assert LIBRARY.allergens.keys() == CLASSES


def test_whatever_is_called_peanut_holds_peanut():
    names = re.compile(r"花生|落花生|长生果|peanut|groundnut", re.IGNORECASE)
    for code, food in FOODS.items():
        called = (*food.names, *food.other_names.zh_hans, *food.other_names.en)
        words = [food.names.zh_hans, food.names.en, *called]
        if any(names.search(word) for word in words):
            assert "peanut" in food.allergens, code
    holding = {code for code, food in FOODS.items() if "peanut" in food.allergens}
    dishes = {slug for slug, dish in RECIPES.items() if _uses(dish) & holding}
    assert dishes == {slug for slug in RECIPES if "peanut" in slug}


def test_a_conflict_hides_advice_of_the_avoid_list_against_its_own_recipe():
    sides = {
        (side.kind, side.ref)
        for placed in LIBRARY.conflicts.values()
        for side in placed.item.sides
        if side.hidden
    }
    assert ("recipe", "recipe-redbean-peanut-jujube") in sides


@pytest.mark.parametrize("slug", ["passive-movement", "lipus-bone", "lmms-wbv"])
def test_where_later_evidence_says_otherwise_the_item_does_too(slug):
    assert all(each.citations for each in GUIDANCE[slug].later_evidence)
    assert GUIDANCE[slug].later_evidence


def test_mice_are_called_mice_and_thirteen_people_are_no_trial():
    assert GUIDANCE["lmms-wbv"].evidence.kind == "animal"
    assert GUIDANCE["lmms-wbv"].evidence.n is None
    assert "mice" in GUIDANCE["lmms-wbv"].evidence.detail.en
    assert GUIDANCE["exercise-therapy-sci"].evidence.kind == "human-uncontrolled"
    assert GUIDANCE["exercise-therapy-sci"].evidence.n == 13


def _uses(dish):
    return {part.food for part in dish.ingredients}


def _fields(item):
    return {name: getattr(item, name) for name in item.__struct_fields__}
