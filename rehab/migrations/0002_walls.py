"""The partitioned queue of deliveries, and the wall around every table of the programme."""

from django.db import migrations

from patients.models.row_security import ProtectByClinic

PARTITION_DELIVERIES = """
ALTER TABLE rehab_delivery RENAME TO rehab_delivery_whole;
CREATE TABLE rehab_delivery (LIKE rehab_delivery_whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
  PARTITION BY RANGE (due_at);
DROP TABLE rehab_delivery_whole;
CREATE TABLE rehab_delivery_default PARTITION OF rehab_delivery DEFAULT;
ALTER TABLE rehab_delivery ADD CONSTRAINT rehab_delivery_pkey PRIMARY KEY (due_at, id);
CREATE INDEX delivery_unfinished ON rehab_delivery (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_unsent_age ON rehab_delivery (wanted_at) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_by_reminder ON rehab_delivery (patient_id, reminder_id);
CREATE INDEX delivery_budget ON rehab_delivery (recipient_id, finished_at);
"""

JOIN_DELIVERIES = """
ALTER TABLE rehab_delivery RENAME TO rehab_delivery_parts;
CREATE TABLE rehab_delivery (LIKE rehab_delivery_parts INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
INSERT INTO rehab_delivery SELECT * FROM rehab_delivery_parts;
DROP TABLE rehab_delivery_parts;
ALTER TABLE rehab_delivery ADD CONSTRAINT rehab_delivery_pkey PRIMARY KEY (due_at, id);
CREATE INDEX delivery_unfinished ON rehab_delivery (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_unsent_age ON rehab_delivery (wanted_at) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_by_reminder ON rehab_delivery (patient_id, reminder_id);
CREATE INDEX delivery_budget ON rehab_delivery (recipient_id, finished_at);
"""

# Composite keys that Django does not write: a part belongs to a log of the same patient, and so on.
SAME_PATIENT = """
ALTER TABLE rehab_sessionpart ADD CONSTRAINT rehab_sessionpart_log_same_patient
  FOREIGN KEY (patient_id, log_id) REFERENCES rehab_sessionlog (patient_id, id) DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE rehab_sessionamendment ADD CONSTRAINT rehab_sessionamendment_log_same_patient
  FOREIGN KEY (patient_id, log_id) REFERENCES rehab_sessionlog (patient_id, id) DEFERRABLE INITIALLY IMMEDIATE;
"""
ANY_PATIENT = """
ALTER TABLE rehab_sessionpart DROP CONSTRAINT rehab_sessionpart_log_same_patient;
ALTER TABLE rehab_sessionamendment DROP CONSTRAINT rehab_sessionamendment_log_same_patient;
"""

TABLES = (
    "clinicalprofile",
    "plan",
    "planstatuschange",
    "planversion",
    "gateoverride",
    "planitem",
    "planpart",
    "pause",
    "occurrence",
    "itemday",
    "zonechange",
    "sessionlog",
    "sessionpart",
    "sessionamendment",
    "entry",
    "offplanevent",
    "safetyflag",
    "escalationstep",
    "reminder",
)


class Migration(migrations.Migration):
    dependencies = [("rehab", "0001_programme"), ("patients", "0002_audit_and_walls")]

    operations = [
        migrations.RunSQL(PARTITION_DELIVERIES, JOIN_DELIVERIES),
        migrations.RunSQL(SAME_PATIENT, ANY_PATIENT),
        *[ProtectByClinic(f"rehab_{table}", patient_column="patient_id") for table in TABLES],
        ProtectByClinic("rehab_delivery", patient_column="patient_id", partitions=("rehab_delivery_default",)),
    ]
