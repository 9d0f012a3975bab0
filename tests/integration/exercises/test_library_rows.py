"""Guidance, food and conflicts as tables, and the querysets that other apps build on."""

import pytest
from django.db import IntegrityError, connection, transaction

from exercises.models import (
    Conflict,
    ConflictSide,
    Exercise,
    Food,
    Guidance,
    Instrument,
    Protocol,
    Recipe,
    Source,
)
from exercises.models.reads import sources_with_uses
from tests.integration.exercises.conftest import LOADED

pytestmark = pytest.mark.usefixtures("content")

PEANUT_DISHES = {
    "recipe-peanut-soymilk",
    "recipe-peanut-almond-porridge",
    "recipe-redbean-peanut-jujube",
}


def slugs(rows):
    return set(rows.values_list("slug", flat=True))


def test_every_item_has_the_digest_of_its_wording_and_its_words():
    for model in (Exercise, Protocol, Guidance, Food, Recipe, Instrument):
        rows = model.objects.defer(None).values_list("digest", "search")
        assert all(len(digest) == 64 and search for digest, search in rows)
    assert len(set(Guidance.objects.values_list("digest", flat=True))) == Guidance.objects.count()


def test_nobody_fetches_the_words():
    assert "search" in Guidance.objects.first().get_deferred_fields()


def test_a_recipe_has_the_allergens_of_its_foods_also_of_optional_ones():
    assert slugs(Recipe.objects.filter(foods__allergens="peanut")) == PEANUT_DISHES
    without = slugs(Recipe.objects.without_allergens(["peanut"]))
    assert without == slugs(Recipe.objects.all()) - PEANUT_DISHES
    assert slugs(Recipe.objects.without_allergens([])) == slugs(Recipe.objects.all())

    dish = Recipe.objects.get(slug="recipe-radish-ribs")
    dish.ingredients.filter(food="ginger").update(food="peanut", optional=True)
    assert dish.slug not in slugs(Recipe.objects.without_allergens(["peanut"]))


def test_a_recipe_names_its_allergens():
    dish = Recipe.objects.with_grounds().get(slug="recipe-peanut-soymilk")
    assert [allergen.code for allergen in dish.allergens] == ["peanut", "soy"]


def test_foods_with_an_allergen_are_left_out():
    left = set(Food.objects.without_allergens(["peanut"]).values_list("code", flat=True))
    gone = set(Food.objects.values_list("code", flat=True)) - left
    assert {"peanut", "peanut_raw", "peanut_butter"} <= gone
    assert set(Food.objects.filter(allergens="peanut").values_list("code", flat=True)) == gone


@pytest.mark.parametrize("level", [3, 4, 5, 6, 7])
def test_a_dish_is_soft_enough_or_left_out(level):
    found = Recipe.objects.at_texture(level)
    assert all(dish.texture <= level for dish in found)
    assert found.count() == sum(dish.texture <= level for dish in Recipe.objects.all())


def test_mixed_dishes_are_left_out():
    Recipe.objects.filter(slug="recipe-radish-ribs").update(mixed=True)
    Recipe.objects.filter(slug="recipe-peanut-soymilk").update(mixed=False)
    left = slugs(Recipe.objects.not_mixed())
    assert "recipe-radish-ribs" not in left
    assert "recipe-peanut-soymilk" in left


def test_patients_read_less_than_clinicians_and_nobody_the_archive():
    patient = slugs(Guidance.objects.advice_for("patient"))
    clinician = slugs(Guidance.objects.advice_for("clinician"))
    assert patient < clinician
    assert not Guidance.objects.advice_for("clinician").filter(advice_audience="archive").exists()
    with pytest.raises(KeyError):
        Guidance.objects.advice_for("archive")


def test_a_caution_reaches_patients_whose_advice_is_archived():
    raw = Guidance.objects.filter(slug="food-raw-peanut")
    assert not raw.advice_for("patient").exists()
    assert raw.caution_for("patient").exists()
    assert raw.shown_to("patient").exists()


def test_an_item_without_a_caution_is_no_caution():
    raw = Guidance.objects.filter(slug="food-raw-peanut")
    raw.update(caution=None)
    assert not raw.caution_for("patient").exists()
    assert not raw.shown_to("patient").exists()


def test_a_conflict_hides_advice_until_it_is_resolved_and_never_a_caution():
    raw = Guidance.objects.filter(slug="food-raw-peanut")
    clash = Conflict.objects.filter(sides__ref="food-raw-peanut")
    assert not raw.not_in_conflict().exists()
    assert raw.caution_for("patient").exists()
    assert raw.with_conflicts().get().in_conflict

    keys = list(clash.values_list("pk", flat=True))
    Conflict.objects.filter(pk__in=keys).update(
        resolved_on=LOADED.date(), resolved_by="Dana", resolved={"zh-Hans": "定了", "en": "Settled"}
    )
    assert raw.not_in_conflict().exists()
    assert not raw.with_conflicts().get().in_conflict


def test_a_withdrawn_side_of_a_conflict_hides_nothing():
    ConflictSide.objects.filter(ref="food-raw-peanut").update(withdrawn_at=LOADED)
    assert Guidance.objects.filter(slug="food-raw-peanut").not_in_conflict().exists()


def test_guidance_fits_everybody_or_those_with_its_condition():
    grip = Guidance.objects.filter(slug="no-repeated-grip")
    assert grip.get().applies_to.exists()
    stroke = list(grip.get().applies_to.values_list("code", flat=True))[:1]
    assert not grip.fitting([]).exists()
    assert grip.fitting(stroke).exists()
    everybody = Guidance.objects.filter(applies_to=None)
    assert everybody.fitting([]).count() == everybody.count()


def test_advice_names_those_whom_it_is_not_for_with_the_reason():
    light = Guidance.objects.get(slug="light-food")
    barred = set(light.not_for.values_list("code", flat=True))
    assert barred
    assert set(light.not_for_because) == barred


@pytest.mark.parametrize(
    ("model", "typed", "expected"),
    [
        (Recipe, "花生", "recipe-peanut-soymilk"),
        (Recipe, "落花生", "recipe-peanut-soymilk"),
        (Recipe, "porridge", "recipe-peanut-almond-porridge"),
        (Exercise, "被动屈肘", "prom-elbow-flexion"),
        (Exercise, "elbow passive", "prom-elbow-flexion"),
        (Guidance, "被动", "passive-movement"),
    ],
)
def test_a_word_of_either_language_finds_it(model, typed, expected):
    assert expected in slugs(model.objects.matching_words(typed))


@pytest.mark.parametrize("typed", ["", "  ", "!!!", "'; DROP TABLE exercises_food; --", "zzzz"])
def test_what_is_no_word_finds_nothing(typed):
    assert not Food.objects.matching_words(typed).exists()


def test_a_single_character_finds_food():
    codes = set(Food.objects.matching_words("蛋").values_list("code", flat=True))
    assert "egg" in codes


def test_the_search_can_use_its_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Guidance.objects.matching_words("被动活动").order_by().explain()
    assert "guidance_by_words" in plan


def test_a_source_knows_what_rests_on_it_and_what_is_only_archived():
    source = sources_with_uses().get(code="atrophy-encyclopaedia-page")
    recipes = next(section for section in source.sections.all() if section.number == "recipes")
    assert {item.slug for item in recipes.shown} | {item.slug for item in recipes.archived}
    assert {dish.slug for dish in recipes.recipes.all()} >= PEANUT_DISHES
    archived = [item for section in source.sections.all() for item in section.archived]
    assert archived
    assert not {item.slug for item in archived} & slugs(Guidance.objects.shown_to("clinician"))


def test_a_source_knows_what_it_corrects():
    correcting = Source.objects.filter(sections__corrections__isnull=False).distinct()
    assert correcting.exists()
    assert slugs(Guidance.objects.citing(correcting.first().code))


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (Guidance, {"advice_audience": "everybody"}),
        (Recipe, {"texture": 8}),
        (Food, {"role": "cure"}),
        (ConflictSide, {"kind": "rumour"}),
        (Conflict, {"resolved_on": LOADED.date()}),
    ],
)
def test_the_database_keeps_to_the_closed_lists(model, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**changes)
