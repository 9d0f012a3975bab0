"""Messages that are over are forgotten, and what is counted of them adds up.

The owner's function drops a partition of old messages. Counted besides: what was taken back before
anybody tried it, and what was given up and is tried again.
"""

from django.db import migrations, models

# It runs as the owner, whoever asks, and drops nothing but a partition of deliveries that are all
# finished, all due before `before`, which is at least thirty days ago. NO FORCE for a moment: the
# owner is walled too, and a row that it does not see must not be dropped unseen.
DROP = """
CREATE FUNCTION rehab_drop_deliveries(part text, before timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET lock_timeout = '2s'
AS $$
DECLARE
  found regclass;
  unfinished boolean;
  young boolean;
BEGIN
  SELECT c.oid::regclass INTO found
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  JOIN pg_partitioned_table t ON t.partrelid = i.inhparent
  WHERE i.inhparent = 'rehab_delivery'::regclass AND c.relname = part AND c.oid <> t.partdefid;
  IF found IS NULL OR before > now() - interval '30 days' THEN
    RAISE EXCEPTION 'not to be dropped: % before %', part, before;
  END IF;
  -- The whole before its part, as everybody locks them.
  LOCK TABLE ONLY rehab_delivery IN ACCESS EXCLUSIVE MODE;
  EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', found);
  EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE next_at IS NOT NULL)', found) INTO unfinished;
  EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE due_at >= %L)', found, before) INTO young;
  IF unfinished OR young THEN
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', found);
    RETURN false;
  END IF;
  EXECUTE format('DROP TABLE %s', found);
  RETURN true;
END $$;
"""

# One look at what changed serves all events: every claim and every record passes here.
COUNT = """
CREATE OR REPLACE FUNCTION rehab_count_finished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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
# As 0008 has it.
COUNT_BEFORE = """
CREATE OR REPLACE FUNCTION rehab_count_finished() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
# What is finished has been counted as that: only what was taken back unsent is news.
COUNT_WITHDRAWN = """
CREATE FUNCTION rehab_count_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rehab_deliverytally (at, channel, event, many, seconds)
  SELECT now(), channel, 'withdrawn', count(*), 0 FROM gone WHERE outcome = '' GROUP BY channel;
  RETURN NULL;
END $$;

CREATE TRIGGER delivery_withdrawn AFTER DELETE ON rehab_delivery
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION rehab_count_withdrawn();
"""
STOP_COUNTING_WITHDRAWN = """
DROP TRIGGER delivery_withdrawn ON rehab_delivery;
DROP FUNCTION rehab_count_withdrawn();
"""


class Migration(migrations.Migration):
    dependencies = [("patients", "0006_partitions"), ("rehab", "0014_skip_signs")]

    operations = [
        migrations.RunSQL(DROP, "DROP FUNCTION rehab_drop_deliveries"),
        migrations.RunSQL(COUNT, COUNT_BEFORE),
        migrations.RunSQL(COUNT_WITHDRAWN, STOP_COUNTING_WITHDRAWN),
        migrations.AlterField(
            model_name="deliverytally",
            name="event",
            field=models.CharField(
                choices=[
                    ("created", "Created"),
                    ("sent", "Sent"),
                    ("merged", "Merged"),
                    ("not_sent", "Not Sent"),
                    ("failed", "Failed"),
                    ("withdrawn", "Withdrawn"),
                    ("revived", "Revived"),
                    ("received", "Received"),
                ],
                max_length=10,
            ),
        ),
    ]
