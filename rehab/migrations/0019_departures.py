"""Notes of what has left and whose deliveries are finished afterwards: small rows that live seconds."""

import django.contrib.postgres.fields
from django.db import migrations, models

from patients.models.row_security import CLINICS

# Whoever reads or settles a note stands within all of its clinics. Writing one shows nothing, and
# without the setting it is one statement.
WALL = f"""
ALTER TABLE rehab_departure ENABLE ROW LEVEL SECURITY;
ALTER TABLE rehab_departure FORCE ROW LEVEL SECURITY;
CREATE POLICY within_all_its_clinics ON rehab_departure
  USING (clinic_ids <@ {CLINICS}) WITH CHECK (true);
"""
NO_WALL = """
DROP POLICY within_all_its_clinics ON rehab_departure;
ALTER TABLE rehab_departure NO FORCE ROW LEVEL SECURITY;
ALTER TABLE rehab_departure DISABLE ROW LEVEL SECURITY;
"""
# About 4 kB that are gone within seconds: neither worth compressing nor worth a row elsewhere.
INLINE = """
ALTER TABLE rehab_departure ALTER COLUMN told SET STORAGE EXTERNAL;
ALTER TABLE rehab_departure SET (toast_tuple_target = 8160);
"""


class Migration(migrations.Migration):
    dependencies = [("rehab", "0018_sealed_by_key")]

    operations = [
        migrations.CreateModel(
            name="Departure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("noted_at", models.DateTimeField()),
                ("due_again_at", models.DateTimeField()),
                (
                    "clinic_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
                ("told", models.TextField()),
            ],
            options={
                "indexes": [models.Index(fields=["due_again_at"], name="departure_due_again")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("clinic_ids", []), _negated=True),
                        name="departure_names_its_clinics",
                    )
                ],
            },
        ),
        migrations.RunSQL(WALL, NO_WALL),
        migrations.RunSQL(INLINE, migrations.RunSQL.noop),
    ]
