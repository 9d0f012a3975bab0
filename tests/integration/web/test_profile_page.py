"""The profile page: allergies, swallowing, kidneys, medicines, conditions with day and place."""

import pytest

from rehab.models import ClinicalProfile
from tests.integration.web.scenes import Scene, browser, form_on, text_of


@pytest.fixture
def sent(scene: Scene) -> dict[str, str]:
    return form_on(
        browser(scene.cast.dana).get(scene.page("profile/")).content.decode(), "injury_level"
    )


def recorded(scene: Scene) -> ClinicalProfile:
    with scene.cast.inside():
        return ClinicalProfile.objects.order_by("-number")[0]


def post(scene: Scene, sent, **changes):
    return browser(scene.cast.dana).post(scene.page("profile/"), {**sent, **changes})


def test_nothing_said_stays_unknown(scene, sent):
    assert post(scene, sent).status_code == 302
    profile = recorded(scene)
    assert (profile.allergies_known, profile.kidney, profile.drugs_known) == ("unknown",) * 3
    assert (profile.allergies, profile.drugs, profile.swallowing_food) == ([], [], None)


def test_allergies_are_recorded_by_class_and_in_words(scene, sent):
    post(
        scene,
        sent,
        **{
            "allergies_known": "yes",
            "allergen-peanut": "anaphylaxis",
            "allergy-0": "Mango",
            "severity-0": "mild",
        },
    )
    assert recorded(scene).allergies == [
        {"code": "peanut", "text": "", "severity": "anaphylaxis"},
        {"code": "", "text": "Mango", "severity": "mild"},
    ]


def test_what_was_recorded_comes_back_and_can_be_taken_away(scene, sent):
    named = {"allergies_known": "yes", "allergen-peanut": "severe", "allergy-0": "Mango"}
    post(scene, sent, **named)
    page = browser(scene.cast.dana).get(scene.page("profile/")).content.decode()
    again = form_on(page, "injury_level")
    assert (again["allergen-peanut"], again["allergy-0"]) == ("severe", "Mango")
    post(scene, again, **{"allergy-0": ""})
    assert [each["code"] for each in recorded(scene).allergies] == ["peanut"]


def test_an_allergy_beside_no_allergy_is_asked_about(scene, sent):
    answer = post(scene, sent, **{"allergies_known": "no", "allergen-soy": "mild"})
    assert answer.status_code == 422
    assert "An allergy is named below" in text_of(answer.content.decode())


def test_swallowing_kidneys_and_medicines(scene, sent):
    post(
        scene,
        sent,
        swallowing_food="5",
        swallowing_drink="0",
        mixed_textures="no",
        kidney="severe",
        drugs_known="yes",
        **{"taken-drug": ["warfarin"], "taken-herb": ["angelica"], "taken_else": "Eye drops\n"},
    )
    profile = recorded(scene)
    assert (profile.swallowing_food, profile.swallowing_drink, profile.kidney) == (5, 0, "severe")
    assert [each["code"] or each["text"] for each in profile.drugs] == [
        "warfarin",
        "angelica",
        "Eye drops",
    ]


def test_a_herb_beside_an_anticoagulant_is_a_notice_and_no_advice(scene, sent):
    post(scene, sent, drugs_known="yes", **{"taken-drug": "warfarin", "taken-herb": "angelica"})
    words = text_of(browser(scene.cast.dana).get(scene.page("profile/")).content.decode())
    assert "It is recorded, and never recommended." in words
    assert words.lower().count("warfarin") > 1


def test_a_condition_has_its_day_and_its_place(scene, sent):
    post(scene, sent, more="stroke", more_since="2026-09-09", more_limbs=["left_arm", "left_leg"])
    assert recorded(scene).conditions == [
        {
            "code": "stroke",
            "since": "2026-09-09",
            "limbs": ["left_arm", "left_leg"],
            "note": "",
        }
    ]
    page = browser(scene.cast.dana).get(scene.page("profile/")).content.decode()
    again = form_on(page, "injury_level")
    assert again["since-stroke"] == "2026-09-09"
    post(scene, again, **{"since-stroke": "2026-09-10"})
    assert recorded(scene).conditions[0]["since"] == "2026-09-10"


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_only_a_clinician_edits_it(scene, who):
    person = getattr(scene.cast, who)
    assert browser(person).get(scene.page("profile/")).status_code == 403
