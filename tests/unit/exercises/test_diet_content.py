"""What the shipped content about eating promises: allergy, swallowing, drugs, honesty."""

import re

import pytest

from exercises.sheets.checks import read_sound_library
from exercises.sheets.reading import CONTENT
from rehab.domain.content_fit import name_pattern

LIBRARY = read_sound_library(CONTENT)
ALLERGENS = {code: placed.item for code, placed in LIBRARY.allergens.items()}
FOODS = {code: placed.item for code, placed in LIBRARY.foods.items()}
RECIPES = {slug: placed.item for slug, placed in LIBRARY.recipes.items()}
GUIDANCE = {
    slug: placed.item
    for slug, placed in LIBRARY.guidance.items()
    if placed.item.category in {"diet_do", "diet_avoid", "recipe"}
}
CONFLICTS = {code: placed.item for code, placed in LIBRARY.conflicts.items()}
INTERACTIONS = {code: placed.item for code, placed in LIBRARY.interactions.items()}
LEFT_BEHIND = {code: placed.item for code, placed in LIBRARY.left_behind.items()}

GB_7718_2025 = {
    *("gluten_cereals", "crustaceans", "fish", "egg", "peanut", "soy", "milk", "tree_nuts"),
}
ADDED_BY_THE_EU = {"molluscs", "sesame", "celery", "mustard", "lupin", "sulphite"}
RECIPE_ALLERGENS = {
    "recipe-radish-ribs": set(),
    "recipe-sprout-ribs": {"soy"},
    "recipe-cauliflower-patty": set(),
    "recipe-pearl-cauliflower-soup": set(),
    "recipe-mushroom-cauliflower": set(),
    "recipe-peanut-soymilk": {"peanut", "soy"},
    "recipe-peanut-almond-porridge": {"peanut", "tree_nuts"},
    "recipe-redbean-peanut-jujube": {"peanut"},
}
DIET_ITEMS = {
    *("protein-intake-002", "balanced-diet", "light-food", "fibre-vegetables", "soy-foods"),
    *("low-fat", "no-spicy", "less-coffee-alcohol", "less-fried", "food-chicken-heart"),
    *("food-lotus-seed", "food-raw-peanut", "food-green-soybean", "food-adzuki"),
    *("food-hyacinth-bean", "food-river-snail", "food-sea-snail", *RECIPE_ALLERGENS),
}
FOR_PATIENTS = {
    *("balanced-diet", "light-food", "fibre-vegetables", "soy-foods"),
    *("low-fat", "less-coffee-alcohol", "less-fried"),
}
WASTING = {"weight_loss", "als", "sarcopenia", "pressure_injury"}


def allergens_of(recipe):
    return {code for part in recipe.ingredients for code in FOODS[part.food].allergens}


def _said(text):
    return [text["zh-Hans"], text["en"]]


def words_for(item):
    """Every name of a food, lower case, in both languages."""
    return {
        name.lower()
        for name in (*_said(item.names), *item.other_names.zh_hans, *item.other_names.en)
    }


def test_the_eight_classes_of_the_chinese_rule_are_complete():
    required = {code for code, item in ALLERGENS.items() if item.required_by == "GB 7718-2025"}
    assert required == GB_7718_2025


def test_six_more_classes_come_from_the_european_rule():
    assert set(ALLERGENS) - GB_7718_2025 == ADDED_BY_THE_EU


@pytest.mark.parametrize(
    "name",
    [
        *("花生米", "花生仁", "落花生", "长生果", "花生酱", "花生油", "沙爹", "地豆"),
        *("groundnut", "arachis", "arachis oil", "peanut butter", "satay", "monkey nut"),
    ],
)
def test_peanut_is_known_under_its_other_names(name):
    other = ALLERGENS["peanut"].other_names
    assert name in (*other.zh_hans, *other.en)


def test_a_food_called_by_any_name_of_peanut_contains_peanut():
    other = ALLERGENS["peanut"].other_names
    called = {name.lower() for name in (*other.zh_hans, *other.en)} | {"花生", "peanut"}
    named = {
        code for code, item in FOODS.items() if any(c in w for c in called for w in words_for(item))
    }
    assert {"peanut", "peanut_raw", "peanut_butter", "peanut_oil"} <= named
    assert {code for code in named if "peanut" not in FOODS[code].allergens} == set()


def test_a_food_that_bears_the_name_of_an_allergen_contains_it():
    missing = {
        (food, code)
        for code, allergen in ALLERGENS.items()
        for food, item in FOODS.items()
        if words_for(item)
        & {name.lower() for name in (*allergen.other_names.zh_hans, *allergen.other_names.en)}
        and code not in item.allergens
    }
    assert missing == set()


def test_general_advice_survives_an_allergy_because_it_names_no_allergen():
    for code, allergen in ALLERGENS.items():
        names = allergen.other_names
        called = re.compile(name_pattern([*names.zh_hans, *names.en, *_said(allergen.labels)]))
        for slug in FOR_PATIENTS - {"soy-foods"}:
            item = GUIDANCE[slug]
            assert not any(code in FOODS[food].allergens for food in item.shows.foods), slug
            for language in ("zh-Hans", "en"):
                assert not called.search(item.advice[language].lower()), (code, slug)


def test_only_what_is_about_peanut_names_it():
    about = {slug for slug, held in RECIPE_ALLERGENS.items() if "peanut" in held}
    for slug in DIET_ITEMS - about - {"food-raw-peanut"}:
        item = GUIDANCE[slug]
        for text in (item.names, item.advice, item.caution):
            assert "花生" not in text["zh-Hans"], slug
            assert "peanut" not in text["en"].lower(), slug
    for slug in RECIPES.keys() - about:
        written = str(RECIPES[slug]).lower()
        assert "peanut" not in written, slug
        assert "花生" not in written, slug


def test_no_other_class_claims_a_name_of_peanut():
    other = ALLERGENS["peanut"].other_names
    for code, allergen in ALLERGENS.items():
        if code != "peanut":
            assert not set(other.zh_hans) & set(allergen.other_names.zh_hans), code
            assert not set(other.en) & set(allergen.other_names.en), code


def test_allergens_of_every_recipe_follow_from_its_foods():
    assert {slug: allergens_of(recipe) for slug, recipe in RECIPES.items()} == RECIPE_ALLERGENS


def test_every_diet_item_of_the_documents_has_its_place():
    assert set(GUIDANCE) >= DIET_ITEMS


def test_every_dish_of_the_page_has_a_recipe_that_its_guidance_shows():
    for slug, recipe in RECIPES.items():
        assert GUIDANCE[slug].shows.recipes == (slug,)
        assert GUIDANCE[slug].names == recipe.names


def test_no_recipe_and_no_food_reaches_a_patient_without_a_signature():
    assert {item.advice_audience for item in RECIPES.values()} == {"clinician"}
    assert {item.advice_audience for item in FOODS.values()} <= {"clinician", "archive"}


def test_only_general_advice_is_meant_for_patients():
    shown = {slug for slug in DIET_ITEMS if GUIDANCE[slug].advice_audience == "patient"}
    assert shown == FOR_PATIENTS


def test_every_caution_about_eating_is_shown_to_patients():
    """A dish that may be signed carries its own cautions; its guidance is for who signs."""
    dishes = {s for s in RECIPES if GUIDANCE[s].advice_audience == "clinician"}
    shown = [GUIDANCE[slug] for slug in DIET_ITEMS - dishes]
    for item in (*shown, *FOODS.values(), *RECIPES.values()):
        assert item.caution_audience == "patient"
    assert all(recipe.cautions for recipe in RECIPES.values())
    assert all(GUIDANCE[slug].caution for slug in DIET_ITEMS)


def test_a_food_with_an_allergen_or_a_choking_risk_on_the_lists_warns_of_it():
    for code, item in FOODS.items():
        if item.role != "ingredient" and (item.allergens or item.choking):
            assert item.caution is not None, code


def test_a_recipe_is_no_softer_than_its_foods_can_be():
    for slug, recipe in RECIPES.items():
        for part in recipe.ingredients:
            textures = FOODS[part.food].textures
            assert not textures or recipe.texture in textures, (slug, part.food)


def test_thin_liquid_with_pieces_is_called_mixed_and_never_soft():
    stews_and_porridges = {
        *("recipe-radish-ribs", "recipe-sprout-ribs", "recipe-pearl-cauliflower-soup"),
        *("recipe-peanut-almond-porridge", "recipe-redbean-peanut-jujube"),
    }
    assert {slug for slug, recipe in RECIPES.items() if recipe.mixed} == stews_and_porridges
    assert {RECIPES[slug].texture for slug in stews_and_porridges} == {7}


def test_a_choking_food_leaves_a_recipe_regular_unless_it_is_minced_or_strained():
    for slug, recipe in RECIPES.items():
        risky = [part.food for part in recipe.ingredients if FOODS[part.food].choking]
        if risky and recipe.texture < 7:
            steps = " ".join(step["en"].lower() for step in recipe.steps)
            assert "crush" in steps or "strain" in steps, slug


def test_a_drink_has_a_drink_level_and_no_pieces():
    drinks = {slug for slug, recipe in RECIPES.items() if recipe.drink_level is not None}
    assert drinks == {"recipe-peanut-soymilk"}
    assert RECIPES["recipe-peanut-soymilk"].drink_level == 0


def test_every_recipe_says_what_is_not_from_the_source():
    for slug, recipe in RECIPES.items():
        assert "not from the document" in recipe.drafted["en"], slug
        assert any(part.in_source for part in recipe.ingredients), slug
        assert any(not part.in_source for part in recipe.ingredients), slug
        assert recipe.protein_grams is None, f"{slug}: protein needs a source"


def test_a_recipe_passes_on_the_drug_cautions_of_its_foods():
    for slug, recipe in RECIPES.items():
        inside = {code for part in recipe.ingredients for code in FOODS[part.food].drugs_caution}
        assert inside <= set(recipe.drugs_caution), slug


def test_a_recipe_with_a_kidney_caution_in_its_foods_has_one_of_its_own():
    for slug, recipe in RECIPES.items():
        named = any(FOODS[part.food].kidney_caution for part in recipe.ingredients if part.grams)
        assert not named or recipe.kidney_caution is not None, slug


@pytest.mark.parametrize("slug", ["light-food", "low-fat", "less-fried"])
def test_light_advice_is_not_for_people_who_waste_away(slug):
    barred = {each.condition: each.because for each in GUIDANCE[slug].not_for}
    assert set(barred) >= WASTING
    assert all("dietitian" in because["en"] for because in barred.values())


def test_nothing_about_eating_claims_evidence_that_the_page_has_not():
    for slug in DIET_ITEMS - {"protein-intake-002"}:
        assert GUIDANCE[slug].evidence.kind == "none", slug
    assert {item.evidence.kind for item in (*FOODS.values(), *RECIPES.values())} == {"none"}


def test_nobody_is_promised_a_cure():
    promise = re.compile(r"治愈|根治|痊愈|包好|特效|\bcures?\b|\bheals?\b|guarantee", re.IGNORECASE)
    for item in (*GUIDANCE.values(), *RECIPES.values(), *FOODS.values()):
        for text in (item.names, item.evidence.says, getattr(item, "advice", None)):
            for language in text or ():
                assert not promise.search(text[language]), item.names["en"]


def test_raw_peanut_and_bitter_kernel_warn_while_their_advice_stays_hidden():
    for code in ("peanut_raw", "bitter_apricot_kernel"):
        assert FOODS[code].advice_audience == "archive"
        assert FOODS[code].advice is None
        assert FOODS[code].caution is not None


@pytest.mark.parametrize(
    ("code", "hidden", "shown"),
    [
        ("adzuki_against_its_own_recipe", "recipe-redbean-peanut-jujube", None),
        ("less_fat_against_rib_stews", "recipe-radish-ribs", "low-fat"),
        ("less_fried_against_the_patty", None, "less-fried"),
        ("raw_peanut_against_choking", "peanut_raw", "dysphagia-choking"),
        ("soy_good_and_allergen", None, "soy-foods"),
        ("light_against_protein", "light-food", "protein-intake-002"),
        ("kernel_type_unstated", "recipe-peanut-almond-porridge", "sweet_almond"),
        ("strength_advised_and_warned", None, "strength-training"),
    ],
)
def test_a_clash_hides_advice_until_somebody_resolves_it(code, hidden, shown):
    conflict = CONFLICTS[code]
    assert conflict.resolved is None
    if hidden:
        assert {side.hidden for side in conflict.sides if side.ref == hidden} == {True}
    if shown:
        assert {side.hidden for side in conflict.sides if side.ref == shown} == {False}


@pytest.mark.parametrize("herb", ["angelica", "ginseng", "astragalus", "danshen", "goji", "ginkgo"])
def test_every_herb_that_touches_warfarin_says_so(herb):
    pairs = {(item.one, item.other) for item in INTERACTIONS.values()}
    assert (herb, "vitamin_k_antagonist") in pairs
    assert LIBRARY.substances["warfarin"].item.group == "vitamin_k_antagonist"


def test_angelica_soup_is_understood_as_angelica():
    assert "当归鸡汤" in LIBRARY.substances["angelica"].item.other_names.zh_hans


def test_no_interaction_recommends_a_herb_or_stops_a_drug():
    for code, item in INTERACTIONS.items():
        assert "recommend" not in item.texts["en"].lower(), code
        assert not re.search(r"(?<!不要自己)(?<!不用自己)停药", item.texts["zh-Hans"]), code


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("encyclopaedia_1_adzuki", "不要吃赤小豆"),
        ("encyclopaedia_1_adzuki", "Avoid adzuki beans."),
        ("encyclopaedia_2_fat", "多吃排骨"),
        ("encyclopaedia_2_fat", "炸至金黄"),
        ("encyclopaedia_3_raw_peanut", "宜吃花生仁（生）"),
        ("encyclopaedia_3_raw_peanut", "You may eat raw peanuts."),
        ("encyclopaedia_4_kernel", "杏仁 20 克"),
        ("encyclopaedia_4_kernel", "20 g bitter apricot kernels"),
        ("encyclopaedia_26_names", "青豆就是毛豆"),
    ],
)
def test_an_error_about_food_would_be_noticed(code, wrong):
    assert any(re.search(pattern, wrong) for pattern in LEFT_BEHIND[code].patterns)
