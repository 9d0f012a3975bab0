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

_SKIN = """ARRAY[l.details->>'skin_before', l.details->>'skin_after',
      l.details#>>'{gate,skin_before}', l.details#>>'{gate,skin_found}',
      l.details#>>'{gate,skin_after}']"""

_MINUTES = """COALESCE(l.minutes, (SELECT max((w#>>'{measures,minutes}')::numeric)
      FROM jsonb_array_elements(l.parts) w
      WHERE jsonb_typeof(w#>'{measures,minutes}') = 'number'))"""

_FOUND = "red,blister,burn,broken,does_not_fade,open,black"

_TOLD = f"""COALESCE((
  SELECT jsonb_object_agg(k.key, k.figures) FROM (
    SELECT r.key, CASE WHEN bool_and(r.number IS NULL) THEN to_jsonb(count(*))
      ELSE jsonb_build_array(count(*), sum(r.number), min(r.number), max(r.number),
        (array_agg(r.number ORDER BY l.performed_at, l.id))[1],
        (array_agg(r.number ORDER BY l.performed_at DESC, l.id DESC))[1]) END AS figures
    FROM rehab_sessionlog l CROSS JOIN LATERAL (
      SELECT concat_ws('|', p.part, m.key,
          CASE WHEN jsonb_typeof(m.value) = 'string' THEN m.value #>> '{{}}'
            WHEN m.key IN ('start_angle_degrees', 'end_angle_degrees')
            THEN concat(CASE p.said->>'angle_instrument' WHEN 'goniometer' THEN 'measured'
                WHEN 'phone' THEN 'measured' WHEN 'estimate' THEN 'estimated'
                ELSE 'not_said' END, '|', p.said->>'knee_position') END) AS key,
        CASE WHEN jsonb_typeof(m.value) = 'number' THEN (m.value #>> '{{}}')::numeric END AS number
      FROM (
        SELECT '' AS part, COALESCE(l.details->'measures', '{{}}') || jsonb_strip_nulls(
          jsonb_build_object('minutes', {_MINUTES}, 'skin_found',
            l.details#>'{{gate,skin_found}}', 'skin_before',
            COALESCE(l.details->'skin_before', l.details#>'{{gate,skin_before}}'), 'skin_after',
            COALESCE(l.details->'skin_after', l.details#>'{{gate,skin_after}}'))) AS said
        UNION ALL
        SELECT w->>'part', COALESCE(w->'measures', '{{}}') || jsonb_strip_nulls(
          jsonb_build_object('pain', w->'pain', 'repetitions_done',
            CASE WHEN jsonb_typeof(w#>'{{measures,repetitions}}') = 'number'
              THEN (w#>>'{{measures,repetitions}}')::numeric * CASE
                WHEN jsonb_typeof(w#>'{{measures,sets}}') = 'number'
                THEN (w#>>'{{measures,sets}}')::numeric ELSE 1 END END))
        FROM jsonb_array_elements(l.parts) w
      ) p CROSS JOIN LATERAL jsonb_each(p.said) m
      WHERE jsonb_typeof(m.value) IN ('number', 'string')
        AND m.key NOT IN ('angle_instrument', 'knee_position')
    ) r
    WHERE {_COUNTED} AND COALESCE(l.version, 0) = d.version
    GROUP BY 1) k), '{{}}')"""
"""What was measured on a day: {"<part>|<field>": [count, sum, lowest, highest, first, last]}, and
{"<part>|<field>|<choice>": count} for what is chosen from a list. An angle is
"<part>|<field>|measured, estimated or not_said|<knee position>". part: empty for the session."""

RECOMPUTE_DAYS = Prepared(
    "rehab_recompute_days",
    f"""
INSERT INTO rehab_itemday (patient_id, clinic_id, series, "on", version,
  due, done, partial, skipped, paused, open_closes_at,
  sessions, extra, over_maximum, above_part_maximum, while_paused, recalled, recalled_partial,
  minutes, pain_max, pain_sum, pain_count, pain_unfelt, effort_max, effort_sum, effort_count,
  skin_looked, skin_found, told, last_performed_at)
SELECT t.patient_id, (SELECT p.clinic_id FROM patients_patient p WHERE p.id = t.patient_id),
  t.series, t."on", d.version, sum(d.due), sum(d.done), sum(d.partial), sum(d.skipped),
  sum(d.paused), COALESCE(max(d.open_closes_at), '{{}}'),
  sum(d.sessions), sum(d.extra), sum(d.over_maximum), sum(d.above_part_maximum),
  sum(d.while_paused), sum(d.recalled), sum(d.recalled_partial),
  sum(d.minutes), max(d.pain_max), sum(d.pain_sum), sum(d.pain_count), sum(d.pain_unfelt),
  max(d.effort_max), sum(d.effort_sum), sum(d.effort_count), sum(d.skin_looked), sum(d.skin_found),
  {_TOLD}, max(d.last_performed_at)
FROM unnest(%(patients)s::uuid[], %(series)s::uuid[], %(ons)s::date[])
  AS t(patient_id, series, "on")
CROSS JOIN LATERAL (
  SELECT o.version,
    count(*) FILTER (WHERE o.state IN ('due', 'done', 'partial', 'skipped')) AS due,
    count(*) FILTER (WHERE o.state = 'done') AS done,
    count(*) FILTER (WHERE o.state = 'partial') AS partial,
    count(*) FILTER (WHERE o.state = 'skipped') AS skipped,
    count(*) FILTER (WHERE o.state = 'paused') AS paused,
    array_agg(o.closes_at ORDER BY o.closes_at) FILTER (WHERE o.state = 'due') AS open_closes_at,
    0 AS sessions, 0 AS extra, 0 AS over_maximum, 0 AS above_part_maximum, 0 AS while_paused,
    0 AS recalled, 0 AS recalled_partial, NULL::numeric AS minutes,
    NULL::int AS pain_max, 0 AS pain_sum, 0 AS pain_count, 0 AS pain_unfelt,
    NULL::int AS effort_max, 0 AS effort_sum, 0 AS effort_count,
    0 AS skin_looked, 0 AS skin_found, NULL::timestamptz AS last_performed_at
  FROM rehab_occurrence o
  WHERE o.patient_id = t.patient_id AND o.series = t.series AND o."on" = t."on"
  GROUP BY o.version
  UNION ALL
  SELECT COALESCE(l.version, 0), 0, 0, 0, 0, 0, NULL,
    count(*) FILTER (WHERE l.outcome <> 'not_done'),
    count(*) FILTER (WHERE l.placement = 'extra' AND NOT 'while_paused' = ANY(l.marks)),
    count(*) FILTER (WHERE 'over_maximum' = ANY(l.marks)),
    count(*) FILTER (WHERE 'above_prescribed_maximum' = ANY(l.marks)),
    count(*) FILTER (WHERE l.placement = 'extra' AND 'while_paused' = ANY(l.marks)),
    count(*) FILTER (WHERE l.placement = 'slot' AND l.outcome = 'done'
      AND 'recalled' = ANY(l.marks)),
    count(*) FILTER (WHERE l.placement = 'slot' AND l.outcome <> 'done'
      AND 'recalled' = ANY(l.marks)),
    sum({_MINUTES}),
    max(l.pain), COALESCE(sum(l.pain), 0), count(l.pain), count(*) FILTER (WHERE l.pain_unfelt),
    max(l.effort), COALESCE(sum(l.effort), 0), count(l.effort),
    count(*) FILTER (WHERE {_SKIN} && '{{looked_fine,fades,{_FOUND}}}'::text[]),
    count(*) FILTER (WHERE {_SKIN} && '{{{_FOUND}}}'::text[]),
    max(l.performed_at) FILTER (WHERE l.outcome <> 'not_done')
  FROM rehab_sessionlog l
  WHERE {_COUNTED}
  GROUP BY 1
  UNION ALL
  SELECT d.version, 0, 0, 0, 0, 0, NULL, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL, 0, 0,
    0, 0, NULL
  FROM rehab_itemday d
  WHERE d.patient_id = t.patient_id AND d.series = t.series AND d."on" = t."on"
) d
GROUP BY t.patient_id, t.series, t."on", d.version
ON CONFLICT (patient_id, series, "on", version) DO UPDATE SET
  due = EXCLUDED.due, done = EXCLUDED.done, partial = EXCLUDED.partial, skipped = EXCLUDED.skipped,
  paused = EXCLUDED.paused, open_closes_at = EXCLUDED.open_closes_at, sessions = EXCLUDED.sessions,
  extra = EXCLUDED.extra, over_maximum = EXCLUDED.over_maximum,
  above_part_maximum = EXCLUDED.above_part_maximum, while_paused = EXCLUDED.while_paused,
  recalled = EXCLUDED.recalled, recalled_partial = EXCLUDED.recalled_partial,
  minutes = EXCLUDED.minutes, pain_max = EXCLUDED.pain_max, pain_sum = EXCLUDED.pain_sum,
  pain_count = EXCLUDED.pain_count, pain_unfelt = EXCLUDED.pain_unfelt,
  effort_max = EXCLUDED.effort_max, effort_sum = EXCLUDED.effort_sum,
  effort_count = EXCLUDED.effort_count, skin_looked = EXCLUDED.skin_looked,
  skin_found = EXCLUDED.skin_found, told = EXCLUDED.told,
  last_performed_at = EXCLUDED.last_performed_at
""",
)
"""What each touched day holds is counted anew: from slots, from logs, and 0 for what has neither
any more. A day is given once in the arguments."""


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
