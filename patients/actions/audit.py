"""Writing the audit: in the transaction of what is audited, as many rows as it takes at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson
from django.db import connection, transaction

from patients.models.prepared import Pen, Prepared

READ_WINDOW = timedelta(minutes=10)
_READS = UUID("5c0c3ad8-5f2b-5d0e-9b7a-6f1d2f7a6b10")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ADD = Prepared(
    "patients_add_audit",
    """
INSERT INTO patients_auditevent
       (id, clinic_id, patient_id, actor_id, kind, at, target_kind, target_id, detail)
SELECT gen_random_uuid(), clinic_id, patient_id, actor_id, kind, at, target_kind, target_id, detail
  FROM json_populate_recordset(NULL::patients_auditevent, %(events)s::json)
""",
)
_INSERT_READ = """
INSERT INTO patients_auditevent
       (id, clinic_id, patient_id, actor_id, kind, at, target_kind, target_id, detail)
VALUES (%s, %s, %s, %s, %s, %s, '', NULL, '{}')
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done. `detail` holds codes, ids and numbers: nothing personal."""

    clinic_id: UUID
    actor_id: UUID | None
    kind: str
    at: datetime
    patient_id: UUID | None = None
    target_kind: str = ""
    target_id: UUID | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def record(events: Sequence[Event], *, pen: Pen | None = None) -> None:
    """Insert every event with one statement, in one trip with what the pen holds or comes next."""
    if not events:
        return
    pen = pen or Pen()
    pen.add(_ADD, {"events": orjson.dumps(events).decode()})
    pen.leave()


def record_read(*, by: UUID, patient_id: UUID, clinic_id: UUID, kind: str, at: datetime) -> None:
    """Note that somebody looked: one row per actor, patient, kind and ten minutes.

    The row's id is made of those four and its time is the start of the ten minutes, so that a
    second look finds the row there, also from another process.
    """
    window = at - (at - _EPOCH) % READ_WINDOW
    row_id = uuid5(_READS, f"{by}/{patient_id}/{kind}/{window.isoformat()}")
    if row_id in _noted:
        return
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_READ, [row_id, clinic_id, patient_id, by, kind, window])
    transaction.on_commit(lambda: _noted.add(row_id))


class _RecentReads:
    """The reads this process has noted already, so that looking again costs no statement."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._ids: dict[UUID, None] = {}

    def __contains__(self, row_id: UUID) -> bool:
        return row_id in self._ids

    def add(self, row_id: UUID) -> None:
        while len(self._ids) >= self._most:
            del self._ids[next(iter(self._ids))]
        self._ids[row_id] = None


_noted = _RecentReads()
