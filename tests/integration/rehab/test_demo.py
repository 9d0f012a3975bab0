"""The demo clinic is loaded through the same actions that people use, and once."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import call_command

from patients.access.walls import within_every_clinic
from patients.models import Patient, User
from rehab.models import Plan, SafetyFlag, SessionLog
from tests.plans import load_catalogue


@pytest.fixture
def demo(db, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "quiet green hills")
    load_catalogue()
    with time_machine.travel(datetime(2026, 11, 20, 4, tzinfo=UTC), tick=False):
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
