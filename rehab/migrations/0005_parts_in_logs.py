"""What a log says of each part moves into the log: one row to write and to read for one fact."""

from django.db import migrations, models

import rehab.models.session

TELL_IN_THE_LOG = """
ALTER TABLE rehab_sessionlog NO FORCE ROW LEVEL SECURITY;
ALTER TABLE rehab_sessionpart NO FORCE ROW LEVEL SECURITY;
UPDATE rehab_sessionlog l SET parts = told.parts FROM (
  SELECT t.patient_id, t.log_id, jsonb_agg(
    jsonb_build_object('part', t.part, 'motion', t.motion, 'muscle', t.muscle, 'side', t.side,
      'outcome', t.outcome)
    || CASE WHEN t.pain IS NULL THEN '{}' ELSE jsonb_build_object('pain', t.pain) END
    || CASE WHEN t.pain_unfelt THEN '{"pain_unfelt": true}' ELSE '{}'::jsonb END
    || CASE WHEN t.measures = '{}' THEN '{}' ELSE jsonb_build_object('measures', t.measures) END
    || CASE WHEN t.typed = '{}' THEN '{}' ELSE jsonb_build_object('typed', t.typed) END
    ORDER BY p.position, t.part) AS parts
  FROM rehab_sessionpart t
  JOIN rehab_sessionlog l ON l.patient_id = t.patient_id AND l.id = t.log_id
  LEFT JOIN rehab_planpart p ON p.item_id = l.item_id AND p.part = t.part
  GROUP BY t.patient_id, t.log_id
) told WHERE l.patient_id = told.patient_id AND l.id = told.log_id;
ALTER TABLE rehab_sessionlog FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("rehab", "0004_nutrition")]

    operations = [
        migrations.AddField("sessionlog", "parts", models.JSONField(blank=True, default=list)),
        migrations.RunSQL(TELL_IN_THE_LOG, migrations.RunSQL.noop),
        migrations.DeleteModel("SessionPart"),
        migrations.AddConstraint(
            "sessionlog",
            models.CheckConstraint(
                condition=rehab.models.session.NoPart("$[*].pain ? (@ < 0 || @ > 10)"),
                name="part_pain_0_to_10",
            ),
        ),
        migrations.AddConstraint(
            "sessionlog",
            models.CheckConstraint(
                condition=rehab.models.session.NoPart(
                    "$[*].measures ? (exists(@.pulse_width_us) && exists(@.pulse_width_ms))"
                ),
                name="part_has_one_stimulation_physics",
            ),
        ),
    ]
