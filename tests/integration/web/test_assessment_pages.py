"""Measuring and the food diary on pages: typed as people type, read beside what it means."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone

from rehab.actions.assessments import record_assessment
from rehab.domain.assessments import AssessmentEntry
from rehab.domain.instruments import ResultEntry
from rehab.models import Assessment, DietLog, TakenSubstance
from tests.integration.web.scenes import browser, form_on, text_of

NEW = "assessments/new/"


def typed(scene, who, name, field, **changes):
    client, url = browser(who), scene.page(name)
    sent = form_on(client.get(url).content.decode(), field)
    return client.post(url, {**sent, **changes})


def grip(scene, left, **changes):
    given = {"v-grip_kg-left": left, "f-device": "Jamar", "assessed_by": "clinician", **changes}
    return typed(scene, scene.cast.dana, f"{NEW}grip/", "v-grip_kg-left", **given)


def rows(scene, model):
    with scene.cast.inside():
        return list(model.objects.order_by("received_at"))


def test_a_clinician_types_the_left_hand_in_pounds_and_reads_what_it_means(scene):
    assert grip(scene, "31 lb").status_code == 302
    (row,) = rows(scene, Assessment)
    (result,) = row.results
    assert (result["value"], result["typed"]) == (14.1, "31 lb")
    words = text_of(browser(scene.cast.alice).get(scene.page("assessments/")).content.decode())
    assert "Grip strength" in words
    assert "Below the AWGS 2019 screening value for men (28 kg): ask your clinician." in words
    assert "sarcopenia" not in words.lower()


def test_pounds_typed_as_kilograms_are_asked_about_and_kept_when_sent_again(scene):
    grip(scene, "14")
    asked = grip(scene, "31")
    assert asked.status_code == 422 and "14.1 kg" in text_of(asked.content.decode())
    again = form_on(asked.content.decode(), "v-grip_kg-left")
    url = scene.page(f"{NEW}grip/")
    assert browser(scene.cast.dana).post(url, {**again, "v-grip_kg-left": "32"}).status_code == 422
    assert browser(scene.cast.dana).post(url, again).status_code == 302
    assert len(rows(scene, Assessment)) == 2


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(scene):
    answer = grip(scene, "14", **{"f-device": ""})
    page = answer.content.decode()
    assert answer.status_code == 422 and "cannot be compared" in text_of(page)
    assert form_on(page, "v-grip_kg-left")["v-grip_kg-left"] == "14"


def test_the_patient_enters_what_patients_enter_and_no_more(scene):
    alice = browser(scene.cast.alice)
    words = text_of(alice.get(scene.page(NEW)).content.decode())
    assert "Pain" in words
    assert "Modified Ashworth" not in words
    assert alice.get(scene.page(f"{NEW}modified_ashworth/")).status_code == 403
    assert alice.get(scene.page(f"{NEW}borg/")).status_code == 404
    given = {"v-pain-": "0", "f-site": "knee", "f-side": "left", "assessed_by": "patient"}
    answer = typed(scene, scene.cast.alice, f"{NEW}pain_nrs/", "v-pain-", **given)
    assert answer.status_code == 302
    assert rows(scene, Assessment)[0].results[0]["value"] == 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_instrument_that_is_offered_has_its_form(scene, language):
    dana = browser(scene.cast.dana, language)
    page = dana.get(scene.page(NEW)).content.decode()
    links = set(re.findall(r'href="([^"]*/assessments/new/\w+/)"', page))
    assert len(links) > 20
    for link in links:
        assert dana.get(link).status_code == 200, link


def test_a_measurement_is_withdrawn_with_a_reason(scene):
    grip(scene, "14")
    (row,) = rows(scene, Assessment)
    dana = browser(scene.cast.dana)
    one, listed = scene.page(f"assessments/{row.id}/"), scene.page("assessments/")
    url = f"{one}withdraw/"
    assert one in dana.get(listed).content.decode()
    assert url in dana.get(one).content.decode()
    assert dana.post(url, {"reason": ""}).status_code == 422
    assert dana.post(url, {"reason": "Other patient"}).status_code == 302
    words = text_of(dana.get(listed).content.decode())
    assert "Nothing has been measured yet." in words and "Withdrawn" in words
    gone = dana.get(one).content.decode()
    assert "Other patient" in text_of(gone) and url not in gone
    assert dana.post(f"{one}correct/", form_on(gone, "csrfmiddlewaretoken")).status_code == 422


def test_a_correction_starts_from_what_was_said_and_keeps_it_readable(scene):
    grip(scene, "31 lb", note="Tired", **{"v-grip_kg-right": "20"})
    (row,) = rows(scene, Assessment)
    dana, url = browser(scene.cast.dana), scene.page(f"assessments/{row.id}/correct/")
    sent = form_on(dana.get(url).content.decode(), "reason")
    assert (sent["v-grip_kg-left"], sent["f-device"], sent["note"]) == ("31 lb", "Jamar", "Tired")
    right = {**sent, "v-grip_kg-right": "21", "reason": "Misread"}
    refused = dana.post(url, {**right, "reason": ""})
    assert refused.status_code == 422
    assert form_on(refused.content.decode(), "reason")["v-grip_kg-right"] == "21"
    assert dana.post(url, {**sent, "reason": "Looked again"}).status_code == 302
    assert rows(scene, Assessment)[0].revision == 1
    assert dana.post(url, right).status_code == 302
    (row,) = rows(scene, Assessment)
    assert [each["value"] for each in row.results] == [14.1, 21]
    assert (row.results[0]["typed"], row.note, row.revision) == ("31 lb", "Tired", 2)
    words = text_of(browser(scene.cast.alice).get(url.replace("correct/", "")).content.decode())
    assert "“Misread”" in words and "20 kg" in words and "21 kg" in words


def test_a_correction_loses_nothing_that_its_form_has_no_field_for(scene):
    """Two muscles in one measurement came over the API; the form has one."""
    cast, told = scene.cast, uuid4()
    told_as = {"performed_at": timezone.now(), "zone": "Asia/Shanghai", "results": tuple(
        ResultEntry(score="strength", value=value, facts={"muscle": muscle, "side": "left"})
        for muscle, value in (("biceps", "2"), ("quadriceps", "3"))
    )}  # fmt: skip
    entry = AssessmentEntry(instrument="mrc", **told_as)
    record_assessment(
        by=cast.dana, at=timezone.now(), patient_id=cast.patient.pk, assessment_id=told, entry=entry
    )
    dana, url = browser(cast.dana), scene.page(f"assessments/{told}/correct/")
    sent = form_on(dana.get(url).content.decode(), "reason")
    assert browser(cast.alice).post(url, {**sent, "reason": "Mine"}).status_code == 403
    assert url not in browser(cast.alice).get(scene.page(f"assessments/{told}/")).content.decode()
    dana.post(url, {**sent, "v-0": "4", "reason": "Misread"})
    (row,) = rows(scene, Assessment)
    assert [(each["facts"]["muscle"], each["value"]) for each in row.results] == [
        ("biceps", "2"),
        ("quadriceps", "4"),
    ]


def test_what_was_told_late_counts_once_a_clinician_says_so(scene):
    given = {"v-pain-": "6", "f-site": "knee", "f-side": "left", "on": "2026-10-05"}
    assert typed(scene, scene.cast.alice, f"{NEW}pain_nrs/", "v-pain-", **given).status_code == 302
    (row,) = rows(scene, Assessment)
    one = scene.page(f"assessments/{row.id}/")
    assert f"{one}confirm/" not in browser(scene.cast.alice).get(one).content.decode()
    assert browser(scene.cast.alice).post(f"{one}confirm/").status_code == 403
    assert f"{one}confirm/" in browser(scene.cast.dana).get(one).content.decode()
    assert browser(scene.cast.dana).post(f"{one}confirm/").status_code == 302
    assert rows(scene, Assessment)[0].status == "recorded"


def test_a_caregiver_without_the_scope_reads_no_measurements_and_no_diary(scene):
    bob = browser(scene.cast.bob)
    grip(scene, "14")
    one = f"assessments/{rows(scene, Assessment)[0].id}/"
    for name in ("assessments/", one, f"{one}correct/", "eat/diary/", "eat/taken/"):
        assert bob.get(scene.page(name)).status_code == 403
        assert browser(scene.cast.charlie).get(scene.page(name)).status_code == 404


def test_a_meal_is_written_down_beside_what_was_ordered(scene):
    given = {"text": "Fish and rice", "protein_g": "18", "weight_kg": "8 st 3"}
    answer = typed(scene, scene.cast.alice, "eat/diary/", "protein_g", **given)
    assert answer.status_code == 302
    words = text_of(browser(scene.cast.alice).get(scene.page("eat/diary/")).content.decode())
    assert "Fish and rice" in words and "Protein entered: 18 g" in words and "52.2 kg" in words
    assert "Nobody has set targets for eating yet." in words
    assert rows(scene, DietLog)[0].weight_typed == "8 st 3"


def test_choking_leads_to_its_card_at_once(scene):
    given = {"text": "Porridge", "symptoms": "wet_voice_after_food"}
    answer = typed(scene, scene.cast.alice, "eat/diary/", "protein_g", **given)
    assert "/alerts/" in answer["Location"]


def test_what_is_taken_is_recorded_and_can_be_withdrawn(scene):
    given = {"code": "ginseng", "amount": "as a tea", "since": "2026-10-01"}
    assert typed(scene, scene.cast.alice, "eat/taken/", "amount", **given).status_code == 302
    words = text_of(browser(scene.cast.alice).get(scene.page("eat/taken/")).content.decode())
    assert "Ginseng" in words and "as a tea" in words
    (row,) = rows(scene, TakenSubstance)
    url = scene.page(f"eat/taken/{row.id}/withdraw/")
    assert browser(scene.cast.alice).post(url, {"reason": "Typo"}).status_code == 302
    assert rows(scene, TakenSubstance)[0].status == "entered-in-error"
