"""What of the catalogue reaches a patient: filtered in the query, and what is hidden is counted."""

from datetime import date

import pytest

from exercises.models import Interaction
from patients.domain.errors import NotVisible
from patients.domain.roles import Scope
from patients.models.authority import authority_of
from rehab.actions.nutrition import set_nutrition_plan
from rehab.domain.nutrition import NutritionEntry
from rehab.models.reads import content_lists as lists
from rehab.models.reads.content import HiddenForPatient
from rehab.models.reads.content_reader import reader_of
from rehab.models.reads.interactions import notices_about
from tests.content import (
    load_terms,
    make_conflict,
    make_food,
    make_guidance,
    make_recipe,
    said,
    sign,
)
from tests.integration.rehab.scenes import local
from tests.people import make_helper, make_user
from tests.plans import clear_profile, load_catalogue

AT = local(19, 12)
# Everything about eating is known, and nothing stands against anything.
WELL = {
    "allergies_known": "no",
    "swallowing_food": 7,
    "swallowing_drink": 0,
    "kidney": "normal",
    "drugs_known": "no",
}
PEANUT = {
    "allergies_known": "yes",
    "allergies": [{"code": "peanut", "severity": "anaphylaxis"}],
}


@pytest.fixture
def clinic(cast):
    load_terms()
    return cast


def profile(cast, **changes):
    clear_profile(cast, at=AT, **{**WELL, **changes})


class Reading:
    """Alice's content as somebody reads it, inside the wall."""

    def __init__(self, cast, by=None, language="en"):
        self.cast, self.by, self.language = cast, by or cast.alice, language

    def __call__(self, read, *arguments, **narrowed):
        with self.cast.inside():
            authority = authority_of(self.by, at=AT, patient_id=self.cast.patient.pk)
            reader = reader_of(authority, at=AT, language=self.language)
            return read(reader, *arguments, **narrowed)

    def recipes(self):
        return [card.slug for card in self(lists.recipes_for, limit=200).results]

    def foods(self):
        return {card.code: card for card in self(lists.foods_for, limit=200).results}

    def guidance(self):
        return {card.slug: card for card in self(lists.guidance_for, limit=200).results}

    def exercises(self):
        return [card.slug for card in self(lists.exercises_for, limit=200).results]

    def reasons(self, read=lists.recipes_for):
        return {each.reason: each.count for each in self(read).hidden.reasons}

    def refusal(self, read, key):
        with pytest.raises(HiddenForPatient) as caught:
            self(read, key)
        return caught.value.members["reasons"]


def signed_recipe(cast, slug, *foods, **facts):
    recipe = make_recipe(slug, *foods, **facts)
    sign(cast.clinic, cast.dana, recipe)
    return recipe


# Signature


def test_a_recipe_reaches_a_patient_once_it_is_signed(clinic):
    profile(clinic)
    recipe = make_recipe("plain-rice-dish", make_food("plain_rice"))
    assert "plain-rice-dish" not in Reading(clinic).recipes()
    assert Reading(clinic).reasons()["not_signed"] >= 1
    sign(clinic.clinic, clinic.dana, recipe)
    assert "plain-rice-dish" in Reading(clinic).recipes()


def test_the_signature_of_an_earlier_wording_no_longer_holds(clinic):
    profile(clinic)
    recipe = signed_recipe(clinic, "plain-rice-dish", make_food("plain_rice"))
    recipe.digest = "another"
    recipe.save()
    assert "plain-rice-dish" not in Reading(clinic).recipes()


def test_a_clinician_reads_a_recipe_before_signing_it(clinic):
    profile(clinic)
    make_recipe("plain-rice-dish", make_food("plain_rice"))
    card = next(
        each
        for each in Reading(clinic, clinic.dana)(lists.recipes_for, limit=200).results
        if each.slug == "plain-rice-dish"
    )
    assert not card.standing.signed_by_clinic


def test_another_clinic_s_signature_does_not_count(clinic):
    profile(clinic)
    recipe = make_recipe("plain-rice-dish", make_food("plain_rice"))
    sign(clinic.other_clinic, clinic.olga, recipe)
    assert "plain-rice-dish" not in Reading(clinic).recipes()


def test_guidance_waits_for_a_signature_only_where_the_clinic_asks_for_it(clinic):
    profile(clinic)
    item = make_guidance("rest-well")
    assert not Reading(clinic).guidance()["rest-well"].standing.signed_by_clinic
    clinic.clinic.requires_signature = True
    clinic.clinic.save()
    assert "rest-well" not in Reading(clinic).guidance()
    assert Reading(clinic).reasons(lists.guidance_for)["not_signed"] >= 1
    sign(clinic.clinic, clinic.dana, item)
    assert "rest-well" in Reading(clinic).guidance()


# Allergies


@pytest.mark.parametrize(
    ("name", "chinese"),
    [("Peanut", "花生"), ("Groundnut paste", "糊"), ("A paste", "花生酱"), ("Satay", "沙爹")],
)
@pytest.mark.parametrize("tagged", [True, False])
def test_a_dish_with_peanut_is_hidden_under_any_of_its_names(clinic, name, chinese, tagged):
    profile(clinic, **PEANUT)
    food = make_food("spread", name, chinese=chinese, allergens=["peanut"] if tagged else [])
    signed_recipe(clinic, "soft-dish", food)
    assert "soft-dish" not in Reading(clinic).recipes()
    assert "spread" not in Reading(clinic).foods()
    assert Reading(clinic).reasons()["allergy:peanut"] >= 1
    assert Reading(clinic).refusal(lists.recipe_item, "soft-dish") == ["allergy:peanut"]
    assert Reading(clinic).refusal(lists.food_item, "spread") == ["allergy:peanut"]


def test_an_optional_ingredient_counts(clinic):
    profile(clinic, **PEANUT)
    recipe = signed_recipe(clinic, "soft-dish", make_food("spread", allergens=["peanut"]))
    recipe.ingredients.update(optional=True)
    assert "soft-dish" not in Reading(clinic).recipes()


@pytest.mark.parametrize("typed", ["Groundnut", "peanut butter", "egg、花生米"])
def test_an_allergy_that_was_typed_is_filtered_as_its_class(clinic, typed):
    profile(clinic, allergies_known="yes", allergies=[{"text": typed, "severity": "severe"}])
    signed_recipe(clinic, "soft-dish", make_food("spread", allergens=["peanut"]))
    assert "soft-dish" not in Reading(clinic).recipes()
    assert "allergy:peanut" in Reading(clinic).reasons()


def test_an_allergy_in_words_of_its_own_is_filtered_by_name(clinic):
    profile(clinic, allergies_known="yes", allergies=[{"text": "Dragonfruit"}])
    signed_recipe(clinic, "red-dish", make_food("pitaya", "Dragonfruit"))
    signed_recipe(clinic, "white-dish", make_food("plain_rice"))
    assert Reading(clinic).recipes() == ["white-dish"] or (
        "red-dish" not in Reading(clinic).recipes()
    )
    assert Reading(clinic).reasons()["allergy:other"] == 1
    assert "pitaya" not in Reading(clinic).foods()


@pytest.mark.parametrize(
    ("typed", "allergen"),
    [("虾过敏", "crustaceans"), ("对鱼过敏", "fish"), ("奶过敏", "milk"), ("海鲜", "molluscs"),
     ("severe nut allergy", "tree_nuts"), ("Coeliac", "gluten_cereals")],
)  # fmt: skip
def test_an_allergy_is_understood_as_people_type_it(clinic, typed, allergen):
    profile(clinic, allergies_known="yes", allergies=[{"text": typed}])
    signed_recipe(clinic, "soft-dish", make_food("spread", allergens=[allergen]))
    assert "soft-dish" not in Reading(clinic).recipes()


def test_a_penicillin_allergy_hides_no_food(clinic):
    profile(clinic, allergies_known="yes", allergies=[{"text": "Penicillin"}])
    signed_recipe(clinic, "white-dish", make_food("plain_rice"))
    assert "white-dish" in Reading(clinic).recipes()


def test_unknown_allergies_are_not_none(clinic):
    profile(clinic, allergies_known="unknown")
    signed_recipe(clinic, "soft-dish", make_food("spread", allergens=["peanut"]))
    signed_recipe(clinic, "white-dish", make_food("plain_rice"))
    assert "white-dish" in Reading(clinic).recipes()
    assert Reading(clinic).refusal(lists.recipe_item, "soft-dish") == ["allergies_unknown"]
    page = Reading(clinic)(lists.recipes_for)
    assert [each.code for each in page.not_recorded] == ["allergies"]


def test_yes_without_saying_which_is_unknown(clinic):
    profile(clinic, allergies_known="yes", allergies=[])
    signed_recipe(clinic, "soft-dish", make_food("spread", allergens=["peanut"]))
    assert "soft-dish" not in Reading(clinic).recipes()


def test_guidance_about_a_food_with_the_allergen_is_hidden_whole(clinic):
    profile(clinic, **PEANUT)
    item = make_guidance("a-handful-a-day", caution=said("Chew well."))
    item.foods.add(make_food("spread", allergens=["peanut"]))
    assert "a-handful-a-day" not in Reading(clinic).guidance()
    assert Reading(clinic).refusal(lists.guidance_item, "a-handful-a-day") == ["allergy:peanut"]


def test_advice_that_names_the_allergen_is_withheld_and_its_caution_stays(clinic):
    profile(clinic, **PEANUT)
    make_guidance(
        "small-meals", advice=said("A little peanut butter helps."), caution=said("Sit upright.")
    )
    card = Reading(clinic).guidance()["small-meals"]
    assert (card.advice, card.caution) == (None, "Sit upright.")
    assert card.withheld == ["allergy:peanut"]


def test_detail_of_guidance_does_not_name_what_is_hidden(clinic):
    profile(clinic, **PEANUT)
    item = make_guidance("soft-food")
    item.recipes.add(make_recipe("unsigned-dish", make_food("plain_rice")))
    item.recipes.add(signed_recipe(clinic, "white-dish", make_food("oats_like")))
    detail = Reading(clinic)(lists.guidance_item, "soft-food")
    assert [each.code for each in detail.recipes] == ["white-dish"]


# Swallowing


def test_unknown_swallowing_with_a_stroke_hides_all_recipes(clinic):
    profile(clinic, conditions=[{"code": "stroke"}], swallowing_food=None)
    signed_recipe(clinic, "white-dish", make_food("plain_rice"), texture=3)
    assert Reading(clinic).recipes() == []
    assert Reading(clinic, clinic.dana).recipes() == []
    assert "swallowing_unknown" in Reading(clinic).reasons()
    assert "swallowing" in [each.code for each in Reading(clinic)(lists.recipes_for).not_recorded]


def test_unknown_swallowing_without_such_a_diagnosis_hides_none(clinic):
    profile(clinic, conditions=[{"code": "sarcopenia"}], swallowing_food=None)
    signed_recipe(clinic, "white-dish", make_food("plain_rice"))
    assert "white-dish" in Reading(clinic).recipes()


@pytest.mark.parametrize(
    ("facts", "fits"),
    [
        ({"texture": 5}, True),
        ({"texture": 6}, False),
        ({"texture": 4, "mixed": True}, False),
        ({"texture": 4, "drink_level": 1}, False),
        ({"texture": 4, "drink_level": 2}, True),
    ],
)
def test_a_dish_is_as_soft_and_as_thick_as_was_ordered(clinic, facts, fits):
    profile(clinic, swallowing_food=5, swallowing_drink=2)
    signed_recipe(clinic, "a-dish", make_food("plain_rice"), **facts)
    assert ("a-dish" in Reading(clinic).recipes()) is fits
    if not fits:
        assert Reading(clinic).refusal(lists.recipe_item, "a-dish") == ["swallowing_level"]


def test_mixed_textures_may_be_allowed_by_name(clinic):
    profile(clinic, swallowing_food=5, mixed_textures="yes")
    signed_recipe(clinic, "a-dish", make_food("plain_rice"), mixed=True)
    assert "a-dish" in Reading(clinic).recipes()


def test_a_nutrition_plan_that_orders_softer_food_holds(clinic):
    profile(clinic, swallowing_food=7)
    signed_recipe(clinic, "a-dish", make_food("plain_rice"), texture=6)
    assert "a-dish" in Reading(clinic).recipes()
    entry = NutritionEntry(set_by="Ana Ruiz", set_on=date(2026, 10, 12), food_level=4)
    set_nutrition_plan(by=clinic.dana, at=AT, patient_id=clinic.patient.pk, entry=entry)
    assert "a-dish" not in Reading(clinic).recipes()


def test_advice_to_eat_goes_with_its_texture_and_the_warning_stays(clinic):
    profile(clinic, swallowing_food=5)
    make_food("whole_nut", textures=[7], choking=said("Hard and round."))
    card = Reading(clinic).foods()["whole_nut"]
    assert (card.advice, card.choking) == (None, "Hard and round.")
    assert card.withheld == ["swallowing_level"]


def test_advice_to_leave_something_needs_no_texture(clinic):
    profile(clinic, swallowing_food=5)
    make_food("hard_crust", textures=[7], role="avoid", advice=said("Leave it."))
    assert Reading(clinic).foods()["hard_crust"].advice == "Leave it."


# Kidney, drugs, conditions, conflicts


@pytest.mark.parametrize(
    "changes",
    [{"kidney": "severe"}, {"conditions": [{"code": "chronic_kidney_disease"}]}],
)
def test_weak_kidneys_hide_what_is_not_for_them(clinic, changes):
    profile(clinic, **changes)
    signed_recipe(clinic, "a-dish", make_food("plain_rice"), kidney_caution=said("Salt."))
    assert Reading(clinic).refusal(lists.recipe_item, "a-dish") == ["kidney"]


def test_a_drug_hides_what_names_it_or_its_group(clinic):
    profile(clinic, drugs_known="yes", drugs=[{"text": "Coumadin"}])
    signed_recipe(clinic, "by-name", make_food("plain_rice", drugs_caution=["warfarin"]))
    signed_recipe(
        clinic, "by-group", make_food("oats_like"), drugs_caution=["vitamin_k_antagonist"]
    )
    assert Reading(clinic).refusal(lists.recipe_item, "by-name") == ["drug"]
    assert Reading(clinic).refusal(lists.recipe_item, "by-group") == ["drug"]


def meet(one, other, severity="ask_first"):
    Interaction.objects.create(
        code=f"{one}_{other}", names=said("These two meet."), one=one, other=other,
        severity=severity, owner="pharmacist", position=1,
    )  # fmt: skip


def test_what_is_taken_together_is_a_caution_and_no_advice(clinic):
    taken = [{"code": "warfarin"}, {"text": "Dang gui"}]
    profile(clinic, drugs_known="yes", drugs=taken)
    meet("angelica", "vitamin_k_antagonist")
    assert Reading(clinic)(lists.foods_for).notices == ["These two meet."]
    cook = make_user("gina")
    make_helper(clinic.patient, cook, scopes=(Scope.SEE_DIET,))
    assert Reading(clinic, cook)(lists.foods_for).notices == [
        "Ask the clinic first whether this goes with what is taken."
    ]
    with clinic.inside():
        assert [each.severity for each in notices_about(clinic.patient.pk)] == ["ask_first"]


@pytest.mark.parametrize(("severity", "fits"), [("avoid", False), ("know", True)])
def test_a_food_that_must_not_meet_a_drug_is_not_advised(clinic, severity, fits):
    profile(clinic, drugs_known="yes", drugs=[{"code": "warfarin"}])
    meet("green_thing", "vitamin_k_antagonist", severity)
    signed_recipe(clinic, "a-dish", make_food("green_thing"))
    card = Reading(clinic).foods().get("green_thing")
    assert ("a-dish" in Reading(clinic).recipes()) is fits
    assert (card is not None) is fits
    if card:
        assert card.notices == ["These two meet."]


def test_what_is_not_for_a_condition_says_why_and_keeps_its_caution(clinic):
    profile(clinic, conditions=[{"code": "als"}])
    item = make_guidance(
        "push-hard", caution=said("Rest."), not_for_because={"als": said("It tires.")}
    )
    item.not_for.add("als")
    card = Reading(clinic).guidance()["push-hard"]
    assert (card.advice, card.caution, card.because) == (None, "Rest.", ["It tires."])
    assert Reading(clinic).reasons(lists.guidance_for)["condition"] >= 1


def test_guidance_for_others_is_not_there(clinic):
    profile(clinic, conditions=[{"code": "als"}])
    item = make_guidance("for-stroke-only")
    item.applies_to.add("stroke")
    assert "for-stroke-only" not in Reading(clinic).guidance()
    with pytest.raises(NotVisible) as caught:
        Reading(clinic)(lists.guidance_item, "for-stroke-only")
    assert not isinstance(caught.value, HiddenForPatient)


def test_a_conflict_hides_advice_and_never_a_caution(clinic):
    profile(clinic)
    make_guidance("eat-light", caution=said("Do not lose weight."))
    conflict = make_conflict("guidance", "eat-light")
    card = Reading(clinic).guidance()["eat-light"]
    assert (card.advice, card.caution) == (None, "Do not lose weight.")
    assert card.withheld == ["conflict"]
    conflict.resolved, conflict.resolved_by = said("Agreed."), "A dietitian"
    conflict.resolved_on = date(2026, 10, 1)
    conflict.save()
    assert Reading(clinic).guidance()["eat-light"].advice == "Do it."


def test_a_barred_exercise_is_hidden(cast):
    load_catalogue()
    profile(cast, barred=[{"exercise": "prom-elbow-extension", "reason": "after surgery"}])
    assert "prom-elbow-extension" not in Reading(cast).exercises()
    assert Reading(cast).reasons(lists.exercises_for)["barred"] == 1


def test_stimulation_for_an_intact_nerve_is_hidden_where_the_nerve_is_gone(cast):
    load_catalogue()
    profile(cast)
    assert "fes-quadriceps" in Reading(cast).exercises()
    profile(cast, innervation={"quadriceps": "denervated"})
    assert "fes-quadriceps" not in Reading(cast).exercises()


# Audiences and scopes


@pytest.mark.parametrize(
    ("advice", "caution", "alice", "dana"),
    [
        ("patient", "patient", ("Do it.", "Mind."), ("Do it.", "Mind.")),
        ("clinician", "patient", (None, "Mind."), ("Do it.", "Mind.")),
        ("archive", "patient", (None, "Mind."), (None, "Mind.")),
        ("clinician", "clinician", None, ("Do it.", "Mind.")),
        ("archive", "archive", None, None),
    ],
)
def test_advice_and_caution_have_an_audience_each(clinic, advice, caution, alice, dana):
    profile(clinic)
    make_guidance(
        "an-item", caution=said("Mind."), advice_audience=advice, caution_audience=caution
    )
    for person, expected in ((clinic.alice, alice), (clinic.dana, dana)):
        card = Reading(clinic, person).guidance().get("an-item")
        assert (card and (card.advice, card.caution)) == expected


def test_a_relative_without_the_diet_reads_nothing_about_eating(clinic):
    profile(clinic, **PEANUT)
    make_guidance("eat-well", topic="eating")
    make_guidance("a-dish-of-theirs", category="recipe")
    make_guidance("small-meals", advice=said("A little peanut butter helps."))
    seen = Reading(clinic, clinic.bob)
    assert {"eat-well", "a-dish-of-theirs"}.isdisjoint(seen.guidance())
    page = seen(lists.guidance_for, limit=200)
    assert not [each for each in page.hidden.reasons if each.reason.startswith("allergy")]
    assert page.not_recorded == []
    found = seen(lists.search_for, "dish")
    assert {each.kind for each in found.results} <= {"guidance", "exercise"}


def test_who_may_not_see_diagnoses_reads_one_reason_for_all_of_them(clinic):
    profile(clinic, kidney="severe", conditions=[{"code": "als"}])
    signed_recipe(clinic, "a-dish", make_food("plain_rice"), kidney_caution=said("Salt."))
    other = signed_recipe(clinic, "b-dish", make_food("oats_like"))
    other.not_for.add("als")
    cook = make_user("gina")
    make_helper(clinic.patient, cook, scopes=(Scope.SEE_DIET, Scope.SEE_SESSIONS))
    reasons = Reading(clinic, cook).reasons()
    assert reasons["profile"] >= 2
    assert {"kidney", "condition"}.isdisjoint(reasons)


def test_an_item_hidden_twice_counts_once_in_all(clinic):
    profile(clinic, **PEANUT, swallowing_food=5)
    before = Reading(clinic)(lists.recipes_for).hidden.total
    signed_recipe(clinic, "a-dish", make_food("spread", allergens=["peanut"]), texture=7)
    page = Reading(clinic)(lists.recipes_for)
    assert page.hidden.total == before + 1
    assert "peanut allergy" in page.hidden.line
    assert "swallowing level" in page.hidden.line


# Pages of a list, and search


def test_a_long_list_comes_in_pages(cast):
    load_catalogue()
    profile(cast)
    first = Reading(cast)(lists.exercises_for, limit=2)
    second = Reading(cast)(lists.exercises_for, skip=2, limit=2)
    assert first.next and not first.previous and second.previous
    both = [card.slug for card in (*first.results, *second.results)]
    assert both == Reading(cast).exercises()[:4]


@pytest.mark.parametrize("words", ["plain", "rice dish"])
def test_search_finds_what_is_fit(clinic, words):
    profile(clinic)
    signed_recipe(clinic, "plain-rice-dish", make_food("plain_rice"), name="Plain rice dish")
    found = Reading(clinic)(lists.search_for, words)
    assert ("recipe", "plain-rice-dish") in [(each.kind, each.ref) for each in found.results]


def test_search_finds_nothing_with_peanut_and_says_so(clinic):
    profile(clinic, **PEANUT)
    food = make_food("spread", "Groundnut paste", chinese="花生酱", allergens=["peanut"])
    signed_recipe(clinic, "soft-dish", food, name="Soft dish with peanut", chinese="花生糊")
    for words in ("peanut", "花生", "groundnut", "soft dish"):
        found = Reading(clinic)(lists.search_for, words)
        assert {"soft-dish", "spread"}.isdisjoint(each.ref for each in found.results)
        assert "allergy:peanut" in [each.reason for each in found.hidden.reasons]


def test_no_words_find_nothing(clinic):
    profile(clinic)
    assert Reading(clinic)(lists.search_for, " ! ").results == []
