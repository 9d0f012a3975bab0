"""Signing content through the API: who may, what is refused, what a signature is for."""

import pytest

from exercises.models import Exercise
from rehab.models import ContentSignature
from tests.integration.api.scenes import get, local, send
from tests.people import make_post
from tests.plans import load_catalogue

SIGNATURES = "/api/v1/content-signatures"
ITEM = f"{SIGNATURES}/items/exercise/skin-check"
AT = local(19, 12)


@pytest.fixture(autouse=True)
def _content(db):
    load_catalogue()


def read(slug="skin-check", **facts):
    digest = Exercise.objects.get(slug=slug).digest
    return {"kind": "exercise", "slug": slug, "digest": digest, **facts}


def sign(user, *items, **facts):
    return send(user, "post", SIGNATURES, {"items": list(items) or [read()], **facts}, AT)


def row(cast, **query):
    listed = get(cast.dana, SIGNATURES, AT, kind="exercise", limit=200, **query).json()
    return next(each for each in listed["results"] if each["slug"] == "skin-check")


def test_a_practitioner_lists_signs_and_withdraws(cast):
    assert (row(cast)["state"], row(cast)["signature"]) == ("new", None)
    answer = sign(cast.dana)
    assert answer.status_code == 201
    (signature,) = answer.json()["results"]
    assert (signature["signed_by"], signature["digest"]) == ("Dana", read()["digest"])
    assert row(cast, state="signed")["signature"]["signed_by"] == "Dana"
    withdrawn = send(cast.erin, "post", f"{SIGNATURES}/{signature['id']}/withdraw", None, AT)
    assert (withdrawn.status_code, withdrawn.json()["withdrawn_by"]) == (200, "Erin")
    assert row(cast)["state"] == "new"
    again = send(cast.erin, "post", f"{SIGNATURES}/{signature['id']}/withdraw", None, AT)
    assert (again.status_code, again.json()["code"]) == (409, "already_withdrawn")


def test_signing_again_answers_with_the_signature_that_stands(cast):
    first = sign(cast.dana).json()["results"][0]["id"]
    assert sign(cast.erin).json()["results"][0]["id"] == first


@pytest.mark.parametrize("who", ["alice", "bob", "charlie"])
def test_patients_and_caregivers_are_refused(cast, who):
    user = getattr(cast, who)
    assert get(user, SIGNATURES, AT).status_code == 403
    assert get(user, ITEM, AT).status_code == 403
    assert sign(user).status_code == 403
    assert sign(user, clinic=str(cast.clinic.pk)).status_code == 403
    with cast.inside():
        assert not ContentSignature.objects.exists()


def test_another_clinic_sees_and_signs_nothing_here(cast):
    signature = sign(cast.dana).json()["results"][0]["id"]
    here = str(cast.clinic.pk)
    assert get(cast.olga, SIGNATURES, AT, clinic=here).status_code == 422
    assert sign(cast.olga, clinic=here).json()["errors"][0]["code"] == "unknown_clinic"
    assert (
        send(cast.olga, "post", f"{SIGNATURES}/{signature}/withdraw", None, AT).status_code == 404
    )
    assert get(cast.olga, SIGNATURES, AT).json()["counts"]["signed"] == 0


def test_who_works_in_two_clinics_says_for_which(cast):
    make_post(cast.other_clinic, cast.dana)
    unsaid = sign(cast.dana)
    assert (unsaid.status_code, unsaid.json()["errors"][0]["field"]) == (422, "clinic")
    signed = sign(cast.dana, clinic=str(cast.other_clinic.pk))
    assert signed.json()["results"][0]["clinic"] == str(cast.other_clinic.pk)


def test_other_words_than_were_read_are_a_conflict_that_names_the_item(cast):
    answer = sign(cast.dana, read("turning"), read(digest="0" * 64))
    assert (answer.status_code, answer.json()["code"]) == (409, "wording_changed")
    assert [each["field"] for each in answer.json()["errors"]] == ["items.1"]
    assert row(cast)["state"] == "new"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"items": []}, 422),
        ({"items": [{"kind": "rumour", "slug": "x", "digest": "y"}]}, 422),
        ({"items": [{"kind": "exercise", "slug": "nothing", "digest": "y"}]}, 422),
        ({"items": [{"kind": "exercise", "slug": "skin-check"}]}, 422),
        ({"items": "all", "really": True}, 422),
    ],
)
def test_what_cannot_be_signed_is_refused(cast, body, code):
    assert send(cast.dana, "post", SIGNATURES, body, AT).status_code == code


def test_an_item_shows_its_wording_beside_what_was_signed(cast):
    assert get(cast.dana, ITEM, AT).json()["signed"] is None
    sign(cast.dana)
    Exercise.objects.filter(slug="skin-check").update(
        digest="other", summary={"en": "Shorter.", "zh-Hans": "短一些。"}
    )
    found = get(cast.dana, ITEM, AT).json()
    assert found["item"]["state"] == "changed"
    now, then = ({line["field"]: line["en"] for line in found[side]} for side in ("now", "signed"))
    assert now["summary"] == "Shorter."
    assert then["summary"].startswith("Looking over")


@pytest.mark.parametrize("kind", ["exercise", "rumour"])
def test_an_item_that_is_not_there_is_not_found(cast, kind):
    assert get(cast.dana, f"{SIGNATURES}/items/{kind}/nothing", AT).status_code == 404


@pytest.mark.parametrize(
    "query", [{"kind": "rumour"}, {"state": "odd"}, {"q": "x" * 101}, {"clinic": "no"}]
)
def test_a_filter_that_cannot_be_is_refused(cast, query):
    answer = get(cast.dana, SIGNATURES, AT, **query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, next(iter(query)))


def test_the_list_comes_in_pages(cast):
    first = get(cast.dana, SIGNATURES, AT, limit=3).json()
    assert len(first["results"]) == 3
    second = get(cast.dana, first["next"], AT).json()
    assert second["results"][0]["slug"] not in {each["slug"] for each in first["results"]}
    assert second["previous"] is not None
