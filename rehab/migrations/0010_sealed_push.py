"""Push messages encrypted ahead; PostgreSQL deletes one with whatever changes its delivery."""

import django.db.models.deletion
from django.db import migrations, models

from patients.models.row_security import ProtectByClinic

FORGET = """
CREATE FUNCTION rehab_forget_sealed_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM rehab_sealedpush s USING after n
  WHERE s.delivery_due_at = n.due_at AND s.delivery_id = n.id
    AND (n.next_at IS NULL OR n.contact_point_id <> s.contact_point_id
         OR n.wanted_at > s.leaves_at);
  RETURN NULL;
END $$;

CREATE FUNCTION rehab_forget_sealed_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM rehab_sealedpush s USING gone g
  WHERE s.delivery_due_at = g.due_at AND s.delivery_id = g.id;
  RETURN NULL;
END $$;

CREATE TRIGGER sealed_changed AFTER UPDATE ON rehab_delivery
  REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION rehab_forget_sealed_changed();
CREATE TRIGGER sealed_deleted AFTER DELETE ON rehab_delivery
  REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION rehab_forget_sealed_deleted();
"""
KEEP = """
DROP TRIGGER sealed_deleted ON rehab_delivery;
DROP TRIGGER sealed_changed ON rehab_delivery;
DROP FUNCTION rehab_forget_sealed_deleted();
DROP FUNCTION rehab_forget_sealed_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("patients", "0003_channels"), ("rehab", "0009_what_operators_see")]

    operations = [
        migrations.CreateModel(
            name="SealedPush",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "delivery_due_at", "delivery_id",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("delivery_due_at", models.DateTimeField()),
                ("delivery_id", models.UUIDField(editable=False)),
                ("contact_point_id", models.UUIDField()),
                ("leaves_at", models.DateTimeField()),
                ("sealed_at", models.DateTimeField()),
                ("says", models.BinaryField(max_length=32)),
                ("body", models.BinaryField(max_length=4096)),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False, db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to="patients.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False, db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to="patients.patient",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["patient"], name="sealed_by_patient")],
            },
        ),
        ProtectByClinic("rehab_sealedpush", patient_column="patient_id"),
        migrations.RunSQL(FORGET, KEEP),
    ]
