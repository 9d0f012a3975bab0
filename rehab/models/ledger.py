"""Writing session logs in sets: one statement for the logs, one for their parts, one for the slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from psycopg2.extras import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One row of `rehab_sessionlog`; names and order are those of the columns."""

    patient_id: UUID
    clinic_id: UUID
    id: UUID
    series: UUID | None
    version: int | None
    item_id: UUID | None
    occurrence_id: UUID | None
    placement: str
    status: str
    revision: int
    fingerprint: bytes
    values_digest: bytes
    on: date
    performed_at: datetime
    performed_offset_minutes: int
    performed_zone: str
    client_sent_at: datetime | None
    received_at: datetime
    author_id: UUID
    performer: str
    performer_name: str
    as_planned: bool
    outcome: str
    marks: list[str]
    duplicate_of: UUID | None
    minutes: float | None
    pain: int | None
    pain_unfelt: bool
    effort: int | None
    details: Mapping[str, object]
    sync_sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One row of `rehab_sessionpart`."""

    patient_id: UUID
    clinic_id: UUID
    log_id: UUID
    part: UUID
    on: date
    performed_at: datetime
    motion: str
    muscle: str
    side: str
    outcome: str
    pain: int | None
    pain_unfelt: bool
    measures: Mapping[str, object]
    typed: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Resolved:
    """An occurrence that a log resolved, or that lost its log again (state due)."""

    occurrence_id: UUID
    state: str
    log_id: UUID | None


_LOG_COLUMNS = ", ".join(f'"{field.name}"' for field in fields(LogRow))
_PART_COLUMNS = ", ".join(f'"{field.name}"' for field in fields(PartRow))
_LOG_NAMES = [field.name for field in fields(LogRow)]
_PART_NAMES = [field.name for field in fields(PartRow)]
_LOG_UPDATES = ", ".join(
    f'"{name}" = EXCLUDED."{name}"'
    for name in _LOG_NAMES
    if name not in {"patient_id", "clinic_id", "id"}
)

_INSERT_LOGS = f"INSERT INTO rehab_sessionlog ({_LOG_COLUMNS}) VALUES "
_INSERT_PARTS = f"INSERT INTO rehab_sessionpart ({_PART_COLUMNS}) VALUES "
_RESOLVE = """
UPDATE rehab_occurrence o SET state = r.state, log_id = r.log_id, state_at = %s, sync_sequence = %s
FROM unnest(%s::uuid[], %s::text[], %s::uuid[]) AS r(id, state, log_id)
WHERE o.patient_id = %s AND o.id = r.id
"""


def write(
    *,
    patient_id: UUID,
    logs: Sequence[LogRow],
    parts: Sequence[PartRow],
    resolved: Sequence[Resolved],
    at: datetime,
    sequence: int,
    replace: bool = False,
) -> None:
    """Store logs, their parts and the state of their occurrences in one round trip.

    replace: an amendment takes the place of the stored row; the caller keeps the earlier version.
    """
    statements: list[str] = []
    params: list[Any] = []
    if replace:
        statements.append(
            "DELETE FROM rehab_sessionpart WHERE patient_id = %s AND log_id = ANY(%s::uuid[])"
        )
        params += [patient_id, [log.id for log in logs]]
    if logs:
        statements.append(
            _rows(_INSERT_LOGS, logs, _LOG_NAMES, params) + (_on_conflict() if replace else "")
        )
    if parts:
        statements.append(_rows(_INSERT_PARTS, parts, _PART_NAMES, params))
    if resolved:
        statements.append(_RESOLVE)
        params += [
            at,
            sequence,
            [each.occurrence_id for each in resolved],
            [each.state for each in resolved],
            [each.log_id for each in resolved],
            patient_id,
        ]
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(";\n".join(statements), params)


def _rows(head: str, rows: Sequence[object], names: Sequence[str], params: list[Any]) -> str:
    one = "(" + ", ".join(["%s"] * len(names)) + ")"
    for row in rows:
        params += [_param(getattr(row, name)) for name in names]
    return head + ", ".join([one] * len(rows))


def _param(value: object) -> object:
    return Json(value, dumps=_dumps) if isinstance(value, Mapping) else value


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()


def _on_conflict() -> str:
    return f" ON CONFLICT (patient_id, id) DO UPDATE SET {_LOG_UPDATES}"
