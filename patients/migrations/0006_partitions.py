"""The application may ask for one more partition of a table; the owner's function makes it."""

from django.db import migrations

# It runs as the owner, whoever asks, and can do nothing but this: add an empty, walled partition to
# a table that is partitioned already. What the spare partition holds of that period stays there,
# so no row is ever moved and no row is without a place. A second one that asks at the same time
# waits and finds it made. The owner is walled too: ask from inside every clinic, or rows in the
# spare partition are only met when the new one is attached, which then fails. lock_timeout: rather
# try again later than hold up everybody.
ADD = """
CREATE FUNCTION patients_add_partition(
  parent regclass, period text, starts_at timestamptz, ends_at timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET lock_timeout = '2s'
AS $$
DECLARE
  spare regclass;
  key text;
  part text;
  filled boolean;
  rule record;
BEGIN
  SELECT t.partdefid::regclass, a.attname, c.relname || '_' || period INTO spare, key, part
  FROM pg_partitioned_table t JOIN pg_class c ON c.oid = t.partrelid
  JOIN pg_attribute a ON a.attrelid = t.partrelid AND a.attnum = t.partattrs[0]
  WHERE t.partrelid = parent AND t.partdefid <> 0;
  IF spare IS NULL OR period !~ '^[0-9]{4}(_[0-9]{2})?$' OR starts_at >= ends_at THEN
    RAISE EXCEPTION 'no such partition: % of %', period, parent;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('patients_add_partition'), hashtext(part));
  IF to_regclass(format('public.%I', part)) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %I >= %L AND %I < %L)',
    spare, key, starts_at, key, ends_at) INTO filled;
  IF filled THEN
    RETURN false;
  END IF;
  EXECUTE format(
    'CREATE TABLE public.%I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
  EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', part);
  EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', part);
  FOR rule IN
    SELECT polname, pg_get_expr(polqual, polrelid) AS qual,
      pg_get_expr(polwithcheck, polrelid) AS with_check,
      CASE polcmd WHEN '*' THEN 'ALL' WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'
        WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' END AS command
    FROM pg_policy WHERE polrelid = parent
  LOOP
    EXECUTE format('CREATE POLICY %I ON public.%I FOR %s', rule.polname, part, rule.command)
      || COALESCE(' USING (' || rule.qual || ')', '')
      || COALESCE(' WITH CHECK (' || rule.with_check || ')', '');
  END LOOP;
  EXECUTE format('ALTER TABLE %s ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
    parent, part, starts_at, ends_at);
  RETURN true;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("patients", "0005_on_duty")]

    operations = [
        migrations.RunSQL(ADD, "DROP FUNCTION patients_add_partition"),
    ]
