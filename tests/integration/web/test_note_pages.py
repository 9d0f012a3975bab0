"""Notes on pages: written at home, read in the clinic, answered with one of its texts."""

from model_bakery import baker

from rehab.models import CareNote, NoteTemplate, SafetyFlag
from tests.integration.web.scenes import NOW, browser, form_on, text_of


def sent(scene, who, url, field, **changes):
    client = browser(who)
    form = form_on(client.get(url).content.decode(), field)
    return client.post(url, {**form, **changes})


def words(scene, who):
    return text_of(browser(who).get(scene.page("notes/")).content.decode())


def test_home_writes_the_clinic_reads_and_home_sees_that_it_was_read(scene):
    cast = scene.cast
    answer = sent(scene, cast.bob, scene.page("notes/"), "body", body="The elbow is tighter.")
    assert answer.status_code == 302
    assert "Not yet read by anyone." in words(scene, cast.bob)
    assert "A note from home that nobody has read yet." in text_of(
        browser(cast.dana).get("/caseload/").content.decode()
    )
    assert "The elbow is tighter." in words(scene, cast.dana)
    assert "Read by Dana" in words(scene, cast.bob)


def test_an_empty_note_keeps_the_page_and_says_so(scene):
    answer = sent(scene, scene.cast.bob, scene.page("notes/"), "body", body=" ")
    assert answer.status_code == 422
    with scene.cast.inside():
        assert not CareNote.objects.exists()


def test_a_clinician_begins_with_a_text_in_the_language_of_the_patient(scene):
    cast = scene.cast
    texts = f"/clinics/{cast.clinic.pk}/texts/"
    new = {"title": "Photo", "text_zh_hans": "请拍一张照片。", "text_en": "Please take a photo."}
    assert sent(scene, cast.dana, texts, "title", **new).status_code == 302
    with cast.inside():
        template = NoteTemplate.objects.get()
    page = browser(cast.dana).get(scene.page("notes/"), {"begin": str(template.id)})
    begun = form_on(page.content.decode(), "body")["body"]
    assert begun == new["text_zh_hans" if cast.patient.language == "zh-Hans" else "text_en"]
    assert (
        sent(scene, cast.dana, f"{texts}{template.id}/", "title", title="A photo").status_code
        == 302
    )
    browser(cast.dana).post(f"{texts}{template.id}/", {"remove": "1"})
    with cast.inside():
        assert not NoteTemplate.objects.exists()
    assert browser(cast.bob).get(texts).status_code == 404


def test_only_its_writer_is_offered_to_take_a_note_back(scene):
    cast = scene.cast
    sent(scene, cast.bob, scene.page("notes/"), "body", body="Wrong person.", readers="helpers")
    assert "Take back" not in words(scene, cast.alice)
    with cast.inside():
        note = CareNote.objects.get()
    url = scene.page(f"notes/{note.id}/withdraw/")
    assert browser(cast.alice).post(url).status_code == 403
    assert browser(cast.bob).post(url).status_code == 302
    assert "Wrong person." not in words(scene, cast.alice)


def test_a_flag_is_answered_with_a_text_of_the_clinic_and_ones_own_words(scene):
    cast = scene.cast
    with cast.inside():
        flag = baker.make(
            SafetyFlag, patient=cast.patient, clinic=cast.clinic, rule="pain_high", level="E1",
            rule_version=1, occurred_at=NOW, raised_at=NOW,
        )  # fmt: skip
    page = browser(cast.dana).get(scene.page("")).content.decode()
    assert "Please call us" in page
    browser(cast.dana).post(f"/flags/{flag.pk}/acknowledge/", {"begin": "call", "note": "At four."})
    with cast.inside():
        flag.refresh_from_db()
    assert flag.acknowledgement.startswith("Please call us during opening hours.")
    assert flag.acknowledgement.endswith("\nAt four.")
