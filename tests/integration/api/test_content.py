"""What is fit for a patient, through every door: lists, details, search, pages, offline, mail."""

import json
import re

import pytest

from exercises import reference
from exercises.models import Food, Guidance, Recipe
from patients.domain.roles import Scope
from rehab.actions.delivery import drain
from rehab.actions.signing import Read, sign_content
from rehab.management.demo.programmes import PROGRAMMES
from rehab.models.reads.content_reader import names_of
from tests.content import make_food, make_recipe
from tests.integration.api.scenes import get, local, of_alice
from tests.integration.rehab.mailbox import open_mailbox
from tests.integration.web.scenes import browser, text_of
from tests.people import make_helper, make_user
from tests.plans import assign, clear_profile, load_catalogue, shoulder

AT = local(19, 12)
LISTS = ("recipes", "foods", "exercises", "guidance")
# The demo patient after a stroke: allergic to peanut, on IDDSI 5.
DEMO = PROGRAMMES["shoulder"].profile
PEANUT = re.compile("|".join(map(re.escape, names_of("peanut"))), re.IGNORECASE)


@pytest.fixture
def kitchen(cast):
    """Every recipe is signed, one of them with peanut under another name and soft enough."""
    load_catalogue()
    assign(cast, shoulder(), at=local(18, 20))
    eating = {name: DEMO[name] for name in DEMO if name not in ("answers", "innervation")}
    clear_profile(cast, at=local(18, 20), **eating)
    paste = make_food("nut_paste", "Groundnut paste", chinese="花生酱", allergens=["peanut"])
    make_recipe("soft-puree", paste, name="Soft purée", chinese="软糊", texture=4)
    items = [
        Read(kind="recipe", slug=recipe.slug, digest=recipe.digest)
        for recipe in Recipe.objects.all()
    ]
    sign_content(by=cast.dana, at=AT, clinic_id=cast.clinic.pk, items=items)
    return cast


def everybody(cast):
    cook = make_user("gina")
    make_helper(cast.patient, cook, scopes=(Scope.SEE_DIET, Scope.SEE_SESSIONS))
    return cast.alice, cook, cast.dana


def told(answer):
    """What an answer tells, apart from what it says of hidden things and how it was asked."""
    body = answer.json()
    for name in ("hidden", "reasons", "query", "detail"):
        body.pop(name, None)
    return json.dumps(body, ensure_ascii=False)


def with_peanut():
    foods = Food.objects.filter(allergens="peanut")
    return (
        [("foods", code) for code in foods.values_list("code", flat=True)]
        + [("recipes", each.slug) for each in Recipe.objects.filter(foods__in=foods).distinct()]
        + [("guidance", each.slug) for each in Guidance.objects.filter(foods__in=foods).distinct()]
        + [
            ("guidance", each.slug)
            for each in Guidance.objects.filter(recipes__foods__in=foods).distinct()
        ]
    )


def test_nothing_with_peanut_is_in_any_list(kitchen):
    for person in everybody(kitchen):
        for name in LISTS:
            for language in ("en", "zh-Hans"):
                answer = get(person, of_alice(kitchen, name), AT, limit=200, lang=language)
                assert answer.status_code == 200
                found = told(answer)
                assert not PEANUT.search(found), (name, PEANUT.search(found))


def test_the_list_says_how_many_are_hidden_and_why(kitchen):
    hidden = get(kitchen.alice, of_alice(kitchen, "recipes"), AT).json()["hidden"]
    counts = {each["reason"]: each["count"] for each in hidden["reasons"]}
    peanut = Recipe.objects.filter(foods__allergens="peanut").distinct().count()
    assert counts["allergy:peanut"] >= peanut >= 4
    assert counts["swallowing_level"] >= 1
    assert re.fullmatch(
        rf"{hidden['total']} hidden: .*peanut allergy, .*swallowing level.*", hidden["line"]
    )


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_nothing_with_peanut_is_found(kitchen, language):
    for words in ("peanut", "花生", "groundnut", "花生酱", "soft", "porridge", "粥", "nut", "豆"):
        answer = get(kitchen.alice, of_alice(kitchen, "search"), AT, q=words, lang=language)
        assert not PEANUT.search(told(answer)), (words, told(answer))
    assert answer.status_code == 200


def test_a_direct_address_gives_the_reason_and_no_name(kitchen):
    items = with_peanut()
    assert {kind for kind, _slug in items} == {"foods", "recipes", "guidance"}
    for person in everybody(kitchen):
        for kind, slug in items:
            answer = get(person, of_alice(kitchen, f"{kind}/{slug}"), AT)
            assert (answer.status_code, answer.json()["code"]) == (404, "hidden_for_this_patient")
            assert "allergy:peanut" in answer.json()["reasons"]
            assert not PEANUT.search(told(answer))
            assert answer["Content-Type"] == "application/problem+json"


def test_what_is_not_there_is_plainly_not_there(kitchen):
    for name in LISTS:
        answer = get(kitchen.alice, of_alice(kitchen, f"{name}/no-such-thing"), AT)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def page_of(person, address):
    """A page's words apart from the line that says what is hidden and why."""
    answer = browser(person).get(address)
    return answer.status_code, re.sub(
        r"(?i)[^.]*\d+ hidden: [^.]*|peanut allergy|花生过敏", " ", text_of(answer.content.decode())
    )


def test_no_page_shows_any(kitchen):
    patient = f"/patients/{kitchen.patient.pk}"
    addresses = ["eat/", "learn/", "learn/exercises/", "today/", "plan/", "history/"]
    addresses += [f"learn/?q={words}" for words in ("花生酱", "soft", "porridge")]
    topics = Guidance.objects.values_list("topic", flat=True).distinct()
    addresses += [f"learn/topics/{topic}/" for topic in topics]
    for address in addresses:
        _status, words = page_of(kitchen.alice, f"{patient}/{address}")
        words = words.replace("花生酱", "", words.count("花生酱") if "?q=花生酱" in address else 0)
        assert not PEANUT.search(words), (address, PEANUT.search(words))
    for kind, slug in with_peanut():
        place = {"foods": "eat/foods", "recipes": "eat/recipes", "guidance": "learn/guidance"}[kind]
        status, words = page_of(kitchen.alice, f"{patient}/{place}/{slug}/")
        assert status == 404 and not PEANUT.search(words), (kind, slug)


def test_neither_the_phone_s_copy_nor_today_holds_any(kitchen):
    for name in ("offline", "today", "changes", "plans"):
        answer = get(kitchen.alice, of_alice(kitchen, name), AT)
        body = answer.json()
        body.pop("body", None)  # the profile itself, which names the allergy
        assert not PEANUT.search(json.dumps(body, ensure_ascii=False)), name


def test_no_mail_tells_of_any(kitchen):
    with open_mailbox() as mailbox:
        drain(at=local(19, 9))
        assert mailbox.mails
        for mail in mailbox.mails:
            assert not PEANUT.search(mail.as_string())
            parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
            assert not PEANUT.search("".join(parts))


# Who may ask


def test_a_relative_without_the_diet_gets_no_diet(kitchen):
    for name in ("recipes", "foods", "nutrition-plan", "recipes/x", "foods/x"):
        assert get(kitchen.bob, of_alice(kitchen, name), AT).status_code == 403, name


def test_a_relative_without_the_diet_learns_of_no_allergy(kitchen):
    for name in ("exercises", "guidance", "search?q=peanut"):
        answer = get(kitchen.bob, of_alice(kitchen, name), AT).json()
        reasons = {each["reason"] for each in answer["hidden"]["reasons"]}
        assert reasons <= {"profile", "conflict", "not_signed"}, name
        assert answer["not_recorded"] == []


def test_strangers_find_no_patient(kitchen):
    for who in (kitchen.charlie, kitchen.olga):
        for name in (*LISTS, "recipes/x", "search?q=arm", "nutrition-plan"):
            assert get(who, of_alice(kitchen, name), AT).status_code == 404, name


def test_what_was_read_stands_in_the_audit(kitchen):
    get(kitchen.dana, of_alice(kitchen, "recipes"), AT)
    hidden = get(kitchen.dana, of_alice(kitchen, "foods/nut_paste"), AT)
    assert hidden.status_code == 404
    events = get(kitchen.alice, of_alice(kitchen, "audit"), AT).json()["results"]
    assert {"read.recipes", "read.foods"} <= {each["kind"] for each in events}


# Cursors and searching


def test_pages_follow_each_other_both_ways(kitchen):
    first = get(kitchen.alice, of_alice(kitchen, "exercises"), AT, limit=3).json()
    second = get(kitchen.alice, first["next"], AT).json()
    back = get(kitchen.alice, second["previous"], AT).json()
    assert [each["slug"] for each in back["results"]] == [each["slug"] for each in first["results"]]
    assert not {each["slug"] for each in first["results"]} & {
        each["slug"] for each in second["results"]
    }


def test_a_page_that_cannot_be_is_refused(kitchen):
    for query in ({"cursor": "nonsense"}, {"limit": "0"}, {"limit": "x"}):
        answer = get(kitchen.alice, of_alice(kitchen, "guidance"), AT, **query)
        assert answer.status_code == 422
        assert {answer.json()["errors"][0]["field"]} == set(query)


def test_a_search_speaks_both_languages(kitchen):
    for words in ("shoulder", "肩"):
        found = get(kitchen.alice, of_alice(kitchen, "search"), AT, q=words).json()["results"]
        assert "exercise" in {each["kind"] for each in found}


# Drawings


def test_a_planned_drawing_ends_where_the_plan_ends(kitchen):
    address = of_alice(kitchen, "exercises/prom-shoulder-flexion/drawing.svg")
    planned = get(kitchen.alice, address, AT)
    assert (planned.status_code, planned["Content-Type"]) == (200, "image/svg+xml")
    assert "sandbox" in planned["Content-Security-Policy"]
    free = get(kitchen.alice, address, AT, side="right")
    assert free.content != planned.content


def test_what_is_barred_is_not_drawn(kitchen):
    barred = [{"exercise": "prom-elbow-extension", "reason": "after surgery"}]
    clear_profile(kitchen, at=AT, barred=barred)
    answer = get(kitchen.alice, of_alice(kitchen, "exercises/prom-elbow-extension/drawing.svg"), AT)
    assert (answer.status_code, answer.json()["reasons"]) == (404, ["barred"])


def test_every_class_of_allergen_has_its_words():
    assert all(len(names_of(code)) > 3 for code in reference.allergens())
