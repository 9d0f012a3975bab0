"""A history of years costs nothing when a session is logged: nobody reads it through."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from rehab.models import SessionLog
from tests.database import owner_cursor
from tests.integration.rehab.scenes import done, local
from tests.people import make_patient
from tests.plans import assign, fes, shoulder

# Most have little, which is what the planner goes by; one has much.
FEW, MANY = 50, 4_000
# A page holds some eighty entries of an index: a history that is read through shows.
FEW_PAGES = 12

_COPIES = """
INSERT INTO rehab_sessionlog ({columns})
SELECT {values} FROM rehab_sessionlog l, generate_series(1, %s) AS n WHERE l.id = %s
"""


def lived(patient_id: UUID, log_id: UUID, *, logs: int) -> None:
    """Copy a log to a patient, to every sixth hour before it."""
    columns = {field.column: f'l."{field.column}"' for field in SessionLog._meta.concrete_fields}
    columns |= {
        "id": "gen_random_uuid()",
        "patient_id": "%s::uuid",
        "performed_at": "l.performed_at - n * interval '6 hours'",
        "on": 'l."on" - n / 4',
        "placement": "'extra'",
        "occurrence_id": "NULL",
        "sync_sequence": "0",
    }
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            _COPIES.format(columns=names, values=", ".join(columns.values())),
            [patient_id, logs, log_id],
        )


def let_planner_see() -> None:
    """As in a database that has lived: what is stored is known, and plans are made anew."""
    with owner_cursor(settings.DATABASES["default"]["NAME"]) as cursor:
        cursor.execute("ANALYZE rehab_sessionlog")
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def pages_of(statement: str) -> int:
    """Return how many pages of the database a statement looks at."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}")
        (found,) = cursor.fetchone()
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def asked_by(act: Callable[[], object], beginning: str) -> str:
    """Return the one statement that begins so, of all that were sent."""
    with CaptureQueriesContext(connection) as captured:
        act()
    sent = [text for trip in captured for text in trip["sql"].split(";\n")]
    (found,) = [text for text in sent if text.startswith(beginning)]
    return found


@pytest.mark.django_db(transaction=True)
def test_logging_a_session_looks_at_no_more_pages_after_years(cast):
    arm = shoulder()
    assign(cast, arm, fes(), at=local(18, 20))
    first = done(cast, arm.series, local(19, 8))
    others = [make_patient(cast.clinic, f"Patient {number}") for number in range(40)]

    def log() -> None:
        with transaction.atomic():
            done(cast, arm.series, local(19, 15))
            transaction.set_rollback(True)

    briefing = asked_by(log, "EXECUTE rehab_brief")
    with cast.inside():
        before = pages_of(briefing)
        for patient in others:
            lived(patient.pk, first.log.id, logs=FEW)
        lived(cast.patient.pk, first.log.id, logs=MANY)
    let_planner_see()
    with cast.inside():
        assert SessionLog.objects.filter(patient_id=cast.patient.pk).count() == MANY + 1
        assert pages_of(briefing) <= before + FEW_PAGES
