"""Writing session logs in sets: logs and their slots in one round trip."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from patients.models.prepared import Pen, Prepared


class LogRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `rehab_sessionlog`; names and order are those of the columns.

    fingerprint, values_digest: as PostgreSQL reads bytes, see `as_bytea`. parts, details: JSON.
    """

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
    fingerprint: str
    values_digest: str
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
    parts: msgspec.Raw
    details: msgspec.Raw
    sync_sequence: int


@dataclass(frozen=True, slots=True)
class Resolved:
    """An occurrence that a log resolved, or that lost its log again (due, or skipped as before)."""

    occurrence_id: UUID
    state: str
    log_id: UUID | None


def _insert(name: str, tail: str = "") -> Prepared:
    """Return the statement that inserts any number of logs, given as one JSON array."""
    columns = ", ".join(f'"{column}"' for column in LogRow.__struct_fields__)
    return Prepared(
        name,
        f"INSERT INTO rehab_sessionlog ({columns}) SELECT {columns}"
        f" FROM json_populate_recordset(NULL::rehab_sessionlog, %(rows)s::json) {tail}",
    )


_KEY = {"patient_id", "clinic_id", "id"}
_REPLACE = "ON CONFLICT (patient_id, id) DO UPDATE SET " + ", ".join(
    f'"{name}" = EXCLUDED."{name}"' for name in LogRow.__struct_fields__ if name not in _KEY
)
_ADD_LOGS = _insert("rehab_add_logs")
_REPLACE_LOGS = _insert("rehab_replace_logs", _REPLACE)
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


def as_bytea(value: bytes) -> str:
    """Write bytes as PostgreSQL reads them."""
    return f"\\x{value.hex()}"


def add_logs(pen: Pen, logs: Sequence[LogRow], *, replace: bool = False) -> None:
    """Add session logs.

    replace: an amendment takes the place of the stored row; the caller keeps the earlier version.
    """
    if logs:
        pen.add(
            _REPLACE_LOGS if replace else _ADD_LOGS, {"rows": msgspec.json.encode(logs).decode()}
        )


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
