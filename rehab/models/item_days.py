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


RECOMPUTE_DAYS = Prepared(
    "rehab_recompute_days",
    """
INSERT INTO rehab_itemday (patient_id, clinic_id, series, "on", version,
  due, done, partial, skipped, paused, open_closes_at,
  sessions, extra, over_maximum, while_paused, recalled,
  minutes, pain_max, pain_sum, pain_count, pain_unfelt, last_performed_at)
SELECT t.patient_id, (SELECT p.clinic_id FROM patients_patient p WHERE p.id = t.patient_id),
  t.series, t."on", d.version, sum(d.due), sum(d.done), sum(d.partial), sum(d.skipped),
  sum(d.paused), COALESCE(max(d.open_closes_at), '{}'),
  sum(d.sessions), sum(d.extra), sum(d.over_maximum), sum(d.while_paused), sum(d.recalled),
  sum(d.minutes), max(d.pain_max), sum(d.pain_sum), sum(d.pain_count), sum(d.pain_unfelt),
  max(d.last_performed_at)
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
    0 AS sessions, 0 AS extra, 0 AS over_maximum, 0 AS while_paused, 0 AS recalled,
    NULL::numeric AS minutes, NULL::int AS pain_max, 0 AS pain_sum, 0 AS pain_count,
    0 AS pain_unfelt, NULL::timestamptz AS last_performed_at
  FROM rehab_occurrence o
  WHERE o.patient_id = t.patient_id AND o.series = t.series AND o."on" = t."on"
  GROUP BY o.version
  UNION ALL
  SELECT COALESCE(l.version, 0), 0, 0, 0, 0, 0, NULL,
    count(*),
    count(*) FILTER (WHERE l.placement = 'extra' AND NOT 'while_paused' = ANY(l.marks)),
    count(*) FILTER (WHERE 'over_maximum' = ANY(l.marks)),
    count(*) FILTER (WHERE l.placement = 'extra' AND 'while_paused' = ANY(l.marks)),
    count(*) FILTER (WHERE l.placement = 'slot' AND 'recalled' = ANY(l.marks)),
    sum(l.minutes), max(l.pain), COALESCE(sum(l.pain), 0), count(l.pain),
    count(*) FILTER (WHERE l.pain_unfelt), max(l.performed_at)
  FROM rehab_sessionlog l
  WHERE l.patient_id = t.patient_id AND l.series = t.series AND l."on" = t."on"
    AND l.status = 'recorded' AND l.duplicate_of IS NULL
  GROUP BY 1
  UNION ALL
  SELECT d.version, 0, 0, 0, 0, 0, NULL, 0, 0, 0, 0, 0, NULL, NULL, 0, 0, 0, NULL
  FROM rehab_itemday d
  WHERE d.patient_id = t.patient_id AND d.series = t.series AND d."on" = t."on"
) d
GROUP BY t.patient_id, t.series, t."on", d.version
ON CONFLICT (patient_id, series, "on", version) DO UPDATE SET
  due = EXCLUDED.due, done = EXCLUDED.done, partial = EXCLUDED.partial, skipped = EXCLUDED.skipped,
  paused = EXCLUDED.paused, open_closes_at = EXCLUDED.open_closes_at, sessions = EXCLUDED.sessions,
  extra = EXCLUDED.extra, over_maximum = EXCLUDED.over_maximum,
  while_paused = EXCLUDED.while_paused, recalled = EXCLUDED.recalled, minutes = EXCLUDED.minutes,
  pain_max = EXCLUDED.pain_max, pain_sum = EXCLUDED.pain_sum, pain_count = EXCLUDED.pain_count,
  pain_unfelt = EXCLUDED.pain_unfelt, last_performed_at = EXCLUDED.last_performed_at
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
