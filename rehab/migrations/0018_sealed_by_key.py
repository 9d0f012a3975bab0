"""Whether anything is sealed is not asked first: past the rows of a peak that have left, that is slow."""

from django.db import migrations

# OFFSET 0 and the array hold the planner to the key of each body: a plan made while the table was
# empty would read all of it for every row later.
FORGET = """
CREATE OR REPLACE FUNCTION rehab_forget_sealed_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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
    dependencies = [("rehab", "0017_note_reminders")]

    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
