"""The clinic's content pages: who gets in, the queue, signing, what changed, what is withdrawn."""

import re

import pytest

from exercises.models import Exercise, Protocol
from patients.models import Clinic
from rehab.models import ContentSignature
from tests.integration.web.scenes import Scene, browser, form_on, text_of

QUEUE = "/content/?kind=exercise&q=pressure+points"
ITEM = "/content/items/exercise/skin-check/"


def page(scene: Scene, who: str = "dana", url: str = "/content/", language: str = "en") -> str:
    answer = browser(getattr(scene.cast, who), language).get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def value(slug: str = "skin-check") -> str:
    return f"exercise:{slug}:{Exercise.objects.get(slug=slug).digest}"


def sign(scene: Scene, who: str = "dana", **sent: object) -> object:
    return browser(getattr(scene.cast, who)).post("/content/sign/", {"item": [value()], **sent})


def signatures(scene: Scene) -> list[ContentSignature]:
    with scene.cast.inside():
        return list(ContentSignature.objects.newest_first())


def reword(slug: str = "skin-check") -> None:
    row = Exercise.objects.get(slug=slug)
    Exercise.objects.filter(slug=slug).update(
        digest="another", summary={**row.summary, "en": "Looking over all of the pressure points."}
    )


@pytest.mark.parametrize("who", ["alice", "bob", "charlie"])
@pytest.mark.parametrize(
    "url",
    ["/content/", "/content/conflicts/", "/content/sources/", ITEM,
     "/content/sources/denervated-muscle-review/"],
)  # fmt: skip
def test_patients_and_caregivers_have_no_content_pages(scene: Scene, who: str, url: str) -> None:
    assert browser(getattr(scene.cast, who)).get(url).status_code == 404


@pytest.mark.parametrize("who", ["alice", "bob", "charlie"])
def test_patients_and_caregivers_sign_nothing(scene: Scene, who: str) -> None:
    assert sign(scene, who).status_code == 404  # type: ignore[attr-defined]
    assert signatures(scene) == []


def test_a_clinician_finds_the_content_from_the_caseload(scene: Scene) -> None:
    assert 'href="/content/"' in page(scene, url="/caseload/")


def test_the_queue_shows_the_wording_in_both_languages_and_both_states(scene: Scene) -> None:
    html = page(scene, url=QUEUE)
    row = Exercise.objects.get(slug="skin-check")
    words = text_of(html)
    assert row.names["en"] in words
    assert row.steps[0]["en"] in words
    assert row.steps[0]["zh-Hans"] in words
    assert "Not signed" in words
    assert "Reaches patients" in words


def test_one_item_is_signed_and_the_page_says_by_whom(scene: Scene) -> None:
    html = page(scene, url=ITEM)
    sent = form_on(html, "item")
    browser(scene.cast.dana).post("/content/sign/", sent)
    assert [each.slug for each in signatures(scene)] == ["skin-check"]
    words = text_of(page(scene, url=ITEM))
    assert "Signed by Dana" in words
    assert "Withdraw the signature" in words


def test_a_page_of_items_is_signed_with_one_press(scene: Scene) -> None:
    html = page(scene, url="/content/?kind=exercise")
    shown = [part.split('"')[0] for part in html.split('name="shown" value="')[1:]]
    assert len(shown) == 10
    sent = {"all": "1", "shown": shown, "here": "/content/?kind=exercise"}
    answer = browser(scene.cast.dana).post("/content/sign/", sent, follow=True)
    assert answer.redirect_chain[-1][0] == "/content/?kind=exercise"
    assert len(signatures(scene)) == 10


def test_only_what_is_ticked_is_signed(scene: Scene) -> None:
    shown = [value(), value("turning")]
    browser(scene.cast.dana).post("/content/sign/", {"item": [value()], "shown": shown})
    assert [each.slug for each in signatures(scene)] == ["skin-check"]


def test_a_wording_that_changed_meanwhile_is_not_signed(scene: Scene) -> None:
    stale = value()
    reword()
    answer = browser(scene.cast.dana).post("/content/sign/", {"item": [stale]}, follow=True)
    assert "The wording has changed since you opened it" in text_of(answer.content.decode())
    assert signatures(scene) == []


def test_what_changed_stands_side_by_side_in_both_languages(scene: Scene) -> None:
    sign(scene)
    reword()
    html = page(scene, url=ITEM)
    words = text_of(html)
    assert "What changed since the last signature" in words
    assert "Changed since it was signed" in words
    assert re.search("<ins>[^<]*all of[^<]*</ins>", html)
    assert 'lang="zh-Hans"' in html
    changed = html.split("changed-title")[2].split("whole-title")[0]
    assert "In short" in changed
    assert "Step" not in changed, "what did not change is not in the way"


def test_signing_goes_on_to_the_next_that_waits(scene: Scene) -> None:
    html = page(scene, url=ITEM)
    onward = html.split('name="then" value="')[1].split('"')[0].replace("&amp;", "&")
    answer = sign(scene, then=onward)
    assert answer.headers["Location"] == onward  # type: ignore[attr-defined]
    assert onward.startswith("/content/items/exercise/")


def test_nobody_is_sent_elsewhere_after_signing(scene: Scene) -> None:
    answer = sign(scene, then="https://evil.example/", here="//evil.example/")
    assert answer.headers["Location"].startswith("/content/?clinic=")  # type: ignore[attr-defined]


def test_a_signature_is_withdrawn_by_a_colleague(scene: Scene) -> None:
    sign(scene)
    (signature,) = signatures(scene)
    url = f"/content/signatures/{signature.pk}/withdraw/"
    for stranger in (scene.cast.bob, scene.cast.charlie, scene.cast.olga):
        assert browser(stranger).post(url).status_code == 404
    browser(scene.cast.erin).post(url)
    (signature,) = signatures(scene)
    assert signature.withdrawn_by_id == scene.cast.erin.pk
    assert "withdrawn" in text_of(page(scene, url=ITEM))
    again = browser(scene.cast.dana).post(url, follow=True)
    assert "withdrawn before" in text_of(again.content.decode())


def test_the_filter_narrows_and_can_be_taken_off(scene: Scene) -> None:
    sign(scene)
    words = text_of(page(scene, url="/content/?state=signed"))
    assert "Whole-body skin check" in words
    assert "Show everything" in words
    assert "Nothing here" in text_of(page(scene, url="/content/?state=changed"))
    # What cannot be understood narrows nothing.
    assert "Not signed" in text_of(page(scene, url="/content/?state=nonsense&after=nonsense"))


def test_a_protocol_is_read_with_its_doses(scene: Scene) -> None:
    assert Protocol.objects.filter(slug="sci-fes-cycling-26-weeks").exists()
    words = text_of(page(scene, url="/content/items/protocol/sci-fes-cycling-26-weeks/"))
    assert "15–45" in words


def test_what_nobody_reads_has_no_page(scene: Scene) -> None:
    Exercise.objects.filter(slug="skin-check").update(
        advice_audience="archive", caution_audience="archive"
    )
    dana = browser(scene.cast.dana)
    assert dana.get(ITEM).status_code == 404
    assert dana.get("/content/items/rumour/skin-check/").status_code == 404
    assert "Whole-body skin check" not in text_of(page(scene, url=QUEUE))


def test_only_a_coordinator_requires_signatures(scene: Scene) -> None:
    def required() -> bool:
        return Clinic.objects.get(pk=scene.cast.clinic.pk).requires_signature

    sent = {"required": "yes"}
    assert browser(scene.cast.dana).post("/content/required/", sent).status_code == 403
    assert browser(scene.cast.bob).post("/content/required/", sent).status_code == 404
    assert not required()
    assert "A coordinator of your clinic can change this" in text_of(page(scene))
    answer = browser(scene.cast.erin).post("/content/required/", sent, follow=True)
    assert required()
    assert "only what your clinic has signed" in text_of(answer.content.decode())
    browser(scene.cast.erin).post("/content/required/", {"required": "no"})
    assert not required()


def test_olga_signs_for_her_own_clinic_only(scene: Scene) -> None:
    answer = sign(scene, "olga", clinic=str(scene.cast.clinic.pk))
    assert answer.status_code == 404  # type: ignore[attr-defined]
    sign(scene, "olga")
    assert signatures(scene) == []
    assert "Signed by Olga" not in text_of(page(scene, url=ITEM))
    assert "Signed by Olga" in text_of(page(scene, "olga", ITEM))


def test_conflicts_name_both_sides_and_what_is_hidden(scene: Scene) -> None:
    words = text_of(page(scene, url="/content/conflicts/"))
    assert "Unresolved" in words
    assert "its advice is hidden from patients" in words


def test_the_source_page_says_which_sections_were_used_and_for_whom(scene: Scene) -> None:
    words = text_of(page(scene, url="/content/sources/denervated-muscle-review/"))
    assert "2.5 Passive movement" in words
    assert "Passive elbow flexion" in words
    assert "kept for the record and shown to nobody" in words
    assert "Patients and clinicians" in words
    dana = browser(scene.cast.dana)
    assert dana.get("/content/sources/no-such-thing/").status_code == 404


def test_the_five_documents_stand_first(scene: Scene) -> None:
    words = text_of(page(scene, url="/content/sources/"))
    assert words.index("The documents it began with") < words.index("What their claims")
