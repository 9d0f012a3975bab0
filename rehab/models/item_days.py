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
