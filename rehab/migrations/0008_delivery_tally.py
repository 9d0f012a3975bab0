"""PostgreSQL counts every message that is made, sent, lost or received, whoever writes the row."""

from django.db import migrations, models

COUNT = """
CREATE FUNCTION rehab_count_created() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rehab_deliverytally (at, channel, event, many, seconds)
  SELECT now(), channel, 'created', count(*), 0 FROM made GROUP BY channel;
  RETURN NULL;
END $$;

CREATE FUNCTION rehab_count_finished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rehab_deliverytally (at, channel, event, late_under, many, seconds)
  SELECT now(), t.channel, t.event, t.late_under, count(*), sum(t.late)
  FROM (
    SELECT n.channel, n.outcome AS event, w.late,
      CASE WHEN n.outcome = 'sent' THEN
        (SELECT min(bound) FROM unnest(ARRAY[1, 2, 5, 10, 30, 60, 300, 900, 3600, 21600]) bound
         WHERE w.late <= bound) END AS late_under
    FROM after n JOIN before o ON o.due_at = n.due_at AND o.id = n.id
    CROSS JOIN LATERAL (SELECT CASE WHEN n.outcome = 'sent' THEN
      GREATEST(extract(epoch FROM n.finished_at - n.wanted_at), 0) ELSE 0 END AS late) w
    WHERE o.outcome = '' AND n.outcome <> ''
    UNION ALL
    SELECT n.channel, 'received', 0, NULL
    FROM after n JOIN before o ON o.due_at = n.due_at AND o.id = n.id
    WHERE o.received_at IS NULL AND n.received_at IS NOT NULL
  ) t GROUP BY 2, 3, 4;
  RETURN NULL;
END $$;

CREATE TRIGGER delivery_created AFTER INSERT ON rehab_delivery
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION rehab_count_created();
CREATE TRIGGER delivery_finished AFTER UPDATE ON rehab_delivery
  REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION rehab_count_finished();
"""
STOP_COUNTING = """
DROP TRIGGER delivery_finished ON rehab_delivery;
DROP TRIGGER delivery_created ON rehab_delivery;
DROP FUNCTION rehab_count_finished();
DROP FUNCTION rehab_count_created();
"""


class Migration(migrations.Migration):
    dependencies = [("rehab", "0007_delivery_engine")]

    operations = [
        migrations.CreateModel(
            name="DeliveryTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("channel", models.CharField(max_length=10)),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("sent", "Sent"),
                            ("not_sent", "Not Sent"),
                            ("failed", "Failed"),
                            ("received", "Received"),
                        ],
                        max_length=10,
                    ),
                ),
                ("late_under", models.IntegerField(null=True)),
                ("many", models.BigIntegerField()),
                ("seconds", models.FloatField(default=0)),
            ],
            options={"indexes": [models.Index(fields=["at"], name="delivery_tally_by_time")]},
        ),
        migrations.RunSQL(COUNT, STOP_COUNTING),
    ]
