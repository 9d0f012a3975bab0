"""Whoever is told of a flag can see whose it is, and the patient can read that they did."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from patients.access.walls import within_clinics
from patients.actions.break_glass import break_glass
from patients.domain.errors import Conflict, Invalid, NotVisible
from patients.models import AuditEvent, Patient
from tests.people import Cast, browser_of, make_post, make_user


def test_a_practitioner_of_the_clinic_gets_a_clinicians_rights_for_a_day(cast: Cast) -> None:
    frank, now = make_user("frank"), timezone.now()
    make_post(cast.clinic, frank)
    with within_clinics(frank.clinic_ids):
        break_glass(by=frank, at=now, patient_id=cast.patient.pk, reason="on duty, flag")
        rows = Patient.objects.filter(pk=cast.patient.pk)
        soon, late = now + timedelta(hours=23), now + timedelta(hours=25)
        assert rows.visible_to(frank, scope="see_conditions", at=soon).exists()
        assert not rows.visible_to(frank, scope="see_conditions", at=late).exists()


def test_the_patient_can_read_who_broke_the_glass_and_why(cast: Cast) -> None:
    frank, now = make_user("frank"), timezone.now()
    make_post(cast.clinic, frank)
    with within_clinics(frank.clinic_ids):
        break_glass(by=frank, at=now, patient_id=cast.patient.pk, reason="on duty, flag")
        event = AuditEvent.objects.visible_to(cast.alice).get(kind="break_glass")
    assert (event.actor_id, event.detail) == (frank.pk, {"reason": "on duty, flag"})


@pytest.mark.parametrize("who", ["charlie", "bob", "olga"])
def test_nobody_without_a_post_in_that_clinic_breaks_the_glass(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    with within_clinics(user.clinic_ids), pytest.raises(NotVisible):
        break_glass(by=user, at=timezone.now(), patient_id=cast.patient.pk, reason="curious")


def test_it_needs_a_reason_and_is_not_for_the_patients_own_clinician(cast: Cast) -> None:
    now = timezone.now()
    with within_clinics(cast.erin.clinic_ids), pytest.raises(Invalid):
        break_glass(by=cast.erin, at=now, patient_id=cast.patient.pk, reason="  ")
    with within_clinics(cast.dana.clinic_ids), pytest.raises(Conflict):
        break_glass(by=cast.dana, at=now, patient_id=cast.patient.pk, reason="mine")


def test_the_page_says_what_happens_asks_why_and_the_patient_reads_it(cast: Cast) -> None:
    cache.clear()
    frank = make_user("frank")
    make_post(cast.clinic, frank)
    record = f"/patients/{cast.patient.pk}/"
    page, by_number = f"{record}open-record/", "/open-record/"
    browser = browser_of(frank)
    browser.cookies["django_language"] = "en"
    assert browser.get(record).status_code == 404
    assert "for 24 hours" in browser.get(page).content.decode()
    assert browser.get(page).content.decode().count(cast.patient.name) == 0
    refused = browser.post(page, {"reason": "On duty"})
    assert refused.status_code == 422 and "On duty" in refused.content.decode()
    with cast.inside():
        Patient.objects.filter(pk=cast.patient.pk).update(record_number="R-17")
    sure = {"reason": "On duty, red flag", "understood": "on"}
    assert browser.post(by_number, {**sure, "record_number": "R-1"}).status_code == 422
    assert (
        browser.post(by_number, {**sure, "record_number": " R-17 "}).headers["Location"] == record
    )
    assert "This record is open to you until" in browser.get(record).content.decode()
    assert browser.get(page).headers["Location"] == record
    today = browser_of(cast.alice).get(f"{record}today/", headers={"Accept-Language": "en"})
    assert "“On duty, red flag”" in today.content.decode()
    assert "On duty" not in browser_of(cast.bob).get(f"{record}today/").content.decode()


@pytest.mark.parametrize("who", ["charlie", "bob", "alice", "olga"])
def test_the_page_is_there_for_who_practises_in_that_clinic_alone(cast: Cast, who: str) -> None:
    cache.clear()
    user = getattr(cast, who)
    with cast.inside():
        Patient.objects.filter(pk=cast.patient.pk).update(record_number="R-17")
    sent = {"record_number": "R-17", "reason": "curious", "understood": "on"}
    assert browser_of(user).get(f"/patients/{cast.patient.pk}/open-record/").status_code == 404
    assert browser_of(user).post("/open-record/", sent).status_code in (404, 422)
