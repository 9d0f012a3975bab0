"""Everything an action must know before it judges a batch of entries, in one statement.

The hot path asks once per batch, whatever its size. PostgreSQL builds the JSON, msgspec decodes
it into the structs below; nothing here decides anything.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

import msgspec

from patients.models.authority import HELD_AS_JSON, Held
from patients.models.prepared import Pen, Prepared
from patients.models.session import ACCOUNT, ACCOUNT_AS_JSON, AccountRow, Token


class Neighbour(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A recorded log near in time. There are many, so they come without the names of fields."""

    id: UUID
    series: UUID | None
    occurrence_id: UUID | None
    placement: str
    on: date
    performed_at: datetime
    values_digest: str
    duplicate_of: UUID | None
    marks: list[str]


class KnownLog(Neighbour, frozen=True, kw_only=True, array_like=False):
    """A log that is already stored, under an id that is sent again."""

    version: int | None
    status: str
    revision: int
    outcome: str
    fingerprint: str


class KnownPart(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    part: UUID
    motion: str
    muscle: str
    side: str
    dose: dict[str, float | int | str | None]
    maximum: dict[str, float | int | str | None]


class KnownItem(msgspec.Struct, frozen=True, kw_only=True, array_like=True, dict=True):
    """One item of one version, with the interval in which that version is in force."""

    id: UUID
    series: UUID
    version: int
    effective_at: datetime
    ended_at: datetime | None
    training_expires_on: date | None
    kind: str
    modality: str
    exercise: str
    zone: str
    starts_on: date
    ends_on: date | None
    target: dict[str, float | int | str | None]
    maximum: dict[str, float | int | str | None]
    sessions_per_day_maximum: int | None
    sessions_per_week_maximum: int | None
    parts: list[KnownPart]

    @cached_property
    def part_by_id(self) -> Mapping[UUID, KnownPart]:
        return {each.part: each for each in self.parts}


class KnownPause(msgspec.Struct, frozen=True, kw_only=True):
    series: UUID
    part: UUID | None
    starts_at: datetime
    ended_at: datetime | None


class KnownOccurrence(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    id: UUID
    series: UUID
    version: int
    on: date
    slot: str
    due_at: datetime
    opens_at: datetime
    closes_at: datetime
    state: str


class KnownReading(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What an earlier session said of a part; of the session as a whole, `part` is its series.

    skin: red or looked_fine, of the session.
    """

    log: UUID
    part: UUID
    performed_at: datetime
    pain: int | None = None
    degrees: float | int | None = None
    effort: int | None = None
    skin: str | None = None


class PatientRow(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What an action needs of the patient and the clinic; `sequence` is this change's number."""

    id: UUID
    clinic_id: UUID
    user_id: UUID | None
    zone: str
    language: str
    sequence: int
    clinic_name: str
    clinic_phone: str
    emergency_number: str


class KnownProfile(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    spinal_cord_injury: str
    injury_level: str
    answers: dict[str, str]
    baselines: dict[str, float | int | None]
    innervation: dict[str, str]
    insensate: list[str]
    barred: list[dict[str, str]]
    conditions: list[dict[str, str | list[str] | None]]


class Briefing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about the items, days and ids that a batch touches.

    held: what the account that was asked about may rest on, see `patients.models.authority`.
    account: whose the token is that was asked about, see `patients.models.session`.
    """

    sent_before: list[KnownLog]
    items: list[KnownItem]
    pauses: list[KnownPause]
    occurrences: list[KnownOccurrence]
    neighbours: list[Neighbour]
    readings: list[KnownReading]
    last_sessions: dict[UUID, datetime | None]
    profile: KnownProfile | None
    stored_until: datetime | None
    patient: PatientRow | None
    held: list[Held]
    account: AccountRow | None


_decode = msgspec.json.Decoder(Briefing).decode
_decode_patient = msgspec.json.Decoder(PatientRow).decode

# The row is locked and numbered by one statement and read by the next, in the same trip: a
# statement that waited for the lock would still see what stood before it waited.
_LOCK = Prepared(
    "rehab_lock_patient",
    """
UPDATE patients_patient SET sync_sequence = sync_sequence + 1 WHERE id = %(patient)s::uuid
""",
)
_PATIENT_JSON = """(SELECT json_build_array(p.id, p.clinic_id, p.user_id, p.zone, p.language,
      p.sync_sequence, c.name, c.phone, c.emergency_number)
    FROM patients_patient p JOIN patients_clinic c ON c.id = p.clinic_id
    WHERE p.id = %(patient)s::uuid)"""
_PATIENT = Prepared("rehab_patient_row", f"SELECT {_PATIENT_JSON}::text")

_LOG = """json_build_object('id', l.id, 'series', l.series, 'version', l.version,
  'occurrence_id', l.occurrence_id, 'placement', l.placement, 'status', l.status,
    'revision', l.revision,
  'outcome', l.outcome, 'on', l."on", 'performed_at', l.performed_at,
    'fingerprint', encode(l.fingerprint, 'hex'),
  'values_digest', encode(l.values_digest, 'hex'), 'duplicate_of', l.duplicate_of,
    'marks', l.marks)"""
_READINGS = """COALESCE((SELECT json_agg(json_build_array(l.id, r.part, l.performed_at, r.pain,
      r.degrees, r.effort, r.skin))
    FROM rehab_sessionlog l CROSS JOIN LATERAL (
      SELECT l.series AS part, to_jsonb(l.pain) AS pain, NULL::jsonb AS degrees, l.effort,
        CASE WHEN l.details->>'skin_before' = 'red' OR l.details->>'skin_after' = 'red' THEN 'red'
          WHEN l.details->>'skin_before' = 'looked_fine'
            OR l.details->>'skin_after' = 'looked_fine' THEN 'looked_fine' END AS skin
        WHERE l.pain IS NOT NULL OR l.effort IS NOT NULL OR l.details ? 'skin_before'
          OR l.details ? 'skin_after'
      UNION ALL
      SELECT (t->>'part')::uuid, t->'pain', t->'measures'->'end_angle_degrees', NULL, NULL
        FROM jsonb_array_elements(l.parts) t
        WHERE t ? 'pain' OR t->'measures' ? 'end_angle_degrees'
    ) r
    WHERE l.patient_id = %(patient)s::uuid AND l.series = ANY((SELECT series FROM named)::uuid[])
      AND l."on" BETWEEN %(readings_from)s::date AND %(last_day)s::date
      AND l.status = 'recorded' AND l.duplicate_of IS NULL), '[]')"""
_NEIGHBOUR = """json_build_array(l.id, l.series, l.occurrence_id, l.placement, l."on",
  l.performed_at, encode(l.values_digest, 'hex'), l.duplicate_of, l.marks)"""

# In braces stands what `_statement` fills in. Two things save time (docs/adr/0016). To name its
# columns PostgreSQL copies what stands behind SELECT at each call, so only a name stands there.
# Logs are looked for id by id, else an index that has the id behind the moment is read through,
# all of the patient's history.
_HELD = HELD_AS_JSON.replace("%(user)s::uuid", "{user}")
_SQL = f"""
WITH {{asks}} named AS MATERIALIZED (
  SELECT %(series)s::uuid[] || ARRAY(SELECT o.series FROM rehab_occurrence o
    WHERE o.patient_id = %(patient)s::uuid AND o.id = ANY(%(occurrences)s::uuid[])) AS series
)
SELECT told FROM (SELECT json_build_object(
 'sent_before', COALESCE((SELECT json_agg({_LOG}) FROM unnest(%(ids)s::uuid[]) AS sent(id)
    CROSS JOIN LATERAL (SELECT * FROM rehab_sessionlog l
      WHERE l.patient_id = %(patient)s::uuid AND l.id = sent.id OFFSET 0) l), '[]'),
 'items', COALESCE((SELECT json_agg(json_build_array(i.id, i.series, v.number, v.effective_at,
      v.ended_at, (SELECT p.training_expires_on FROM rehab_plan p WHERE p.id = v.plan_id), i.kind,
      i.modality, (SELECT x.slug FROM exercises_exercise x WHERE x.id = i.exercise_id), i.zone,
      i.starts_on, i.ends_on, i.target, i.maximum, i.sessions_per_day_maximum,
      i.sessions_per_week_maximum,
      COALESCE((SELECT json_agg(json_build_array(t.part, t.motion, t.muscle, t.side, t.dose,
          t.maximum) ORDER BY t.position)
        FROM rehab_planpart t WHERE t.item_id = i.id), '[]')))
    FROM rehab_planitem i
    JOIN LATERAL (SELECT * FROM rehab_planversion v WHERE v.id = i.version_id
      AND v.effective_at <= %(last)s::timestamptz
      AND (v.ended_at IS NULL OR v.ended_at > %(first)s::timestamptz) OFFSET 0) v ON true
    WHERE i.patient_id = %(patient)s::uuid
      AND i.series = ANY((SELECT series FROM named)::uuid[])), '[]'),
 'pauses', COALESCE((SELECT json_agg(json_build_object('series', z.series, 'part', z.part,
      'starts_at', z.starts_at, 'ended_at', z.ended_at)) FROM rehab_pause z
    WHERE z.patient_id = %(patient)s::uuid AND z.series = ANY((SELECT series FROM named)::uuid[])
      AND z.starts_at <= %(last)s::timestamptz
      AND (z.ended_at IS NULL OR z.ended_at > %(first)s::timestamptz)), '[]'),
 'occurrences', COALESCE((SELECT json_agg(json_build_array(o.id, o.series, o.version, o."on",
      o.slot, o.due_at, o.opens_at, o.closes_at, o.state))
    FROM rehab_occurrence o
    WHERE o.patient_id = %(patient)s::uuid AND o.series = ANY((SELECT series FROM named)::uuid[])
      AND o."on" BETWEEN %(first_day)s::date AND %(last_day)s::date
      AND ((o.opens_at < %(opens_before)s::timestamptz
          AND o.closes_at > %(closes_after)s::timestamptz)
        OR o.id = ANY(%(occurrences)s::uuid[]))), '[]'),
 'neighbours', COALESCE((SELECT json_agg({_NEIGHBOUR}) FROM rehab_sessionlog l
    WHERE l.patient_id = %(patient)s::uuid AND l.series = ANY((SELECT series FROM named)::uuid[])
      AND l."on" BETWEEN %(first_day)s::date AND %(last_day)s::date
      AND l.status = 'recorded'), '[]'),
 'readings', {{readings}},
 'last_sessions', COALESCE((SELECT json_object_agg(s.series, (SELECT max(l.performed_at)
      FROM rehab_sessionlog l WHERE l.patient_id = %(patient)s::uuid AND l.series = s.series
        AND l.status = 'recorded' AND l."on" = (SELECT max(b."on") FROM rehab_sessionlog b
          WHERE b.patient_id = %(patient)s::uuid AND b.series = s.series
            AND b.status = 'recorded' AND b."on" < %(first_day)s::date)))
    FROM unnest((SELECT series FROM named)::uuid[]) AS s(series)), '{{{{}}}}'),
 'profile', (SELECT json_build_array(c.spinal_cord_injury, c.injury_level, c.answers, c.baselines,
      c.innervation, c.insensate, c.barred, c.conditions)
    FROM rehab_clinicalprofile c
      WHERE c.patient_id = %(patient)s::uuid ORDER BY c.number DESC LIMIT 1),
 'patient', {_PATIENT_JSON},
 'held', CASE WHEN {{user}} IS NULL THEN '[]' ELSE COALESCE({_HELD}, '[]') END,
 'account', {{account}},
 'stored_until', (SELECT p.materialised_until FROM rehab_plan p
    WHERE p.patient_id = %(patient)s::uuid AND p.status IN ('active', 'on-hold'))
)::text AS told OFFSET 0) AS b
"""


def _statement(*, of_token: bool, with_readings: bool) -> Prepared:
    """Return the statement with what is asked of it: every part costs, also where it finds nothing.

    of_token: a token comes with it, and says who asks.
    """
    return Prepared(
        f"rehab_brief{'_of_token' * of_token}{'_with_readings' * with_readings}",
        _SQL.format(
            asks=f"asks AS MATERIALIZED ({ACCOUNT})," if of_token else "",
            user="(SELECT id FROM asks)" if of_token else "%(user)s::uuid",
            account=f"(SELECT {ACCOUNT_AS_JSON} FROM asks)" if of_token else "NULL",
            readings=_READINGS if with_readings else "'[]'::json",
        ),
    )


_BRIEF = {
    (of_token, with_readings): _statement(of_token=of_token, with_readings=with_readings)
    for of_token in (False, True)
    for with_readings in (False, True)
}


def brief(
    *,
    patient_id: UUID,
    ids: Sequence[UUID],
    series: Sequence[UUID],
    occurrences: Sequence[UUID],
    first: datetime,
    last: datetime,
    first_day: date,
    last_day: date,
    closes_after: datetime,
    opens_before: datetime,
    readings_from: date,
    with_readings: bool,
    lock: bool,
    user_id: UUID | None = None,
    token: Token | None = None,
) -> Briefing:
    """Read in one trip what is known about a batch; lock: the patient's row first.

    user_id: whose authority is asked for as well. token: the same of whoever it belongs to, whose
    wall is put up before all else.

    first, last: instants between which versions and pauses matter (UTC).
    first_day, last_day: local dates between which occurrences and logs matter, both included.
    closes_after, opens_before: what windows touch; an occurrence that is named comes anyway.
    readings_from: the first local date whose pain and angles are compared with.
    """
    pen = Pen()
    if token:
        token.add_wall(pen)
    if lock:
        pen.add(_LOCK, {"patient": patient_id})
    rows = pen.ask(
        _BRIEF[token is not None, with_readings],
        {
            **(token.params if token else {}),
            "patient": patient_id,
            "ids": list(ids),
            "series": list(series),
            "occurrences": list(occurrences),
            "first": first,
            "last": last,
            "first_day": first_day,
            "last_day": last_day,
            "closes_after": closes_after,
            "opens_before": opens_before,
            "readings_from": readings_from,
            "user": user_id,
        },
    )
    return _decode(str(rows[0][0]))


def lock_row(patient_id: UUID) -> PatientRow | None:
    """Lock the patient's row and take the next sequence number; None when there is none."""
    pen = Pen()
    pen.add(_LOCK, {"patient": patient_id})
    rows = pen.ask(_PATIENT, {"patient": patient_id})
    return _decode_patient(str(rows[0][0])) if rows[0][0] else None
