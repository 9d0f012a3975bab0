"""What changed for one patient since a cursor: nothing is skipped, nothing comes twice unasked.

Every row carries the patient's sequence number of the transaction that wrote it, taken under the
patient's row lock. So numbers become visible in their order, and a row that changes again moves
behind every cursor given out before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from rehab.models.occurrence import Occurrence
from rehab.models.reads.cursors import InSequence, opaque
from rehab.models.reads.flags import FlagView, flags_by_id
from rehab.models.reads.logs import SessionView, read_logs, view_of
from rehab.models.reads.offline_shapes import OfflineOccurrence
from rehab.models.reads.readers import Reader
from rehab.models.session import OffPlanEvent

PAGE = 200


class Kind(IntEnum):
    """What changed; the number is its place among changes of one transaction."""

    OCCURRENCE = 1
    SESSION_LOG = 2
    FLAG = 3
    OFF_PLAN_EVENT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class OffPlanView:
    """Something barred or outside the plan that happened anyway.

    description: empty for who may not read what was written beside such signs.
    """

    id: UUID
    exercise: str
    barred: bool
    description: str
    performed_at: datetime
    received_at: datetime
    performer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row as it now stands, under the name of its kind.

    kind: occurrence, session_log, flag, off_plan_event or access. gone: take it off the lists (a
    cancelled occurrence, a retracted log, access that ended).
    """

    kind: str
    id: UUID
    gone: bool
    occurrence: OfflineOccurrence | None = None
    session_log: SessionView | None = None
    flag: FlagView | None = None
    off_plan_event: OffPlanView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """cursor: hand it back as `since`. more: ask again at once. access: running or ended.

    plan_version: the version in force; when it is not the one of the offline copy, fetch that anew.
    """

    results: Sequence[Change]
    cursor: str
    more: bool
    access: str
    plan_version: int | None
    review_due_on: date | None


class _Changed(msgspec.Struct, frozen=True):
    sequence: int
    kind: int
    id: UUID


class _Head(msgspec.Struct, frozen=True):
    plan_version: int | None
    review_due_on: date | None
    rows: list[_Changed]


_decode = msgspec.json.Decoder(_Head).decode

_BRANCH = """(SELECT t.sync_sequence AS sequence, {kind} AS kind, t.id FROM {table} t
    WHERE t.patient_id = %(patient)s AND t.sync_sequence >= %(sequence)s
      AND (t.sync_sequence, {kind}, t.id) > (%(sequence)s, %(kind)s, %(id)s) {besides}
    ORDER BY t.sync_sequence, t.id LIMIT %(limit)s)"""

_TABLES = {
    Kind.OCCURRENCE: ("rehab_occurrence", ""),
    Kind.SESSION_LOG: ("rehab_sessionlog", "AND t.status <> 'quarantined'"),
    Kind.FLAG: ("rehab_safetyflag", ""),
    Kind.OFF_PLAN_EVENT: ("rehab_offplanevent", ""),
}

_SQL = """
SELECT json_build_object(
 'plan_version', (SELECT max(v.number) FROM rehab_planversion v
   JOIN rehab_plan l ON l.id = v.plan_id
   WHERE v.patient_id = %(patient)s AND v.effective_at IS NOT NULL AND v.ended_at IS NULL
     AND l.status IN ('active', 'on-hold')),
 'review_due_on', (SELECT l.review_due_on FROM rehab_plan l
   WHERE l.patient_id = %(patient)s AND l.status IN ('active', 'on-hold')),
 'rows', COALESCE((SELECT json_agg(found ORDER BY found.sequence, found.kind, found.id) FROM (
   SELECT * FROM ({branches}) everything ORDER BY sequence, kind, id LIMIT %(limit)s) found), '[]')
)::text
"""


def changes_of(
    patient_id: UUID,
    *,
    since: InSequence | None,
    with_flags: bool,
    reader: Reader,
    language: str,
    limit: int = PAGE,
) -> Changes:
    """Return the next changes after a cursor, oldest first: six statements at most."""
    place = since or InSequence(patient_id, 0)
    head = _head(patient_id, place, with_flags=with_flags, limit=limit + 1)
    rows = head.rows[:limit]
    last = InSequence(patient_id, rows[-1].sequence, rows[-1].kind, rows[-1].id) if rows else place
    return Changes(
        results=_filled(patient_id, rows, language, reader=reader),
        cursor=opaque(last),
        more=len(head.rows) > limit,
        access="running",
        plan_version=head.plan_version,
        review_due_on=head.review_due_on,
    )


def access_ended(patient_id: UUID, *, since: InSequence | None) -> Changes:
    """Return the tombstone for whoever lost access: lock the copy, keep and upload the queue."""
    return Changes(
        results=[Change(kind="access", id=patient_id, gone=True)],
        cursor=opaque(since or InSequence(patient_id, 0)),
        more=False,
        access="ended",
        plan_version=None,
        review_due_on=None,
    )


def _head(patient_id: UUID, place: InSequence, *, with_flags: bool, limit: int) -> _Head:
    kinds = [kind for kind in Kind if with_flags or kind is not Kind.FLAG]
    branches = " UNION ALL ".join(
        _BRANCH.format(kind=int(kind), table=_TABLES[kind][0], besides=_TABLES[kind][1])
        for kind in kinds
    )
    arguments: dict[str, Any] = {
        "patient": patient_id,
        "sequence": place.sequence,
        "kind": place.kind,
        "id": place.id,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL.replace("{branches}", branches), arguments)
        return _decode(cursor.fetchone()[0])


def _filled(
    patient_id: UUID,
    rows: Sequence[_Changed],
    language: str,
    *,
    reader: Reader,
) -> list[Change]:
    ids = {kind: [row.id for row in rows if row.kind == kind] for kind in Kind}
    occurrences = _occurrences(patient_id, ids[Kind.OCCURRENCE])
    logs = _logs(patient_id, ids[Kind.SESSION_LOG], language, reader=reader)
    flags = _flags(patient_id, ids[Kind.FLAG], language, sees_conditions=reader.sees_conditions)
    events = _events(patient_id, ids[Kind.OFF_PLAN_EVENT], reader)
    return [
        Change(
            kind=Kind(row.kind).name.lower(),
            id=row.id,
            gone=_is_gone(occurrences.get(row.id), logs.get(row.id)),
            occurrence=occurrences.get(row.id),
            session_log=logs.get(row.id),
            flag=flags.get(row.id),
            off_plan_event=events.get(row.id),
        )
        for row in rows
    ]


def _flags(
    patient_id: UUID, ids: Sequence[UUID], language: str, *, sees_conditions: bool
) -> dict[UUID, FlagView]:
    if not ids:
        return {}
    return flags_by_id(patient_id, ids, language=language, sees_conditions=sees_conditions)


def _is_gone(occurrence: OfflineOccurrence | None, log: SessionView | None) -> bool:
    if occurrence is not None:
        return occurrence.state == "cancelled"
    return log is not None and log.status == "entered-in-error"


def _occurrences(patient_id: UUID, ids: Sequence[UUID]) -> dict[UUID, OfflineOccurrence]:
    if not ids:
        return {}
    names = (
        "id", "series", "version", "on", "slot", "due_at", "opens_at", "closes_at", "state",
        "skip_reason", "snoozed_until", "superseded_by", "log_id",
    )  # fmt: skip
    rows = Occurrence.objects.filter(patient_id=patient_id, id__in=ids).values(*names)
    return {row["id"]: OfflineOccurrence(log=row.pop("log_id"), **row) for row in rows}


def _logs(
    patient_id: UUID, ids: Sequence[UUID], language: str, *, reader: Reader
) -> dict[UUID, SessionView]:
    if not ids:
        return {}
    rows = read_logs(patient_id, "l.id = ANY(%(ids)s::uuid[])", {"ids": list(ids)}, limit=len(ids))
    return {row.id: view_of(row, language, reader=reader) for row in rows}


def _events(patient_id: UUID, ids: Sequence[UUID], reader: Reader) -> dict[UUID, OffPlanView]:
    if not ids:
        return {}
    rows = OffPlanEvent.objects.filter(patient_id=patient_id, id__in=ids).values(
        "id", "exercise_slug", "barred", "description", "details", "performed_at", "received_at",
        "performer",
    )  # fmt: skip
    return {
        row["id"]: OffPlanView(
            id=row["id"],
            exercise=row["exercise_slug"],
            barred=row["barred"],
            description=reader.words(row["description"], row["details"].get("symptoms", ())),
            performed_at=row["performed_at"],
            received_at=row["received_at"],
            performer=row["performer"],
        )
        for row in rows
    }
