"""Writing what is due, in sets. Every moment arrives as UTC from `rehab.domain.recurrence`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from rehab.domain.realignment import Times
from rehab.models.item_days import Day

# A window closes at most this long after its date begins, in whatever zone.
FURTHEST_DATE = timedelta(days=9)


@dataclass(frozen=True, slots=True)
class NewOccurrence:
    """One row to store; times in UTC."""

    patient_id: UUID
    clinic_id: UUID
    id: UUID
    series: UUID
    version: int
    item_id: UUID
    on: date
    slot: str
    due_at: datetime
    remind_at: datetime | None
    opens_at: datetime
    closes_at: datetime


_STORE = """
INSERT INTO rehab_occurrence AS o (patient_id, clinic_id, id, series, version, item_id, "on", slot,
  due_at, remind_at, opens_at, closes_at, state, state_at, skip_reason, skip_note, sync_sequence)
SELECT n.patient_id, n.clinic_id, n.id, n.series, n.version, n.item_id, n."on", n.slot,
  n.due_at, n.remind_at, n.opens_at, n.closes_at, 'due', %(at)s, '', '',
  (SELECT sync_sequence FROM patients_patient p WHERE p.id = n.patient_id)
FROM unnest(%(patient)s::uuid[], %(clinic)s::uuid[], %(id)s::uuid[], %(series)s::uuid[],
  %(version)s::int[],
  %(item)s::uuid[], %(on)s::date[], %(slot)s::text[], %(due)s::timestamptz[],
    %(remind)s::timestamptz[],
  %(opens)s::timestamptz[], %(closes)s::timestamptz[])
  AS n(patient_id, clinic_id, id, series, version, item_id, "on", slot, due_at, remind_at,
    opens_at, closes_at)
WHERE NOT EXISTS (
  SELECT 1 FROM rehab_occurrence earlier
  WHERE earlier.patient_id = n.patient_id AND earlier.series = n.series AND earlier."on" = n."on"
    AND earlier.slot = n.slot AND earlier.version <> n.version AND earlier.state <> 'cancelled')
ON CONFLICT DO NOTHING
RETURNING patient_id, series, "on"
"""

_PAUSE = """
WITH covered AS (
  SELECT o.patient_id, o.id, CASE WHEN
    EXISTS (SELECT 1 FROM rehab_pause z WHERE z.patient_id = o.patient_id AND z.series = o.series
      AND z.part IS NULL AND z.starts_at < o.due_at
      AND (z.ended_at IS NULL OR z.ended_at > o.due_at))
    OR (EXISTS (SELECT 1 FROM rehab_planpart t WHERE t.item_id = o.item_id)
      AND NOT EXISTS (SELECT 1 FROM rehab_planpart t WHERE t.item_id = o.item_id
        AND NOT EXISTS (SELECT 1 FROM rehab_pause z WHERE z.patient_id = o.patient_id
          AND z.series = o.series AND z.part = t.part AND z.starts_at < o.due_at
          AND (z.ended_at IS NULL OR z.ended_at > o.due_at))))
    THEN 'paused' ELSE 'due' END AS state
  FROM rehab_occurrence o JOIN rehab_planitem i ON i.id = o.item_id
  WHERE o.patient_id = ANY(%(patients)s::uuid[]) AND o.state IN ('due', 'paused')
    AND o."on" >= %(first_day)s AND o.closes_at > %(since)s
    AND i.schedule->>'rule' <> 'times_per_week'
)
UPDATE rehab_occurrence o SET state = c.state, state_at = %(at)s,
  sync_sequence = (SELECT sync_sequence FROM patients_patient p WHERE p.id = o.patient_id)
FROM covered c
WHERE o.patient_id = c.patient_id AND o.id = c.id AND o.state <> c.state
RETURNING o.patient_id, o.series, o."on"
"""

_SET_STATES = """
UPDATE rehab_occurrence o SET state = n.state, state_at = %(at)s,
  sync_sequence = (SELECT sync_sequence FROM patients_patient p WHERE p.id = o.patient_id)
FROM unnest(%(patients)s::uuid[], %(ids)s::uuid[], %(states)s::text[]) AS n(patient_id, id, state)
WHERE o.patient_id = n.patient_id AND o.id = n.id AND o.state IN ('due', 'paused')
RETURNING o.patient_id, o.series, o."on"
"""

_MOVE = """
UPDATE rehab_occurrence o SET due_at = n.due_at, remind_at = n.remind_at, opens_at = n.opens_at,
  closes_at = n.closes_at,
  sync_sequence = (SELECT sync_sequence FROM patients_patient p WHERE p.id = o.patient_id)
FROM unnest(%(patient)s::uuid[], %(id)s::uuid[], %(due)s::timestamptz[], %(remind)s::timestamptz[],
  %(opens)s::timestamptz[], %(closes)s::timestamptz[])
  AS n(patient_id, id, due_at, remind_at, opens_at, closes_at)
WHERE o.patient_id = n.patient_id AND o.id = n.id AND o.state IN ('due', 'paused')
  AND (o.due_at, o.remind_at, o.opens_at, o.closes_at)
    IS DISTINCT FROM (n.due_at, n.remind_at, n.opens_at, n.closes_at)
RETURNING o.patient_id, o.series, o."on"
"""


def store(rows: Sequence[NewOccurrence], *, at: datetime) -> set[Day]:
    """Insert what is not there yet; return the days that got something new.

    A slot of that date that another version has already shown is left alone.
    """
    if not rows:
        return set()
    return _days(
        _STORE,
        {
            "at": at,
            "patient": [row.patient_id for row in rows],
            "clinic": [row.clinic_id for row in rows],
            "id": [row.id for row in rows],
            "series": [row.series for row in rows],
            "version": [row.version for row in rows],
            "item": [row.item_id for row in rows],
            "on": [row.on for row in rows],
            "slot": [row.slot for row in rows],
            "due": [row.due_at for row in rows],
            "remind": [row.remind_at for row in rows],
            "opens": [row.opens_at for row in rows],
            "closes": [row.closes_at for row in rows],
        },
    )


def move(times: Mapping[tuple[UUID, UUID], Times]) -> set[Day]:
    """Give unresolved occurrences, by (patient, id), other times; return the days that changed."""
    if not times:
        return set()
    return _days(
        _MOVE,
        {
            "patient": [patient for patient, _ in times],
            "id": [occurrence for _, occurrence in times],
            "due": [each.due_at for each in times.values()],
            "remind": [each.remind_at for each in times.values()],
            "opens": [each.opens_at for each in times.values()],
            "closes": [each.closes_at for each in times.values()],
        },
    )


def apply_pauses(patient_ids: Sequence[UUID], *, since: datetime, at: datetime) -> set[Day]:
    """Let every unresolved clock-time slot be paused or due, as the pauses over its time say.

    Only windows that close after `since` are looked at: what a pause that began later, or ended
    later, can have changed. Slots of n per week count days instead.
    """
    return _days(
        _PAUSE,
        {
            "patients": list(patient_ids),
            "since": since,
            "first_day": since.date() - FURTHEST_DATE,
            "at": at,
        },
    )


def set_states(states: Mapping[tuple[UUID, UUID], str], *, at: datetime) -> set[Day]:
    """Set unresolved occurrences, by (patient, id), to due, paused or cancelled."""
    if not states:
        return set()
    return _days(
        _SET_STATES,
        {
            "patients": [patient for patient, _ in states],
            "ids": [occurrence for _, occurrence in states],
            "states": list(states.values()),
            "at": at,
        },
    )


def lock_patients(patient_ids: Iterable[UUID]) -> None:
    """Take the row locks of these patients in one order and give each its next sequence number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE patients_patient SET sync_sequence = sync_sequence + 1 WHERE id IN"
            " (SELECT id FROM patients_patient WHERE id = ANY(%s::uuid[]) ORDER BY id"
            " FOR NO KEY UPDATE)",
            [sorted(patient_ids)],
        )


def claim_patients(patient_ids: Iterable[UUID]) -> list[UUID]:
    """Lock those of these patients whom nobody else holds just now, and return them.

    Everybody locks a patient before anything of theirs: whoever did it the other way round would
    wait for a log that waits for them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM patients_patient WHERE id = ANY(%s::uuid[]) ORDER BY id"
            " FOR NO KEY UPDATE SKIP LOCKED",
            [sorted(patient_ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def _days(sql: str, arguments: dict[str, object]) -> set[Day]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return {Day(*row) for row in cursor.fetchall()}
