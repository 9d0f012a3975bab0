"""A clinician's patients, whoever needs a person first at the top.

First open flags by level and age, then notes from home that no clinician has read, weeks since an
injury without a plan, silence, adherence that fell, more than the plan's maximum, reviews and
expiries, and what waits to be confirmed. Each row says which of these put it where it is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from patients.access.authority import Authority
from patients.access.decisions import patients_with
from rehab.domain.windows import WindowStanding
from rehab.models.reads.cursors import InOrder, opaque
from rehab.models.reads.windows import InView

FORTNIGHT = timedelta(days=14)
# A plan of daily work with nobody writing anything for a week (facts 2.8, proposed).
SILENT_AFTER_DAYS = 7
# A fifth of what was due: less is chance in a fortnight of daily work (our own, proposed).
FELL_BY = 0.2
# The clinic is first told fourteen days before a plan expires.
DATES_AHEAD = timedelta(days=14)


class Why(StrEnum):
    """What put a patient where they stand in the list; the first that holds, in this order."""

    FLAG = "flag"
    NOTE = "note"
    WAITS_FOR_A_PLAN = "waits_for_a_plan"
    SILENT = "silent"
    FELL = "fell"
    OVER_MAXIMUM = "over_maximum"
    DATE = "date"
    TO_CONFIRM = "to_confirm"
    PAUSED = "paused"
    NOTHING = "nothing"


class Whose(StrEnum):
    """mine: whose clinician I am. all: everybody I may see here. on_duty: those of the clinics
    where I am on duty now, with a flag that nobody has seen.
    """

    MINE = "mine"
    ALL = "all"
    ON_DUTY = "on_duty"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadPlan:
    id: UUID
    title: str
    status: str
    review_due_on: date | None
    training_expires_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadRow:
    """One patient. open_flags: level -> how many nobody has acknowledged.

    silent_days: days without any session while a plan runs (null without a running plan).
    adherence: over the last 14 days, adherence_before: over the 14 days before those; both null
    when nothing was due. pending_logs wait for a clinician's confirmation, quarantined_logs for
    a coordinator; duplicate_logs of the last 28 days were told twice, and somebody who logs or
    coordinates must say whether they are one session. windows: where the patient stands in spans
    of time that count, for readers who may see diagnoses; waits_for_a_plan: such weeks go by
    without one.
    unread_notes: from home, which no clinician has read; oldest_note_at: since when.
    over_maximum: sessions beyond the plan's maximum in the last 14 days. date_due: the earlier of
    review and expiry, where it is past or within 14 days. why: one of `Why`, what put the
    row where it is.
    """

    patient: UUID
    name: str
    plan: CaseloadPlan | None
    open_flags: Mapping[str, int]
    worst_level: str | None
    oldest_flag_at: datetime | None
    last_session_at: datetime | None
    silent_days: int | None
    silent: bool
    adherence: float | None
    adherence_before: float | None
    running_pauses: int
    pending_logs: int
    quarantined_logs: int
    duplicate_logs: int
    over_maximum: int
    date_due: date | None
    unread_notes: int
    oldest_note_at: datetime | None
    why: str
    waits_for_a_plan: bool = False
    windows: Sequence[WindowStanding] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    results: Sequence[CaseloadRow]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which patients are listed: these, and everybody of these clinics."""

    patients: frozenset[UUID]
    clinics: frozenset[UUID]
    flagged_only: bool = False


def chosen_by(
    authority: Authority, whose: Whose, at: datetime, *, on_duty_in: Collection[UUID] = ()
) -> Chosen:
    """Return whom an account lists; nothing here goes beyond what it may see.

    on_duty_in: the clinics in which the account is on duty now.
    """
    clinic_of = {each.patient_id: each.clinic_id for each in authority.relations}
    seen = patients_with(authority, "see_sessions", at)
    mine = frozenset(each for each in seen if authority.is_clinician_of(each, at))
    told = frozenset(each for each in seen if authority.answers_on_duty(each, at))
    coordinated = authority.coordinated_clinics(at)
    match whose:
        case Whose.MINE:
            return Chosen(patients=mine, clinics=frozenset())
        case Whose.ALL:
            return Chosen(patients=mine | told, clinics=coordinated)
        case Whose.ON_DUTY:
            here = frozenset(each for each in mine | told if clinic_of[each] in on_duty_in)
            clinics = coordinated & frozenset(on_duty_in)
            return Chosen(patients=here, clinics=clinics, flagged_only=True)


_decode = msgspec.json.Decoder(list[CaseloadRow]).decode

_SQL = """
WITH mine AS (
  SELECT id, name FROM patients_patient
  WHERE id = ANY(%(patients)s::uuid[]) OR clinic_id = ANY(%(clinics)s::uuid[])
), plans AS (
  SELECT l.patient_id, l.id, l.title, l.status, l.review_due_on, l.training_expires_on,
    (SELECT min(v.effective_at) FROM rehab_planversion v WHERE v.plan_id = l.id) AS since
  FROM rehab_plan l JOIN mine m ON m.id = l.patient_id WHERE l.status IN ('active', 'on-hold')
), flags AS (
  SELECT patient_id, json_object_agg(level, many) AS open_flags, min(level) AS worst_level,
    (array_agg(oldest ORDER BY level))[1] AS oldest_flag_at
  FROM (SELECT f.patient_id, f.level, count(*) AS many, min(f.raised_at) AS oldest
    FROM rehab_safetyflag f JOIN mine m ON m.id = f.patient_id WHERE f.acknowledged_at IS NULL
    GROUP BY 1, 2) by_level
  GROUP BY patient_id
), items AS (
  SELECT d.patient_id, d.series, d."on" > %(middle)s AS recent,
    sum(d.due) - sum((SELECT count(*) FROM unnest(d.open_closes_at) c WHERE c > %(now)s)) AS due,
    sum(d.done) AS done, sum(d.over_maximum) AS over_maximum
  FROM rehab_itemday d JOIN mine m ON m.id = d.patient_id
  WHERE d."on" > %(first)s AND d."on" <= %(today)s
  GROUP BY 1, 2, 3
), shares AS (
  SELECT patient_id,
    (sum(LEAST(done, due)) FILTER (WHERE recent))::float
      / NULLIF(sum(due) FILTER (WHERE recent), 0) AS adherence,
    (sum(LEAST(done, due)) FILTER (WHERE NOT recent))::float
      / NULLIF(sum(due) FILTER (WHERE NOT recent), 0) AS before,
    COALESCE(sum(over_maximum) FILTER (WHERE recent), 0)::int AS over_maximum
  FROM items GROUP BY 1
), notes AS (
  SELECT n.patient_id, count(*) AS unread_notes, min(n.written_at) AS oldest_note_at
  FROM rehab_carenote n JOIN mine m ON m.id = n.patient_id
  WHERE NOT n.from_clinic AND n.withdrawn_at IS NULL AND NOT EXISTS (
    SELECT FROM rehab_carenotereading r
    WHERE r.patient_id = n.patient_id AND r.note_id = n.id AND r.by_clinic)
  GROUP BY 1
), rows AS (
  SELECT m.id AS patient, m.name,
    CASE WHEN l.id IS NULL THEN NULL ELSE json_build_object('id', l.id, 'title', l.title,
      'status', l.status, 'review_due_on', l.review_due_on,
      'training_expires_on', l.training_expires_on) END AS plan,
    COALESCE(f.open_flags, '{}') AS open_flags, f.worst_level, f.oldest_flag_at, g.last_session_at,
    CASE WHEN l.id IS NULL OR l.since > %(now)s THEN NULL ELSE
      GREATEST(extract(day FROM %(now)s - GREATEST(g.last_session_at, l.since))::int, 0)
      END AS silent_days,
    s.adherence, s.before AS adherence_before, COALESCE(s.over_maximum, 0) AS over_maximum,
    CASE WHEN LEAST(l.review_due_on, l.training_expires_on) <= %(dates_until)s
      THEN LEAST(l.review_due_on, l.training_expires_on) END AS date_due,
    COALESCE(o.unread_notes, 0) AS unread_notes, o.oldest_note_at,
    (SELECT count(*) FROM rehab_pause z
      WHERE z.patient_id = m.id AND z.ended_at IS NULL) AS running_pauses,
    (SELECT count(*) FROM rehab_sessionlog w
      WHERE w.patient_id = m.id AND w.status = 'pending') AS pending_logs,
    (SELECT count(*) FROM rehab_sessionlog w
      WHERE w.patient_id = m.id AND w.status = 'quarantined') AS quarantined_logs,
    (SELECT count(*) FROM rehab_sessionlog w
      WHERE w.patient_id = m.id AND w.performed_at > %(now)s - interval '28 days'
        AND w.status = 'recorded' AND 'possible_duplicate' = ANY(w.marks)) AS duplicate_logs
  FROM mine m
  LEFT JOIN plans l ON l.patient_id = m.id
  LEFT JOIN flags f ON f.patient_id = m.id
  LEFT JOIN shares s ON s.patient_id = m.id
  LEFT JOIN notes o ON o.patient_id = m.id
  LEFT JOIN LATERAL (SELECT w.performed_at AS last_session_at FROM rehab_sessionlog w
    WHERE w.patient_id = m.id AND w.status IN ('recorded', 'pending')
    ORDER BY w.performed_at DESC, w.id DESC LIMIT 1) g ON true
)
SELECT COALESCE(json_agg(page), '[]')::text FROM (
  SELECT * FROM (
    SELECT *, CASE
      WHEN worst_level IS NOT NULL THEN 'flag'
      WHEN unread_notes > 0 THEN 'note'
      WHEN waits_for_a_plan THEN 'waits_for_a_plan'
      WHEN silent THEN 'silent'
      WHEN adherence_before - adherence >= %(fell_by)s THEN 'fell'
      WHEN over_maximum > 0 THEN 'over_maximum'
      WHEN date_due IS NOT NULL THEN 'date'
      WHEN pending_logs + quarantined_logs + duplicate_logs > 0 THEN 'to_confirm'
      WHEN running_pauses > 0 THEN 'paused'
      ELSE 'nothing' END AS why
    FROM (SELECT *, COALESCE(silent_days >= %(silent)s, false) AS silent,
      patient = ANY(%(waiting)s::uuid[]) AS waits_for_a_plan FROM rows) judged
  ) placed
  WHERE NOT %(flagged_only)s OR worst_level IS NOT NULL
  ORDER BY array_position(%(order)s::text[], why), worst_level NULLS LAST,
    oldest_flag_at NULLS LAST, oldest_note_at NULLS LAST,
    CASE WHEN silent THEN silent_days END DESC NULLS LAST,
    date_due NULLS LAST, COALESCE(adherence, 1) - COALESCE(adherence_before, adherence, 1),
    adherence NULLS LAST, name, patient
  LIMIT %(limit)s OFFSET %(skip)s
) page
"""


def caseload_of(
    *,
    patient_ids: Collection[UUID],
    clinic_ids: Collection[UUID] = (),
    flagged_only: bool = False,
    now: datetime,
    in_view: Mapping[UUID, InView] | None = None,
    after: InOrder | None = None,
    limit: int = 50,
) -> Caseload:
    """Return a page of these patients and of everybody in these clinics: one statement.

    flagged_only: only those with a flag that nobody has seen.
    in_view: what is to be kept in view of patients whose diagnoses the reader may see.
    """
    in_view = in_view or {}
    skip, today = after.skip if after else 0, now.date()
    arguments: dict[str, Any] = {
        "patients": list(patient_ids),
        "clinics": list(clinic_ids),
        "now": now,
        "today": today,
        "middle": today - FORTNIGHT,
        "first": today - 2 * FORTNIGHT,
        "silent": SILENT_AFTER_DAYS,
        "fell_by": FELL_BY,
        "dates_until": today + DATES_AHEAD,
        "flagged_only": flagged_only,
        "order": list(Why),
        "waiting": [patient for patient, each in in_view.items() if each.waits_for_a_plan],
        "limit": limit + 1,
        "skip": skip,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, arguments)
        rows = _decode(cursor.fetchone()[0])
    return Caseload(
        results=[_with_windows(row, in_view.get(row.patient)) for row in rows[:limit]],
        next=opaque(InOrder(skip + limit)) if len(rows) > limit else None,
        previous=opaque(InOrder(max(skip - limit, 0))) if skip else None,
    )


def _with_windows(row: CaseloadRow, found: InView | None) -> CaseloadRow:
    return replace(row, windows=found.standings) if found else row
