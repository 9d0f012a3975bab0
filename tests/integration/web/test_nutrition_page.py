"""The nutrition plan's page: typed by a clinician, read on Eat."""

from rehab.models import NutritionPlan
from tests.integration.web.scenes import Scene, browser, form_on, text_of

ORDERED = {
    "set_by": "Ana Ruiz",
    "set_by_role": "Dietitian",
    "set_on": "2026-10-12",
    "weight_kg": "52",
    "weighed_on": "2026-10-10",
    "protein_g": "42",
    "food_level": "5",
    "supplement-0": "Thickener",
    "amount-0": "as shown",
}


def versions(scene: Scene) -> list[NutritionPlan]:
    with scene.cast.inside():
        return list(NutritionPlan.objects.order_by("number"))


def post(scene: Scene, **changes):
    url = scene.page("eat/plan/")
    sent = form_on(browser(scene.cast.dana).get(url).content.decode(), "set_by")
    return browser(scene.cast.dana).post(url, {**sent, **changes})


def test_what_was_ordered_stands_on_eat_with_who_and_which_weight(scene):
    assert post(scene, **ORDERED).status_code == 302
    words = text_of(browser(scene.cast.alice).get(scene.page("eat/")).content.decode())
    assert "42 g" in words and "Ana Ruiz" in words and "52 kg" in words
    assert "minced and moist" in words and "Thickener" in words
    assert versions(scene)[0].protein_g_per_kg is None


def test_the_form_starts_from_the_version_in_force(scene):
    post(scene, **ORDERED)
    assert post(scene).status_code == 302
    assert len(versions(scene)) == 1
    post(scene, protein_g="45")
    assert [each.protein_g for each in versions(scene)] == [42, 45]


def test_a_disagreement_is_said_beside_all_three_fields(scene):
    answer = post(scene, **{**ORDERED, "protein_g_per_kg": "1.2"})
    assert answer.status_code == 422
    assert text_of(answer.content.decode()).count("do not agree") == 3
    assert versions(scene) == []


def test_an_unusual_target_is_asked_about_and_kept_when_sent_again(scene):
    unusual = {**ORDERED, "protein_g": "", "protein_g_per_kg": "2"}
    answer = post(scene, **unusual)
    assert answer.status_code == 422 and versions(scene) == []
    again = form_on(answer.content.decode(), "set_by")
    dana, url = browser(scene.cast.dana), scene.page("eat/plan/")
    assert dana.post(url, {**again, "protein_g_per_kg": "3"}).status_code == 422
    assert dana.post(url, again).status_code == 302
    assert versions(scene)[0].confirmed == ["protein_g_per_kg"]


def test_who_may_not_see_the_diet_does_not(scene):
    assert browser(scene.cast.bob).get(scene.page("eat/")).status_code == 403
    assert browser(scene.cast.alice).get(scene.page("eat/plan/")).status_code == 403
