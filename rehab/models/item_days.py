"""The figures of days: recomputed from their rows whenever one of them changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from patients.models.prepared import Prepared


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """One item on one local date of one patient: the unit in which figures are recomputed."""

    patient_id: UUID
    series: UUID
    on: date


_COUNTED = """l.patient_id = t.patient_id AND l.series = t.series AND l."on" = t."on"
      AND l.status = 'recorded' AND l.duplicate_of IS NULL"""

_SKIN = """CASE WHEN l.details ?| '{gate,skin_before,skin_after}' THEN
      ARRAY[l.details->>'skin_before', l.details->>'skin_after',
        l.details#>>'{gate,skin_before}', l.details#>>'{gate,skin_found}',
        l.details#>>'{gate,skin_after}'] END"""

_MINUTES = """COALESCE(l.minutes, (SELECT max((w#>'{measures,minutes}')::numeric)
      FROM jsonb_array_elements(l.parts) w
      WHERE jsonb_typeof(w#>'{measures,minutes}') = 'number'))"""

_FOUND = "red,blister,burn,broken,does_not_fade,open,black"

# `n` stands for a touched day, so that what belongs together is found by one small number. OFFSET 0
# keeps each read to the index: no plan may ever read a whole table for a few days.
_TOUCHED = f"""t AS MATERIALIZED (
  SELECT * FROM unnest(%(patients)s::uuid[], %(series)s::uuid[], %(ons)s::date[])
    WITH ORDINALITY AS t(patient_id, series, "on", n)
), l AS MATERIALIZED (
  SELECT t.n, l.* FROM t CROSS JOIN LATERAL (
    SELECT COALESCE(l.version, 0) AS version, l.id, l.performed_at, l.outcome, l.placement, l.marks,
      l.pain, l.pain_unfelt, l.effort, l.parts, l.details, {_MINUTES} AS minutes, {_SKIN} AS skin
    FROM rehab_sessionlog l WHERE {_COUNTED} OFFSET 0) l
)"""

_TOLD = """
  SELECT n, version, jsonb_object_agg(key, figures) AS told FROM (
    SELECT n, version, key, CASE WHEN count(number) = 0 THEN to_jsonb(count(*))
      ELSE jsonb_build_array(count(*), sum(number), min(number), max(number),
        (array_agg(number ORDER BY performed_at, id))[1],
        (array_agg(number ORDER BY performed_at, id))[count(*)]) END AS figures
    FROM (
      SELECT l.n, l.version, l.performed_at, l.id, concat_ws('|', p.part, m.key,
          CASE WHEN jsonb_typeof(m.value) = 'string' THEN m.value #>> '{}'
            WHEN m.key IN ('start_angle_degrees', 'end_angle_degrees')
            THEN concat(CASE p.said->>'angle_instrument' WHEN 'goniometer' THEN 'measured'
                WHEN 'phone' THEN 'measured' WHEN 'estimate' THEN 'estimated'
                ELSE 'not_said' END, '|', p.said->>'knee_position') END) AS key,
        CASE WHEN jsonb_typeof(m.value) = 'number' THEN m.value::numeric END AS number
      FROM l CROSS JOIN LATERAL (
        SELECT '' AS part, COALESCE(l.details->'measures', '{}') || jsonb_strip_nulls(
          jsonb_build_object('minutes', l.minutes, 'skin_found', l.details#>'{gate,skin_found}',
            'skin_before', COALESCE(l.details->'skin_before', l.details#>'{gate,skin_before}'),
            'skin_after', COALESCE(l.details->'skin_after', l.details#>'{gate,skin_after}'))
          ) AS said
        WHERE l.minutes IS NOT NULL OR l.details ?| '{measures,gate,skin_before,skin_after}'
        UNION ALL
        SELECT w->>'part', COALESCE(w->'measures', '{}') || jsonb_strip_nulls(
          jsonb_build_object('pain', w->'pain', 'repetitions_done',
            CASE WHEN jsonb_typeof(w#>'{measures,repetitions}') = 'number'
              THEN (w#>'{measures,repetitions}')::numeric * CASE
                WHEN jsonb_typeof(w#>'{measures,sets}') = 'number'
                THEN (w#>'{measures,sets}')::numeric ELSE 1 END END))
        FROM jsonb_array_elements(l.parts) w
        WHERE w ?| '{measures,pain}'
      ) p CROSS JOIN LATERAL jsonb_each(p.said) m
      WHERE jsonb_typeof(m.value) IN ('number', 'string')
        AND m.key NOT IN ('angle_instrument', 'knee_position')
    ) said
    GROUP BY n, version, key) k
  GROUP BY n, version"""
"""What was measured on a day: {"<part>|<field>": [count, sum, lowest, highest, first, last]}, and
{"<part>|<field>|<choice>": count} for what is chosen from a list. An angle is
"<part>|<field>|measured, estimated or not_said|<knee position>". part: empty for the session."""

_FROM_SLOTS = """
  SELECT t.n, o.version,
    count(*) FILTER (WHERE o.state IN ('due', 'done', 'partial', 'skipped')) AS due,
    count(*) FILTER (WHERE o.state = 'done') AS done,
    count(*) FILTER (WHERE o.state = 'partial') AS partial,
    count(*) FILTER (WHERE o.state = 'skipped') AS skipped,
    count(*) FILTER (WHERE o.state = 'paused') AS paused,
    array_agg(o.closes_at ORDER BY o.closes_at) FILTER (WHERE o.state = 'due') AS open_closes_at
  FROM t CROSS JOIN LATERAL (
    SELECT o.version, o.state, o.closes_at FROM rehab_occurrence o
    WHERE o.patient_id = t.patient_id AND o.series = t.series AND o."on" = t."on" OFFSET 0) o
  GROUP BY t.n, o.version"""

_FROM_LOGS = f"""
  SELECT l.n, l.version,
    count(*) FILTER (WHERE l.outcome <> 'not_done') AS sessions,
    count(*) FILTER (WHERE l.placement = 'extra' AND NOT 'while_paused' = ANY(l.marks)) AS extra,
    count(*) FILTER (WHERE 'over_maximum' = ANY(l.marks)) AS over_maximum,
    count(*) FILTER (WHERE 'above_prescribed_maximum' = ANY(l.marks)) AS above_part_maximum,
    count(*) FILTER (WHERE l.placement = 'extra' AND 'while_paused' = ANY(l.marks))
      AS while_paused,
    count(*) FILTER (WHERE l.placement = 'slot' AND l.outcome = 'done'
      AND 'recalled' = ANY(l.marks)) AS recalled,
    count(*) FILTER (WHERE l.placement = 'slot' AND l.outcome <> 'done'
      AND 'recalled' = ANY(l.marks)) AS recalled_partial,
    sum(l.minutes) AS minutes, max(l.pain) AS pain_max, sum(l.pain) AS pain_sum,
    count(l.pain) AS pain_count, count(*) FILTER (WHERE l.pain_unfelt) AS pain_unfelt,
    max(l.effort) AS effort_max, sum(l.effort) AS effort_sum, count(l.effort) AS effort_count,
    count(*) FILTER (WHERE l.skin && '{{looked_fine,fades,{_FOUND}}}'::text[]) AS skin_looked,
    count(*) FILTER (WHERE l.skin && '{{{_FOUND}}}'::text[]) AS skin_found,
    max(l.performed_at) FILTER (WHERE l.outcome <> 'not_done') AS last_performed_at
  FROM l GROUP BY l.n, l.version"""

_KEPT_BEFORE = """
  SELECT t.n, d.version FROM t CROSS JOIN LATERAL (
    SELECT d.version FROM rehab_itemday d
    WHERE d.patient_id = t.patient_id AND d.series = t.series AND d."on" = t."on" OFFSET 0) d"""

_COUNTS = (
    "due", "done", "partial", "skipped", "paused", "sessions", "extra", "over_maximum",
    "above_part_maximum", "while_paused", "recalled", "recalled_partial", "pain_sum", "pain_count",
    "pain_unfelt", "effort_sum", "effort_count", "skin_looked", "skin_found",
)  # fmt: skip
# Nothing told is not 0.
_MAY_BE_UNKNOWN = ("minutes", "pain_max", "effort_max", "last_performed_at")
_FIGURES = {
    **{name: f"COALESCE({name}, 0)" for name in _COUNTS},
    **{name: name for name in _MAY_BE_UNKNOWN},
    "open_closes_at": "COALESCE(open_closes_at, '{}')",
    "told": "COALESCE(told, '{}')",
}

# FULL JOIN is merged or hashed, whatever the planner believes of the number of days.
RECOMPUTE_DAYS = Prepared(
    "rehab_recompute_days",
    f"""
WITH {_TOUCHED}
INSERT INTO rehab_itemday (patient_id, clinic_id, series, "on", version, {", ".join(_FIGURES)})
SELECT t.patient_id, (SELECT p.clinic_id FROM patients_patient p WHERE p.id = t.patient_id),
  t.series, t."on", version, {", ".join(_FIGURES.values())}
FROM ({_FROM_SLOTS}
) slots FULL JOIN ({_FROM_LOGS}
) logs USING (n, version) FULL JOIN ({_TOLD}
) measured USING (n, version) FULL JOIN ({_KEPT_BEFORE}
) kept USING (n, version) JOIN t USING (n)
ON CONFLICT (patient_id, series, "on", version) DO UPDATE SET
  {", ".join(f"{name} = EXCLUDED.{name}" for name in _FIGURES)}
""",
)
"""What each touched day holds is counted anew: from slots, from logs, and 0 for what has neither
any more. All days are counted together, each log is read once, and of a log only what was told is
taken apart. A day is given once in the arguments."""


def day_arguments(days: Iterable[Day]) -> dict[str, list[object]]:
    """Return the parameters of `RECOMPUTE_DAYS`, in one order so that writers cannot deadlock."""
    ordered = sorted(set(days))
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
