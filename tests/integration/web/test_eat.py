"""Eat, for one patient: what was ordered, dishes that are signed and fit, and foods."""

from datetime import date

import pytest
from django.utils import timezone

from exercises.models import Recipe
from rehab.actions.nutrition import set_nutrition_plan
from rehab.domain.nutrition import NutritionEntry
from tests.content import make_food, make_recipe, said, sign
from tests.integration.web.scenes import Scene, browser, text_of
from tests.plans import clear_profile

WELL = {
    "allergies_known": "no",
    "swallowing_food": 7,
    "swallowing_drink": 0,
    "kidney": "normal",
    "drugs_known": "no",
}
PEANUT = {
    **WELL,
    "allergies_known": "yes",
    "allergies": [{"code": "peanut", "severity": "anaphylaxis"}],
}


def profile(scene: Scene, **facts: object) -> None:
    clear_profile(scene.cast, at=timezone.now(), **{**WELL, **facts})


def get(scene: Scene, name: str = "eat/", who: str = "alice", language: str = "en") -> str:
    answer = browser(getattr(scene.cast, who), language).get(scene.page(name))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def words(scene: Scene, name: str = "eat/", who: str = "alice", language: str = "en") -> str:
    return text_of(get(scene, name, who, language))


def soup(scene: Scene, *foods: object, signed: bool = True, **facts: object) -> Recipe:
    recipe = make_recipe("pumpkin-soup", *foods, name="Xanadu soup", **facts)  # type: ignore[arg-type]
    if signed:
        sign(scene.cast.clinic, scene.cast.dana, recipe)
    return recipe


@pytest.mark.parametrize("name", ["eat/", "eat/recipes/pumpkin-soup/", "eat/foods/xanadu-gourd/"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_alice_and_dana_read_it_bob_may_not_and_charlie_gets_nothing(
    scene: Scene, name: str, language: str
) -> None:
    profile(scene)
    soup(scene, make_food("xanadu-gourd"))
    for who in ("alice", "dana"):
        get(scene, name, who, language)
    assert browser(scene.cast.bob).get(scene.page(name)).status_code == 403
    assert browser(scene.cast.charlie).get(scene.page(name)).status_code == 404


def test_without_a_signature_there_is_no_recipe_and_the_page_says_so(scene: Scene) -> None:
    profile(scene)
    Recipe.objects.all().update(advice_audience="archive")
    assert "No recipe has been signed by your clinic yet" in words(scene)
    soup(scene, signed=False)
    shown = words(scene)
    assert "Xanadu soup" not in shown
    assert "1 hidden: not signed by the clinic yet" in shown
    assert browser(scene.cast.alice).get(scene.page("eat/recipes/pumpkin-soup/")).status_code == 404


def test_a_signed_recipe_shows_ingredients_allergens_texture_and_cautions(scene: Scene) -> None:
    profile(scene)
    soup(
        scene,
        make_food("xanadu-milk", allergens=["milk"]),
        cautions=[said("Cool it first.")],
        texture=5,
    )
    assert "Xanadu soup" in words(scene)
    shown = words(scene, "eat/recipes/pumpkin-soup/")
    for each in ("xanadu-milk", "Milk", "Cool it first.", "IDDSI 5, minced and moist", "Cook it.",
                 "Amounts are ours.", "to taste"):  # fmt: skip
        assert each in shown


def test_other_words_take_a_recipe_away_until_it_is_signed_again(scene: Scene) -> None:
    profile(scene)
    recipe = soup(scene)
    Recipe.objects.filter(pk=recipe.pk).update(digest="other")
    assert "Xanadu soup" not in words(scene)


def test_an_allergy_hides_the_dish_everywhere_and_says_why(scene: Scene) -> None:
    profile(scene, **PEANUT)
    soup(scene, make_food("xanadu-satay", allergens=["peanut"]))
    shown = words(scene)
    assert "Xanadu soup" not in shown
    assert "peanut allergy" in shown
    refused = browser(scene.cast.alice).get(scene.page("eat/recipes/pumpkin-soup/"))
    assert refused.status_code == 404
    hidden = text_of(refused.content.decode())
    assert "Why : peanut allergy" in hidden.replace("Why:", "Why :")
    assert "Xanadu" not in hidden
    assert "Xanadu" not in words(scene, "learn/?q=Xanadu").replace("Search: Xanadu", "")


def test_no_peanut_is_on_any_page_of_the_real_content(scene: Scene) -> None:
    profile(scene, **PEANUT)
    sign(scene.cast.clinic, scene.cast.dana, *Recipe.objects.current())
    html = get(scene)
    assert "Peanut" not in text_of(html).replace("peanut allergy", "")
    assert "花生" not in words(scene, language="zh-hans").replace("花生过敏", "")


def test_what_was_ordered_stands_with_the_name_of_who_set_it(scene: Scene) -> None:
    assert "Nobody has set targets for eating yet" in words(scene)
    set_nutrition_plan(
        by=scene.cast.dana,
        at=timezone.now(),
        patient_id=scene.cast.patient.pk,
        entry=NutritionEntry(
            set_by="Wang Min", set_on=date(2026, 10, 18), food_level=5, fluids_ml=1500
        ),
    )
    shown = words(scene)
    assert "Set by Wang Min" in shown
    assert "1500 ml" in shown
    assert "IDDSI 5" in shown


def test_what_nobody_has_asked_is_said(scene: Scene) -> None:
    shown = words(scene)
    assert "not recorded yet" in shown
    assert "Allergies are not recorded. That does not mean that there are none" in shown


def test_foods_to_have_and_to_leave_come_with_their_cautions(scene: Scene) -> None:
    profile(scene)
    make_food("xanadu-bean", caution=said("Cook it through."))
    make_food("xanadu-lard", role="avoid", advice=said("Leave it."))
    shown = words(scene)
    assert shown.index("xanadu-bean") < shown.index("xanadu-lard")
    assert "Cook it through." in shown
    assert "Leave it." in words(scene, "eat/foods/xanadu-lard/")


@pytest.mark.parametrize("name", ["eat/recipes/nothing/", "eat/foods/nothing/"])
def test_what_is_not_there_is_not_found(scene: Scene, name: str) -> None:
    assert browser(scene.cast.alice).get(scene.page(name)).status_code == 404
