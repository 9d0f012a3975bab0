"""The wall between clinics, held by PostgreSQL for the role `app`."""

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import IntegrityError
from django.template.response import TemplateResponse
from django.test import RequestFactory

from patients.access.walls import walled, within_clinics, within_every_clinic
from patients.models import AuditEvent, CareRelationship, Clinic, Consent, DutyShift, Patient
from tests.people import BEGAN, make_cast, make_clinic

NOW = datetime(2026, 10, 19, tzinfo=UTC)


def names():
    return set(Patient.objects.values_list("name", flat=True))


def run(statement, *arguments):
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)


def test_without_a_setting_there_are_no_rows(cast):
    assert names() == set()


def test_inside_a_clinic_there_are_its_rows_only(cast):
    with within_clinics([cast.clinic.pk]):
        assert names() == {"Alice", "Carol"}
    with within_clinics([cast.other_clinic.pk]):
        assert names() == {"Oscar"}


def test_account_without_clinics_sees_nothing(cast):
    with within_clinics([]):
        assert names() == set()


def test_tasks_may_see_every_clinic(cast):
    with within_every_clinic():
        assert names() == {"Alice", "Carol", "Oscar"}


def test_inner_wall_replaces_the_outer_and_gives_it_back(cast):
    with within_clinics([cast.clinic.pk]):
        with within_clinics([cast.other_clinic.pk]):
            assert names() == {"Oscar"}
        assert names() == {"Alice", "Carol"}
    assert names() == set()


def test_outer_wall_stands_again_after_an_error_inside_the_inner(cast):
    with within_clinics([cast.clinic.pk]):
        with pytest.raises(ZeroDivisionError), within_clinics([cast.other_clinic.pk]):
            _ = 1 / 0
        assert names() == {"Alice", "Carol"}


@pytest.mark.django_db(transaction=True)
def test_kept_connection_shows_nothing_of_the_clinic_before():
    cast = make_cast()
    for _ in range(3):
        with within_clinics([cast.clinic.pk]):
            assert names() == {"Alice", "Carol"}
        assert names() == set()
        with within_clinics([cast.other_clinic.pk]):
            assert names() == {"Oscar"}
        assert names() == set()
        with pytest.raises(ZeroDivisionError), within_clinics([cast.clinic.pk]):
            _ = 1 / 0
        assert names() == set()


def test_row_of_another_clinic_cannot_be_written_from_inside(cast):
    with cast.inside(), pytest.raises(ProgrammingError), transaction.atomic():
        Patient.objects.create(clinic=cast.other_clinic, name="Smuggled")


def test_row_cannot_be_moved_to_another_clinic(cast):
    with within_every_clinic(), pytest.raises(IntegrityError), transaction.atomic():
        Patient.objects.filter(pk=cast.patient.pk).update(clinic=cast.other_clinic)


def test_row_cannot_claim_another_clinic_than_its_patients(cast):
    with within_every_clinic(), pytest.raises(IntegrityError), transaction.atomic():
        CareRelationship.objects.create(
            clinic=cast.other_clinic,
            patient=cast.patient,
            user=cast.olga,
            role="caregiver",
            scopes=["see_sessions"],
            starts_at=BEGAN,
        )


def test_shift_cannot_name_a_practitioner_of_another_clinic(cast):
    with within_every_clinic(), pytest.raises(IntegrityError), transaction.atomic():
        DutyShift.objects.create(
            clinic=cast.other_clinic,
            weekday=0,
            starts="08:00",
            ends="09:00",
            practitioner=cast.danas_post,
        )


@pytest.mark.parametrize("model", [AuditEvent, Consent])
def test_facts_are_added_and_never_changed_or_deleted(cast, model):
    with cast.inside():
        row = {
            AuditEvent: lambda: AuditEvent.objects.create(
                clinic=cast.clinic, patient=cast.patient, kind="test", at=NOW
            ),
            Consent: lambda: Consent.objects.create(
                clinic=cast.clinic, patient=cast.patient, purpose="reminders",
                decision="granted", by=cast.alice, at=NOW,
            ),
        }[model]()  # fmt: skip
        assert model.objects.filter(pk=row.pk).update(at=BEGAN) == 0
        run(f'DELETE FROM "{model._meta.db_table}" WHERE id = %s', row.pk)
        assert model.objects.get(pk=row.pk).at == NOW


def test_partition_asked_directly_is_walled_too(cast):
    with cast.inside():
        AuditEvent.objects.create(clinic=cast.clinic, patient=cast.patient, kind="t", at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM patients_auditevent_default")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE patients_patient NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE patients_patient DISABLE ROW LEVEL SECURITY",
        "DROP POLICY within_clinic ON patients_patient",
        "SET ROLE owner",
        "TRUNCATE patients_patient CASCADE",
    ],
)
def test_app_cannot_take_the_wall_down(db, statement):
    with pytest.raises(ProgrammingError), transaction.atomic():
        run(statement)


def test_app_is_no_superuser_and_bypasses_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


def test_setting_row_security_off_is_an_error_and_not_a_way_in(cast):
    with transaction.atomic():
        run("SET LOCAL row_security = off")
        with pytest.raises(ProgrammingError), transaction.atomic():
            names()


def test_walled_view_renders_its_template_inside_the_wall(cast):
    @walled
    def view(request):
        context = {"helpers": CareRelationship.objects.all(), "patient": cast.patient}
        return TemplateResponse(request, "patients/helpers.html", context)

    request = RequestFactory().get("/")
    request.user = SimpleNamespace(clinic_ids=[cast.clinic.pk])
    assert b"Bob" in view(request).content


class Failing:
    @walled
    def get(self, request):
        make_clinic("Gone")
        raise ZeroDivisionError


def test_walled_method_that_fails_leaves_nothing(cast):
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(clinic_ids=[cast.clinic.pk])
    with pytest.raises(ZeroDivisionError):
        Failing().get(request)
    assert not Clinic.objects.filter(name="Gone").exists()


def test_walled_view_for_a_visitor_sees_no_clinic(cast):
    request = RequestFactory().get("/")
    request.user = SimpleNamespace()
    assert walled(lambda request: names())(request) == set()


def test_unknown_clinic_shows_nothing(cast):
    with within_clinics([uuid4()]):
        assert names() == set()
