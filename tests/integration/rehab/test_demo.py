"""The demo clinic is loaded through the same actions that people use, and once."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import call_command

from exercises.models import Recipe
from patients.access.walls import within_every_clinic
from patients.models import Patient, User
from patients.models.authority import authority_of
from rehab.models import ContentSignature, Plan, SafetyFlag, SessionLog
from rehab.models.reads.content_lists import recipes_for
from rehab.models.reads.content_reader import reader_of
from tests.plans import load_catalogue

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture
def demo(db, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "quiet green hills")
    load_catalogue()
    with time_machine.travel(NOW, tick=False):
        call_command("load_demo", verbosity=0)


def test_demo_clinic_has_accounts_patients_and_weeks_of_history(demo):
    with within_every_clinic():
        assert Patient.objects.count() == 5
        assert SessionLog.objects.count() > 200
        assert Plan.objects.filter(status="active").count() == 4
        assert SafetyFlag.objects.filter(rule="pain-threshold", acknowledged_at=None).exists()
    assert User.objects.get(email="patient@demo.test").check_password("quiet green hills")


def test_loading_it_again_changes_nothing_but_the_password(demo, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "other warm words")
    with within_every_clinic():
        logs = SessionLog.objects.count()
    call_command("load_demo", verbosity=0)
    with within_every_clinic():
        assert SessionLog.objects.count() == logs
    assert User.objects.get(email="patient@demo.test").check_password("other warm words")


def test_the_demo_patient_allergic_to_peanut_finds_none_and_reads_why(demo):
    """Every recipe of the demo clinic is signed, those with peanut too."""
    user = User.objects.get(email="patient2@demo.test")
    peanut = {each.slug for each in Recipe.objects.filter(foods__allergens="peanut").distinct()}
    with within_every_clinic():
        assert peanut <= set(ContentSignature.objects.values_list("slug", flat=True))
        patient = Patient.objects.get(user=user)
        authority = authority_of(user, at=NOW, patient_id=patient.pk)
        page = recipes_for(reader_of(authority, at=NOW, language="en"))
    assert peanut and peanut.isdisjoint(card.slug for card in page.results)
    assert page.results and all(card.texture <= 5 for card in page.results)
    assert "peanut allergy" in page.hidden.line and "swallowing level" in page.hidden.line


def test_the_demo_patient_without_limits_has_something_to_eat(demo):
    user = User.objects.get(email="patient@demo.test")
    with within_every_clinic():
        patient = Patient.objects.get(user=user)
        authority = authority_of(user, at=NOW, patient_id=patient.pk)
        page = recipes_for(reader_of(authority, at=NOW, language="zh-Hans"))
    assert len(page.results) >= 4 and page.not_recorded == []
    assert {each.reason for each in page.hidden.reasons} == {"conflict"}
