"""An alert that failed for good on every channel of its recipient is a flag of its own."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from rehab.actions.flags import FlagDesk, flag_id_of
from rehab.actions.patient_row import lock_patient
from rehab.models import SafetyFlag
from rehab.models.timetable import claim_patients

logger = logging.getLogger(__name__)

RULE = "alert-not-delivered"
LOOKED_BACK = timedelta(days=7)
MOST = 1000

# An alert is due with its flag, which is what finds its rows. Of what tells of a failed message
# none is raised again: it would fail in the same way.
_UNDELIVERED = """
SELECT DISTINCT f.patient_id, f.id
FROM rehab_safetyflag f
JOIN rehab_reminder r ON r.patient_id = f.patient_id AND r.due_at = f.raised_at
  AND r.flag_id = f.id AND r.kind = 'alert'
WHERE f.acknowledged_at IS NULL AND f.raised_at > %(since)s AND f.rule <> %(rule)s
  AND EXISTS (SELECT FROM rehab_delivery d WHERE d.patient_id = r.patient_id
    AND d.due_at = r.due_at AND d.reminder_id = r.id AND d.outcome = 'failed')
  AND NOT EXISTS (SELECT FROM rehab_delivery d WHERE d.patient_id = r.patient_id
    AND d.due_at = r.due_at AND d.reminder_id = r.id
    AND (d.next_at IS NOT NULL OR d.outcome IN ('sent', 'merged')))
LIMIT %(limit)s
"""


def flag_undelivered(*, at: datetime) -> int:
    """Raise a flag for alerts that reached one of their people on no channel; return how many.

    Safe twice at once, inside the wall of every clinic. The flag is told to whoever answers for
    the clinic next; it stands on the caseload whatever becomes of its own messages.
    """
    with transaction.atomic():
        found = _not_told_yet(_undelivered(at=at))
        held = set(claim_patients({patient_id for patient_id, _flag in found}))
        wanted = [(patient_id, flag_id) for patient_id, flag_id in found if patient_id in held]
        for patient_id, flag_id in wanted:
            logger.error("an alert reached nobody", extra={"flag": str(flag_id)})
            desk = FlagDesk(patient=lock_patient(patient_id), at=at)
            desk.judge_operations(flag_id, "delivery", at)
            desk.settle()
    return len(wanted)


def _undelivered(*, at: datetime) -> list[tuple[UUID, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(_UNDELIVERED, {"since": at - LOOKED_BACK, "rule": RULE, "limit": MOST})
        return [(row[0], row[1]) for row in cursor.fetchall()]


def _not_told_yet(found: list[tuple[UUID, UUID]]) -> list[tuple[UUID, UUID]]:
    ids = {each: flag_id_of(each[0], about=each[1], rule=RULE) for each in found}
    known = set(SafetyFlag.objects.filter(pk__in=ids.values()).values_list("pk", flat=True))
    return [each for each, flag_id in ids.items() if flag_id not in known]
