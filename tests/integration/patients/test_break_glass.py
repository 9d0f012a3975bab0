"""Whoever is told of a flag can see whose it is, and the patient can read that they did."""

from datetime import timedelta

import pytest
from django.utils import timezone

from patients.access.walls import within_clinics
from patients.actions.break_glass import break_glass
from patients.domain.errors import Conflict, Invalid, NotVisible
from patients.models import AuditEvent, Patient
from tests.people import Cast, make_post, make_user


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
