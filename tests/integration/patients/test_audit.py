"""The audit: rows in sets, and one row per reader, patient, kind and ten minutes."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from patients.actions import audit
from patients.actions.audit import Event, _RecentReads
from patients.models import AuditEvent
from tests.people import make_cast

NOW = datetime(2026, 10, 19, 8, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def read(cast, *, by=None, kind="read.patient", at=NOW):
    audit.record_read(
        by=(by or cast.bob).pk, patient_id=cast.patient.pk, clinic_id=cast.clinic.pk,
        kind=kind, at=at,
    )  # fmt: skip


def test_any_number_of_events_is_one_statement(cast):
    events = [
        Event(cast.clinic.pk, cast.bob.pk, "log.create", NOW, patient_id=cast.patient.pk,
              target_kind="session_log", target_id=uuid4(), detail={"n": n})
        for n in range(50)
    ]  # fmt: skip
    with cast.inside(), CaptureQueriesContext(connection) as sent:
        audit.record(events)
        told = {row.detail["n"] for row in AuditEvent.objects.all()}
    assert told == set(range(50))
    assert "".join(each["sql"] for each in sent).count("EXECUTE patients_add_audit") == 1


def test_no_event_is_no_statement(cast, django_assert_num_queries):
    with cast.inside(), django_assert_num_queries(0):
        audit.record([])


def test_event_without_patient_actor_or_target(cast):
    with cast.inside():
        audit.record([Event(cast.clinic.pk, None, "clinic.open", NOW)])
        row = AuditEvent.objects.get()
    assert (row.patient_id, row.actor_id, row.target_id, row.detail) == (None, None, None, {})


def test_looking_again_within_ten_minutes_adds_no_row(cast):
    with cast.inside():
        read(cast)
        read(cast, at=NOW + 2 * MINUTE)
        assert [row.at for row in AuditEvent.objects.all()] == [NOW - 7 * MINUTE]


def test_another_window_reader_or_kind_is_another_row(cast):
    with cast.inside():
        read(cast)
        read(cast, at=NOW + 3 * MINUTE)
        read(cast, by=cast.dana)
        read(cast, kind="read.audit")
        assert AuditEvent.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_committed_reading_is_remembered_and_a_rolled_back_one_is_not(django_assert_num_queries):
    cast = make_cast()
    with cast.inside():
        read(cast)
        transaction.set_rollback(True)
    with cast.inside():
        read(cast)
    with cast.inside(), django_assert_num_queries(0):
        read(cast)
    with cast.inside():
        assert AuditEvent.objects.count() == 1


def test_memory_of_readings_is_bounded():
    recent = _RecentReads(most=2)
    first, second, third = uuid4(), uuid4(), uuid4()
    for row_id in (first, second, third):
        recent.add(row_id)
    assert (first in recent, second in recent, third in recent) == (False, True, True)
