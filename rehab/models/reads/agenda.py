"""Everything that belongs to some days of one patient, in one statement.

PostgreSQL builds the JSON, msgspec decodes it into the structs below; nothing here decides
anything. `today`, `occurrences` and `offline` read it, each for its own range of days.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec

from patients.models.prepared import Prepared

WEEK = timedelta(days=7)
DAY = timedelta(days=1)

Number = float | int | str | None


class PatientRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    zone: str
    language: str
    sync_sequence: int


class ContactRow(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to call, and whether anybody answers."""

    clinic: str
    phone: str
    emergency_number: str
    unattended: bool


class PlanRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    title: str
    status: str
    version: int | None
    review_due_on: date | None
    training_expires_on: date | None
    stored_until: datetime | None


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    part: UUID
    motion: str
    muscle: str
    channel: int | None
    side: str
    dose: dict[str, Number]
    maximum: dict[str, Number]


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """One item of one version. `running`: its plan is active or on hold and no version followed."""

    id: UUID
    series: UUID
    version: int
    effective_at: datetime
    ended_at: datetime | None
    running: bool
    training_expires_on: date | None
    position: int
    kind: str
    modality: str
    exercise: str
    title: dict[str, str]
    instruction: str
    zone: str
    home_zone: str
    zone_policy: str
    schedule: dict[str, object]
    starts_on: date
    ends_on: date | None
    target: dict[str, Number]
    maximum: dict[str, Number]
    sessions_per_day_maximum: int | None
    sessions_per_week_maximum: int | None
    gate_questions: list[str]
    wakes: bool
    parts: list[PartRow]


class LogRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    performed_at: datetime
    performer: str
    performer_name: str
    author: str
    outcome: str
    marks: list[str]


class SkipSigns(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The signs that were told with a skip. pain: 0-10 or "cannot_feel"."""

    symptoms: list[str] = []
    measures: dict[str, Number] = {}
    pain: int | str | None = None
    limb: str = ""


class OccurrenceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing due. `stored` is false for a day further ahead than the server has stored."""

    id: UUID
    series: UUID
    version: int
    item_id: UUID
    on: date
    slot: str
    due_at: datetime
    opens_at: datetime
    closes_at: datetime
    state: str
    skip_reason: str
    skip_note: str = ""
    skip_signs: SkipSigns = SkipSigns()
    snoozed_until: datetime | None
    superseded_by: UUID | None
    log: LogRow | None
    reminder: str
    stored: bool = True


class PauseRow(msgspec.Struct, frozen=True, kw_only=True):
    """`by` is empty when a rule paused it; `flag`, `rule` and `level` are of that rule."""

    series: UUID
    part: UUID | None
    starts_at: datetime
    ended_at: datetime | None
    by: str | None
    reason: str
    flag: UUID | None
    rule: str | None
    level: str | None


class UnseenRow(msgspec.Struct, frozen=True, kw_only=True):
    """The oldest of the flags of one rule that nobody has acknowledged, and how many there are."""

    id: UUID
    many: int
    rule: str
    level: str
    raised_at: datetime
    series: UUID | None
    part: UUID | None


class Agenda(msgspec.Struct, frozen=True, kw_only=True):
    patient: PatientRow
    contact: ContactRow
    plan: PlanRow | None
    items: list[ItemRow]
    occurrences: list[OccurrenceRow]
    pauses: list[PauseRow]
    unseen_flags: list[UnseenRow]


_decode = msgspec.json.Decoder(Agenda).decode

# Reminders of one occurrence: the first, a snoozed one, and the one for whoever comes next. One
# that found nobody to reach has no delivery; one held back has only unsent ones.
_REMINDER = """CASE
      WHEN o.state <> 'due' OR o.remind_at IS NULL OR o.remind_at > %(now)s::timestamptz THEN 'none'
      ELSE COALESCE((SELECT CASE
          WHEN bool_or(d.outcome IN ('sent', 'merged')) THEN 'sent'
          WHEN bool_or(d.next_at IS NOT NULL AND NOT r.after_silence) THEN 'none'
          WHEN bool_or(r.nobody_reachable OR (d.outcome IN ('not_sent', 'failed')
            AND d.reason NOT IN ('snoozed', 'plan_changed'))) THEN 'not_reminded'
          ELSE 'none' END
        FROM rehab_reminder r LEFT JOIN rehab_delivery d
          ON d.patient_id = r.patient_id AND d.reminder_id = r.id
        WHERE r.patient_id = o.patient_id AND r.due_at >= o.remind_at AND r.due_at < o.closes_at
          AND o.id = ANY(r.occurrence_ids)), 'none') END"""

_AGENDA = Prepared(
    "rehab_agenda",
    f"""
SELECT json_build_object(
 'patient', json_build_object('id', p.id, 'name', p.name, 'zone', p.zone, 'language', p.language,
   'sync_sequence', p.sync_sequence),
 'contact', json_build_object('clinic', c.name, 'phone', c.phone,
   'emergency_number', c.emergency_number, 'unattended', c.unattended),
 'plan', (SELECT json_build_object('id', l.id, 'title', l.title, 'status', l.status,
     'version', (SELECT max(v.number) FROM rehab_planversion v WHERE v.plan_id = l.id
       AND v.effective_at <= %(now)s::timestamptz
       AND (v.ended_at IS NULL OR v.ended_at > %(now)s::timestamptz)),
     'review_due_on', l.review_due_on, 'training_expires_on', l.training_expires_on,
     'stored_until', l.materialised_until)
   FROM rehab_plan l WHERE l.patient_id = p.id AND l.status IN ('active', 'on-hold')),
 'items', COALESCE((SELECT json_agg(json_build_object('id', i.id, 'series', i.series,
     'version', v.number, 'effective_at', v.effective_at, 'ended_at', v.ended_at,
     'running', l.status IN ('active', 'on-hold') AND v.ended_at IS NULL,
     'training_expires_on', l.training_expires_on, 'position', i.position, 'kind', i.kind,
     'modality', i.modality, 'exercise', x.slug,
     'title', COALESCE(NULLIF(i.title, '{{}}'::jsonb), x.names), 'instruction', i.instruction,
     'zone', i.zone, 'home_zone', i.home_zone, 'zone_policy', i.zone_policy,
     'schedule', i.schedule, 'starts_on', i.starts_on,
     'ends_on', i.ends_on, 'target', i.target, 'maximum', i.maximum,
     'sessions_per_day_maximum', i.sessions_per_day_maximum,
     'sessions_per_week_maximum', i.sessions_per_week_maximum, 'gate_questions', i.gate_questions,
     'wakes', i.wakes,
     'parts', COALESCE((SELECT json_agg(json_build_object('part', t.part, 'motion', t.motion,
         'muscle', t.muscle, 'channel', t.channel, 'side', t.side, 'dose', t.dose,
         'maximum', t.maximum)
         ORDER BY t.position) FROM rehab_planpart t WHERE t.item_id = i.id), '[]'))
     ORDER BY i.position, i.series)
   FROM rehab_planitem i
   JOIN rehab_planversion v ON v.id = i.version_id
   JOIN rehab_plan l ON l.id = v.plan_id
   JOIN exercises_exercise x ON x.id = i.exercise_id
   WHERE i.patient_id = p.id AND v.effective_at < %(until)s::timestamptz
     AND (v.ended_at IS NULL OR v.ended_at > %(since)s::timestamptz)), '[]'),
 'occurrences', COALESCE((SELECT json_agg(json_build_object('id', o.id, 'series', o.series,
     'version', o.version, 'item_id', o.item_id, 'on', o."on", 'slot', o.slot, 'due_at', o.due_at,
     'opens_at', o.opens_at, 'closes_at', o.closes_at, 'state', o.state,
     'skip_reason', o.skip_reason, 'skip_note', o.skip_note, 'skip_signs', o.skip_signs,
     'snoozed_until', o.snoozed_until,
     'superseded_by', o.superseded_by, 'reminder', {_REMINDER},
     'log', CASE WHEN g.id IS NULL THEN NULL ELSE json_build_object('id', g.id,
       'performed_at', g.performed_at, 'performer', g.performer, 'performer_name', g.performer_name,
       'author', COALESCE(u.name, ''), 'outcome', g.outcome, 'marks', g.marks) END)
     ORDER BY o.due_at, length(o.slot), o.slot, o.id)
   FROM rehab_occurrence o
   LEFT JOIN rehab_sessionlog g ON g.patient_id = o.patient_id AND g.id = o.log_id
   LEFT JOIN patients_user u ON u.id = g.author_id
   WHERE o.patient_id = p.id AND o."on" BETWEEN %(week)s::date AND %(last)s::date
     AND (o."on" >= %(first)s::date OR o.closes_at > %(open)s::timestamptz)), '[]'),
 'pauses', COALESCE((SELECT json_agg(json_build_object('series', z.series, 'part', z.part,
     'starts_at', z.starts_at, 'ended_at', z.ended_at, 'by', u.name, 'reason', z.reason,
     'flag', f.id, 'rule', f.rule, 'level', f.level) ORDER BY z.starts_at, z.id)
   FROM rehab_pause z
   LEFT JOIN patients_user u ON u.id = z.started_by_id
   LEFT JOIN rehab_safetyflag f ON f.id = z.flag_id
   WHERE z.patient_id = p.id AND z.starts_at < %(until)s::timestamptz
     AND (z.ended_at IS NULL OR z.ended_at > %(since)s::timestamptz)), '[]'),
 'unseen_flags', COALESCE((SELECT json_agg(oldest ORDER BY level, raised_at, id) FROM (
     SELECT DISTINCT ON (f.rule) f.id, count(*) OVER (PARTITION BY f.rule) AS many, f.rule,
       f.level, f.raised_at, f.series, f.part
     FROM rehab_safetyflag f
     WHERE %(with_flags)s::boolean AND f.patient_id = p.id AND f.acknowledged_at IS NULL
     ORDER BY f.rule, f.level, f.raised_at, f.id) oldest), '[]')
)::text
FROM patients_patient p JOIN patients_clinic c ON c.id = p.clinic_id
WHERE p.id = %(patient)s::uuid
""",
)


def read_agenda(
    patient_id: UUID, *, first: date, last: date, now: datetime, with_flags: bool = False
) -> Agenda:
    """Read the days from `first` to `last`, both included, whatever the zones of the items.

    Of the week before it reads what is still open on the first day, because n a week stands on
    the first day of its week; and versions and pauses of a day more on each side, because a date
    of another zone begins earlier or ends later.
    """
    arguments: dict[str, Any] = {
        "patient": patient_id,
        "now": now,
        "week": first - WEEK,
        "first": first,
        "last": last,
        "open": datetime.combine(first - DAY, time.min, tzinfo=UTC),
        "with_flags": with_flags,
        "since": datetime.combine(first - WEEK - DAY, time.min, tzinfo=UTC),
        "until": datetime.combine(last + 2 * DAY, time.min, tzinfo=UTC),
    }
    return _decode(str(_AGENDA.fetchall(arguments)[0][0]))
