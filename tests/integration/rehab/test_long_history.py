"""A history of years costs nothing when a session is logged: nobody reads it through."""

import json
from collections.abc import Callable
from uuid import UUID

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from rehab.models import SessionLog
from tests.integration.rehab.scenes import done, local
from tests.plans import assign, fes, shoulder

LOGS = 4_000
# A page holds some eighty entries of an index: a history that is read through shows.
FEW_PAGES = 12

_COPIES = """
INSERT INTO rehab_sessionlog ({columns})
SELECT {values} FROM rehab_sessionlog l, generate_series(1, %s) AS n WHERE l.id = %s
"""


def lived_for_years(log_id: UUID) -> None:
    """Copy a log to every sixth hour of the years before it."""
    columns = {field.column: f'l."{field.column}"' for field in SessionLog._meta.concrete_fields}
    columns |= {
        "id": "gen_random_uuid()",
        "performed_at": "l.performed_at - n * interval '6 hours'",
        "on": 'l."on" - n / 4',
        "placement": "'extra'",
        "occurrence_id": "NULL",
        "sync_sequence": "0",
    }
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            _COPIES.format(columns=names, values=", ".join(columns.values())), [LOGS, log_id]
        )
        # As on a connection that is opened now: a plan of the empty table is none of theirs.
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


def test_logging_a_session_looks_at_no_more_pages_after_years(cast):
    arm = shoulder()
    assign(cast, arm, fes(), at=local(18, 20))
    first = done(cast, arm.series, local(19, 8))

    def log() -> None:
        with transaction.atomic():
            done(cast, arm.series, local(19, 15))
            transaction.set_rollback(True)

    briefing = asked_by(log, "EXECUTE rehab_brief")
    with cast.inside():
        before = pages_of(briefing)
        lived_for_years(first.log.id)
        assert SessionLog.objects.count() == LOGS + 1
        assert pages_of(briefing) <= before + FEW_PAGES
