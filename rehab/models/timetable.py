"""Writing what is due, in sets. Every moment arrives as UTC from `rehab.domain.recurrence`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from patients.models.prepared import Prepared

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


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """One item on one local date of one patient: the unit in which figures are recomputed."""

    patient_id: UUID
    series: UUID
    on: date


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

RECOMPUTE_DAYS = Prepared(
    "rehab_recompute_days",
    """
WITH touched AS (
  SELECT DISTINCT t.patient_id, t.series, t."on"
  FROM unnest(%(patients)s::uuid[], %(series)s::uuid[], %(ons)s::date[]) AS t(patient_id, series,
    "on")
), slots AS (
  SELECT o.patient_id, o.series, o."on", o.version,
    count(*) FILTER (WHERE o.state IN ('due', 'done', 'partial', 'skipped')) AS due,
    count(*) FILTER (WHERE o.state = 'done') AS done,
    count(*) FILTER (WHERE o.state = 'partial') AS partial,
    count(*) FILTER (WHERE o.state = 'skipped') AS skipped,
    count(*) FILTER (WHERE o.state = 'paused') AS paused,
    COALESCE(array_agg(o.closes_at ORDER BY o.closes_at) FILTER (WHERE o.state = 'due'),
      '{}') AS open_closes_at
  FROM touched JOIN rehab_occurrence o USING (patient_id, series, "on")
  GROUP BY 1, 2, 3, 4
), logs AS (
  SELECT l.patient_id, l.series, l."on", COALESCE(l.version, 0) AS version,
    count(*) AS sessions,
    count(*) FILTER (WHERE l.placement = 'extra' AND NOT 'while_paused' = ANY(l.marks)) AS extra,
    count(*) FILTER (WHERE 'over_maximum' = ANY(l.marks)) AS over_maximum,
    count(*) FILTER (WHERE l.placement = 'extra' AND 'while_paused' = ANY(l.marks))
      AS while_paused,
    count(*) FILTER (WHERE l.placement = 'slot' AND 'recalled' = ANY(l.marks)) AS recalled,
    sum(l.minutes) AS minutes,
    max(l.pain) AS pain_max, COALESCE(sum(l.pain), 0) AS pain_sum, count(l.pain) AS pain_count,
    count(*) FILTER (WHERE l.pain_unfelt) AS pain_unfelt,
    max(l.performed_at) AS last_performed_at
  FROM touched JOIN rehab_sessionlog l USING (patient_id, series, "on")
  WHERE l.status = 'recorded' AND l.duplicate_of IS NULL
  GROUP BY 1, 2, 3, 4
), keys AS (
  SELECT patient_id, series, "on", version FROM slots
  UNION SELECT patient_id, series, "on", version FROM logs
  UNION SELECT d.patient_id, d.series, d."on", d.version
    FROM touched JOIN rehab_itemday d USING (patient_id, series, "on")
)
INSERT INTO rehab_itemday (patient_id, clinic_id, series, "on", version, due, done, partial,
  skipped, paused,
  open_closes_at, sessions, extra, over_maximum, while_paused, recalled, minutes, pain_max,
    pain_sum, pain_count,
  pain_unfelt, last_performed_at)
SELECT k.patient_id, p.clinic_id, k.series, k."on", k.version, COALESCE(s.due, 0),
  COALESCE(s.done, 0),
  COALESCE(s.partial, 0), COALESCE(s.skipped, 0), COALESCE(s.paused, 0),
    COALESCE(s.open_closes_at, '{}'),
  COALESCE(l.sessions, 0), COALESCE(l.extra, 0), COALESCE(l.over_maximum, 0),
    COALESCE(l.while_paused, 0),
  COALESCE(l.recalled, 0), l.minutes, l.pain_max, COALESCE(l.pain_sum, 0), COALESCE(l.pain_count,
    0),
  COALESCE(l.pain_unfelt, 0), l.last_performed_at
FROM keys k
JOIN patients_patient p ON p.id = k.patient_id
LEFT JOIN slots s USING (patient_id, series, "on", version)
LEFT JOIN logs l USING (patient_id, series, "on", version)
ON CONFLICT (patient_id, series, "on", version) DO UPDATE SET
  due = EXCLUDED.due, done = EXCLUDED.done, partial = EXCLUDED.partial, skipped = EXCLUDED.skipped,
  paused = EXCLUDED.paused, open_closes_at = EXCLUDED.open_closes_at, sessions = EXCLUDED.sessions,
  extra = EXCLUDED.extra, over_maximum = EXCLUDED.over_maximum,
    while_paused = EXCLUDED.while_paused,
  recalled = EXCLUDED.recalled, minutes = EXCLUDED.minutes, pain_max = EXCLUDED.pain_max,
  pain_sum = EXCLUDED.pain_sum, pain_count = EXCLUDED.pain_count,
  pain_unfelt = EXCLUDED.pain_unfelt, last_performed_at = EXCLUDED.last_performed_at
""",
)


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
    """Set unresolved occurrences, by (patient, id), to due or paused."""
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


def day_arguments(days: Iterable[Day]) -> dict[str, list[object]]:
    """Return the parameters of `RECOMPUTE_DAYS`, in one order so that writers cannot deadlock."""
    ordered = sorted(days)
    return {
        "patients": [day.patient_id for day in ordered],
        "series": [day.series for day in ordered],
        "ons": [day.on for day in ordered],
    }


def recompute(days: Iterable[Day]) -> None:
    """Recompute the per-day figures of the touched days from their rows; never add to them."""
    arguments = day_arguments(days)
    if arguments["patients"]:
        RECOMPUTE_DAYS.run(arguments)


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
