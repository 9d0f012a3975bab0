"""Fewer indexes on the queue, and counting that costs nothing where nothing is over yet."""

from django.db import migrations, models

# A claim or a retry ends nothing and revives nothing: there is nothing to count. The planner takes
# what a trigger sees for few rows: joined in loops, five hundred would be a quarter of a million
# comparisons.
COUNT = """
CREATE OR REPLACE FUNCTION rehab_count_finished() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = on SET enable_nestloop = off AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM after WHERE outcome <> '' OR received_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM before WHERE outcome <> '') THEN
    RETURN NULL;
  END IF;
  INSERT INTO rehab_deliverytally (at, channel, event, late_under, many, seconds)
  SELECT now(), t.channel, t.event, t.late_under, count(*), sum(t.late)
  FROM (
    SELECT n.channel, e.event, e.late,
      CASE WHEN e.event = 'sent' THEN
        (SELECT min(bound) FROM unnest(ARRAY[1, 2, 5, 10, 30, 60, 300, 900, 3600, 21600]) bound
         WHERE e.late <= bound) END AS late_under
    FROM after n JOIN before o ON o.due_at = n.due_at AND o.id = n.id
    CROSS JOIN LATERAL (VALUES
      (CASE WHEN o.outcome = '' THEN NULLIF(n.outcome, '')
         WHEN n.outcome = '' THEN 'revived' END,
       CASE WHEN n.outcome = 'sent' THEN
         GREATEST(extract(epoch FROM n.finished_at - n.wanted_at), 0) ELSE 0 END),
      (CASE WHEN o.received_at IS NULL AND n.received_at IS NOT NULL THEN 'received' END, 0)
    ) AS e (event, late)
    WHERE (o.outcome <> n.outcome OR o.received_at IS DISTINCT FROM n.received_at)
      AND e.event IS NOT NULL
  ) t GROUP BY 2, 3, 4;
  RETURN NULL;
END $$;
"""

# OFFSET 0 and the array hold the planner to the key of each body: a plan made while the table was
# empty would read all of it for every row later.
FORGET = """
CREATE OR REPLACE FUNCTION rehab_forget_sealed_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM rehab_sealedpush) THEN
    RETURN NULL;
  END IF;
  DELETE FROM rehab_sealedpush WHERE ctid = ANY (ARRAY(
    SELECT s.at FROM after n
    CROSS JOIN LATERAL (
      SELECT ctid AS at, contact_point_id, leaves_at FROM rehab_sealedpush
      WHERE delivery_due_at = n.due_at AND delivery_id = n.id OFFSET 0) s
    WHERE n.next_at IS NULL OR n.contact_point_id <> s.contact_point_id
      OR n.wanted_at > s.leaves_at));
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rehab", "0015_message_retention")]

    operations = [
        migrations.RemoveIndex(model_name="delivery", name="delivery_of_one_person"),
        migrations.RemoveIndex(model_name="delivery", name="delivery_unsent_age"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("failures__gt", 0), ("next_at__isnull", False)),
                fields=["wanted_at"],
                name="delivery_failing_age",
            ),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
    ]
