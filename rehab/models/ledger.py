"""Writing session logs in sets: logs, their parts and their slots in one round trip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

import orjson

from patients.models.prepared import Pen, Prepared


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
    """An occurrence that a log resolved, or that lost its log again (due, or skipped as before)."""

    occurrence_id: UUID
    state: str
    log_id: UUID | None


def _names(kind: type) -> list[str]:
    return [field.name for field in fields(kind)]


def _insert(name: str, table: str, kind: type, tail: str = "") -> Prepared:
    """Return the statement that inserts any number of rows, given as one JSON array."""
    columns = ", ".join(f'"{column}"' for column in _names(kind))
    return Prepared(
        name,
        f"INSERT INTO {table} ({columns}) SELECT {columns}"
        f" FROM json_populate_recordset(NULL::{table}, %(rows)s::json) {tail}",
    )


_KEY = {"patient_id", "clinic_id", "id"}
_REPLACE = "ON CONFLICT (patient_id, id) DO UPDATE SET " + ", ".join(
    f'"{name}" = EXCLUDED."{name}"' for name in _names(LogRow) if name not in _KEY
)
_ADD_LOGS = _insert("rehab_add_logs", "rehab_sessionlog", LogRow)
_REPLACE_LOGS = _insert("rehab_replace_logs", "rehab_sessionlog", LogRow, _REPLACE)
_ADD_PARTS = _insert("rehab_add_parts", "rehab_sessionpart", PartRow)
_DROP_PARTS = Prepared(
    "rehab_drop_parts",
    "DELETE FROM rehab_sessionpart WHERE patient_id = %(patient)s::uuid"
    " AND log_id = ANY(%(logs)s::uuid[])",
)
_RESOLVE = Prepared(
    "rehab_resolve",
    """
UPDATE rehab_occurrence o SET log_id = r.log_id, state_at = %(at)s::timestamptz,
  state = CASE WHEN r.state = 'due' AND o.skip_reason <> '' THEN 'skipped' ELSE r.state END,
  sync_sequence = %(sequence)s::bigint
FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(logs)s::uuid[]) AS r(id, state, log_id)
WHERE o.patient_id = %(patient)s::uuid AND o.id = r.id
""",
)


def add_logs(
    pen: Pen,
    *,
    patient_id: UUID,
    logs: Sequence[LogRow],
    parts: Sequence[PartRow],
    replace: bool = False,
) -> None:
    """Add session logs with their parts.

    replace: an amendment takes the place of the stored row; the caller keeps the earlier version.
    """
    if replace:
        pen.add(_DROP_PARTS, {"patient": patient_id, "logs": [log.id for log in logs]})
    if logs:
        pen.add(_REPLACE_LOGS if replace else _ADD_LOGS, {"rows": _json(logs)})
    if parts:
        pen.add(_ADD_PARTS, {"rows": _json(parts)})


def resolve(
    pen: Pen, resolved: Sequence[Resolved], *, patient_id: UUID, at: datetime, sequence: int
) -> None:
    """Give occurrences the state that their logs make of them."""
    if resolved:
        pen.add(
            _RESOLVE,
            {
                "at": at,
                "sequence": sequence,
                "ids": [each.occurrence_id for each in resolved],
                "states": [each.state for each in resolved],
                "logs": [each.log_id for each in resolved],
                "patient": patient_id,
            },
        )


def _json(rows: Sequence[object]) -> str:
    return orjson.dumps(rows, default=_bytea).decode()


def _bytea(value: object) -> str:
    """Write bytes as PostgreSQL reads them."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    raise TypeError(f"cannot store {type(value).__name__}")
