"""Days keep what was measured in them, and how hard it was; what was told already is counted."""

from django.conf import settings
from django.db import migrations, models

SKIN = """ARRAY[l.details->>'skin_before', l.details->>'skin_after',
    l.details#>>'{gate,skin_before}', l.details#>>'{gate,skin_found}',
    l.details#>>'{gate,skin_after}']"""

MINUTES = """COALESCE(l.minutes, (SELECT max((w#>>'{measures,minutes}')::numeric)
      FROM jsonb_array_elements(l.parts) w
      WHERE jsonb_typeof(w#>'{measures,minutes}') = 'number'))"""

FOUND = "red,blister,burn,broken,does_not_fade,open,black"

COUNT_WHAT_WAS_TOLD = f"""
ALTER TABLE rehab_sessionlog NO FORCE ROW LEVEL SECURITY;
ALTER TABLE rehab_itemday NO FORCE ROW LEVEL SECURITY;
UPDATE rehab_itemday d SET sessions = c.sessions, last_performed_at = c.last_performed_at,
  above_part_maximum = c.above_part_maximum, recalled = c.recalled,
  recalled_partial = c.recalled_partial, minutes = c.minutes, effort_max = c.effort_max,
  effort_sum = c.effort_sum, effort_count = c.effort_count, skin_looked = c.skin_looked,
  skin_found = c.skin_found
FROM (
  SELECT l.patient_id, l.series, l."on", COALESCE(l.version, 0) AS version,
    count(*) FILTER (WHERE l.outcome <> 'not_done') AS sessions,
    max(l.performed_at) FILTER (WHERE l.outcome <> 'not_done') AS last_performed_at,
    count(*) FILTER (WHERE 'above_prescribed_maximum' = ANY(l.marks)) AS above_part_maximum,
    count(*) FILTER (WHERE l.placement = 'slot' AND l.outcome = 'done'
      AND 'recalled' = ANY(l.marks)) AS recalled,
    count(*) FILTER (WHERE l.placement = 'slot' AND l.outcome <> 'done'
      AND 'recalled' = ANY(l.marks)) AS recalled_partial,
    sum({MINUTES}) AS minutes,
    max(l.effort) AS effort_max, COALESCE(sum(l.effort), 0) AS effort_sum,
    count(l.effort) AS effort_count,
    count(*) FILTER (WHERE {SKIN} && '{{looked_fine,fades,{FOUND}}}'::text[]) AS skin_looked,
    count(*) FILTER (WHERE {SKIN} && '{{{FOUND}}}'::text[]) AS skin_found
  FROM rehab_sessionlog l
  WHERE l.status = 'recorded' AND l.duplicate_of IS NULL AND l.series IS NOT NULL
  GROUP BY 1, 2, 3, 4
) c WHERE d.patient_id = c.patient_id AND d.series = c.series AND d."on" = c."on"
  AND d.version = c.version;
UPDATE rehab_itemday d SET told = c.told FROM (
  SELECT k.patient_id, k.series, k."on", k.version, jsonb_object_agg(k.key, k.figures) AS told
  FROM (
    SELECT l.patient_id, l.series, l."on", COALESCE(l.version, 0) AS version, r.key,
      CASE WHEN bool_and(r.number IS NULL) THEN to_jsonb(count(*))
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
          jsonb_build_object('minutes', {MINUTES}, 'skin_found',
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
    WHERE l.status = 'recorded' AND l.duplicate_of IS NULL AND l.series IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5
  ) k GROUP BY 1, 2, 3, 4
) c WHERE d.patient_id = c.patient_id AND d.series = c.series AND d."on" = c."on"
  AND d.version = c.version;
ALTER TABLE rehab_sessionlog FORCE ROW LEVEL SECURITY;
ALTER TABLE rehab_itemday FORCE ROW LEVEL SECURITY;
"""


def _counter() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(default=0)


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0004_absences"),
        ("rehab", "0011_told_records"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("itemday", "recalled_partial", _counter()),
        migrations.AddField("itemday", "above_part_maximum", _counter()),
        migrations.AddField("itemday", "effort_max", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("itemday", "effort_sum", models.PositiveIntegerField(default=0)),
        migrations.AddField("itemday", "effort_count", _counter()),
        migrations.AddField("itemday", "skin_looked", _counter()),
        migrations.AddField("itemday", "skin_found", _counter()),
        migrations.AddField("itemday", "told", models.JSONField(default=dict)),
        migrations.AddIndex(
            "assessment",
            models.Index(
                fields=["patient", "instrument", "-performed_at"], name="assessment_by_instrument"
            ),
        ),
        migrations.RunSQL(COUNT_WHAT_WAS_TOLD, migrations.RunSQL.noop),
    ]
