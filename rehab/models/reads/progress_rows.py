"""What progress rests on besides the counted days, in one statement: what was measured, assessed,

eaten and changed. Days are summed by PostgreSQL; no single log is read.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from uuid import UUID

import msgspec

from exercises import reference
from patients.models.prepared import Prepared
from rehab.domain.session_entry import Value

DAY = timedelta(days=1)
BEFORE = 8
"""How many results of an instrument before these days are read: a set by side, muscle or site."""


Column = list[int | float | None]
"""Whole numbers are decoded as such, so that an answer has 10 and not 10.0."""


class Summed(msgspec.Struct, frozen=True, array_like=True):
    """One key of the per-day rows of one item: columns over weeks or days, oldest first.

    All but `count` are null for a counted word.
    """

    series: UUID
    key: str
    on: list[date]
    version: list[int]
    count: list[int]
    total: Column
    lowest: Column
    highest: Column
    first: Column
    last: Column

    def at(self, places: Sequence[int]) -> Self:
        """Return the same with some of its weeks or days alone."""
        columns = {
            name: [getattr(self, name)[place] for place in places]
            for name in self.__struct_fields__[2:]
        }
        return msgspec.structs.replace(self, **columns)


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    instrument: str
    on: date
    performed_at: datetime
    results: list[dict[str, Any]]


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    on: date
    weight_kg: float


class Eaten(msgspec.Struct, frozen=True, kw_only=True):
    """A day with protein told; without: entries of food whose protein nobody told."""

    on: date
    protein_g: float
    without: int


class Target(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    set_on: date
    set_by: str
    protein_g: float | None
    protein_g_per_kg: float | None
    weight_kg: float | None


class StatusRow(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    now: str
    reason: str
    by: str


class PauseRow(msgspec.Struct, frozen=True, kw_only=True):
    """by, reason, end_by, end_note: empty where a rule paused it or it still stands."""

    series: UUID
    part: UUID | None
    starts_at: datetime
    ended_at: datetime | None
    by: str
    reason: str
    end_by: str
    end_note: str


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """baselines, scored: null without see_conditions; the rest of the diet without see_diet."""

    told: list[Summed]
    statuses: list[StatusRow]
    pauses: list[PauseRow]
    baselines: dict[str, Value] | None
    scored: list[Scored] | None
    weights: list[Weighed] | None
    weighed_before: Weighed | None
    eaten: list[Eaten] | None
    targets: list[Target] | None


_decode = msgspec.json.Decoder(Rows).decode

_RESULT = """json_build_object('instrument', a.instrument, 'on', a."on",
        'performed_at', a.performed_at, 'results', a.results)"""
_DIET = """d.patient_id = %(patient)s::uuid AND d.status = 'recorded'
      AND d.performed_at >= %(since)s::timestamptz AND d.performed_at < %(until)s::timestamptz
      AND d."on" BETWEEN %(first)s::date AND %(last)s::date"""

_COLUMNS = ", ".join(
    f'array_agg(g."{name}" ORDER BY g."on", g.version) AS "{name}"'
    for name in Summed.__struct_fields__[2:]
)

_ROWS = Prepared(
    "rehab_progress_rows",
    f"""
SELECT json_build_object(
 'told', COALESCE((SELECT json_agg(json_build_array(k.series, k.key, k."on", k.version, k.count,
      k.total, k.lowest, k.highest, k.first, k.last))
    FROM (SELECT g.series, g.key,
      {_COLUMNS}
    FROM (
      SELECT d.series, d.version, e.key,
        CASE WHEN %(by_day)s::boolean THEN d."on"
          ELSE d."on" - (extract(isodow FROM d."on")::int - 1) END AS "on",
        sum((CASE jsonb_typeof(e.value) WHEN 'array' THEN e.value->>0
          ELSE e.value#>>'{{}}' END)::int) AS count,
        sum((e.value->>1)::float8) AS total, min((e.value->>2)::float8) AS lowest,
        max((e.value->>3)::float8) AS highest,
        (array_agg((e.value->>4)::float8 ORDER BY d."on"))[1] AS first,
        (array_agg((e.value->>5)::float8 ORDER BY d."on" DESC))[1] AS last
      FROM rehab_itemday d CROSS JOIN LATERAL jsonb_each(d.told) e
      WHERE d.patient_id = %(patient)s::uuid
        AND d."on" BETWEEN %(first)s::date AND %(last)s::date
      GROUP BY 1, 2, 3, 4) g GROUP BY 1, 2) k), '[]'),
 'statuses', COALESCE((SELECT json_agg(json_build_object('at', c.at, 'now', c.now,
      'reason', c.reason, 'by', u.name) ORDER BY c.at, c.id)
    FROM rehab_planstatuschange c JOIN patients_user u ON u.id = c.by_id
    WHERE c.patient_id = %(patient)s::uuid
      AND c.at >= %(since)s::timestamptz AND c.at < %(until)s::timestamptz), '[]'),
 'pauses', COALESCE((SELECT json_agg(json_build_object('series', z.series, 'part', z.part,
      'starts_at', z.starts_at, 'ended_at', z.ended_at, 'by', COALESCE(s.name, ''),
      'reason', CASE WHEN z.started_by_id IS NULL THEN '' ELSE z.reason END,
      'end_by', COALESCE(n.name, ''), 'end_note', z.end_note) ORDER BY z.starts_at, z.id)
    FROM rehab_pause z LEFT JOIN patients_user s ON s.id = z.started_by_id
    LEFT JOIN patients_user n ON n.id = z.ended_by_id
    WHERE z.patient_id = %(patient)s::uuid AND z.starts_at < %(until)s::timestamptz
      AND (z.ended_at IS NULL OR z.ended_at >= %(since)s::timestamptz)), '[]'),
 'baselines', CASE WHEN %(conditions)s::boolean THEN COALESCE((SELECT c.baselines
    FROM rehab_clinicalprofile c WHERE c.patient_id = %(patient)s::uuid
    ORDER BY c.number DESC LIMIT 1), '{{}}') END,
 'scored', CASE WHEN %(conditions)s::boolean THEN COALESCE((SELECT json_agg(r.result) FROM (
    SELECT {_RESULT} AS result FROM rehab_assessment a
    WHERE a.patient_id = %(patient)s::uuid AND a.status = 'recorded'
      AND a.performed_at >= %(since)s::timestamptz AND a.performed_at < %(until)s::timestamptz
      AND a."on" BETWEEN %(first)s::date AND %(last)s::date
    UNION ALL
    SELECT b.result FROM unnest(%(instruments)s::text[]) AS i(code) CROSS JOIN LATERAL (
      SELECT {_RESULT} AS result FROM rehab_assessment a
      WHERE a.patient_id = %(patient)s::uuid AND a.instrument = i.code AND a.status = 'recorded'
        AND a.performed_at < %(until)s::timestamptz AND a."on" < %(first)s::date
      ORDER BY a.performed_at DESC LIMIT %(before)s::int) b) r), '[]') END,
 'weights', CASE WHEN %(diet)s::boolean THEN COALESCE((SELECT json_agg(json_build_object(
      'on', d."on", 'weight_kg', d.weight_kg) ORDER BY d.performed_at, d.id)
    FROM rehab_dietlog d WHERE {_DIET} AND d.weight_kg IS NOT NULL), '[]') END,
 'weighed_before', CASE WHEN %(diet)s::boolean THEN (SELECT json_build_object(
      'on', d."on", 'weight_kg', d.weight_kg)
    FROM rehab_dietlog d
    WHERE d.patient_id = %(patient)s::uuid AND d.status = 'recorded' AND d.weight_kg IS NOT NULL
      AND d.performed_at < %(until)s::timestamptz
      AND d.performed_at >= %(weighed_since)s::timestamptz AND d."on" < %(first)s::date
    ORDER BY d.performed_at DESC, d.id DESC LIMIT 1) END,
 'eaten', CASE WHEN %(diet)s::boolean THEN COALESCE((SELECT json_agg(json_build_object(
      'on', x."on", 'protein_g', x.protein_g, 'without', x.without) ORDER BY x."on") FROM (
      SELECT d."on", sum(d.protein_g) AS protein_g, count(*) FILTER (WHERE d.protein_g IS NULL
        AND (d.text <> '' OR d.foods <> '[]' OR d.recipes <> '[]')) AS without
      FROM rehab_dietlog d WHERE {_DIET} GROUP BY 1) x
    WHERE x.protein_g IS NOT NULL), '[]') END,
 'targets', CASE WHEN %(diet)s::boolean THEN COALESCE((SELECT json_agg(json_build_object(
      'number', t.number, 'set_on', t.set_on, 'set_by', t.set_by, 'protein_g', t.protein_g,
      'protein_g_per_kg', t.protein_g_per_kg, 'weight_kg', t.weight_kg) ORDER BY t.number)
    FROM rehab_nutritionplan t
    WHERE t.patient_id = %(patient)s::uuid AND t.set_on <= %(last)s::date), '[]') END
)::text
""",
)

WEIGHED_BEFORE = timedelta(weeks=26)


def progress_rows(
    patient_id: UUID, *, first: date, last: date, by_day: bool, scopes: Collection[str]
) -> Rows:
    """Read what was measured, assessed, eaten and changed: one statement, whatever its length.

    scopes: what the reader holds; nothing that a wanting scope covers is read at all.
    """
    since = datetime.combine(first - DAY, time.min, tzinfo=UTC)
    arguments: dict[str, Any] = {
        "patient": patient_id,
        "first": first,
        "last": last,
        "by_day": by_day,
        "since": since,
        "until": datetime.combine(last + 2 * DAY, time.min, tzinfo=UTC),
        "weighed_since": since - WEIGHED_BEFORE,
        "instruments": list(reference.instruments()),
        "before": BEFORE,
        "conditions": "see_conditions" in scopes,
        "diet": "see_diet" in scopes,
    }
    return _decode(str(_ROWS.fetchall(arguments)[0][0]))
