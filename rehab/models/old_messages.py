"""Forgetting messages that are over, in short transactions that make nobody wait for long.

What is unfinished stays, however old. What was counted stays counted, in rows of the tally.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

_DELETE_FINISHED = """
DELETE FROM rehab_delivery WHERE (due_at, id) IN (
  SELECT due_at, id FROM rehab_delivery WHERE due_at < %(before)s AND next_at IS NULL
  ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
"""

# A reminder goes after its last delivery; one that found nobody to reach never had any.
_DELETE_REMINDERS = """
DELETE FROM rehab_reminder WHERE (patient_id, id) IN (
  SELECT r.patient_id, r.id FROM rehab_reminder r
  WHERE r.patient_id = ANY(%(patients)s::uuid[]) AND r.due_at < %(before)s
    AND NOT EXISTS (SELECT FROM rehab_delivery d
      WHERE d.patient_id = r.patient_id AND d.reminder_id = r.id)
  ORDER BY r.patient_id, r.id FOR UPDATE SKIP LOCKED)
"""


def drop_partition(name: str, *, before: datetime) -> bool:
    """Drop a partition if all in it is finished and was due before; tell whether it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rehab_drop_deliveries(%s, %s)", [name, before])
        return bool(cursor.fetchone()[0])


def delete_finished(*, before: datetime, limit: int) -> int:
    """Delete up to `limit` finished deliveries that were due before; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_DELETE_FINISHED, {"before": before, "limit": limit})
        return cursor.rowcount


def delete_reminders(patients: Sequence[UUID], *, before: datetime) -> int:
    """Delete these patients' reminders that were due before and have no delivery any more."""
    with connection.cursor() as cursor:
        cursor.execute(_DELETE_REMINDERS, {"patients": list(patients), "before": before})
        return cursor.rowcount
