"""The partitioned audit table, and the wall around every clinic."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from patients.models.row_security import ProtectByClinic, SameClinic

CREATE_AUDIT = """
CREATE TABLE patients_auditevent (
    id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NULL,
    actor_id uuid NULL,
    kind varchar(60) NOT NULL,
    at timestamptz NOT NULL,
    target_kind varchar(40) NOT NULL,
    target_id uuid NULL,
    detail jsonb NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE patients_auditevent_default PARTITION OF patients_auditevent DEFAULT;
CREATE INDEX auditevent_patient_at ON patients_auditevent (patient_id, at DESC, id DESC);
CREATE INDEX auditevent_clinic_at ON patients_auditevent (clinic_id, at DESC, id DESC);
"""

AUDIT = migrations.CreateModel(
    name="AuditEvent",
    fields=[
        (
            "id",
            models.UUIDField(
                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
            ),
        ),
        ("kind", models.CharField(max_length=60, verbose_name="kind")),
        ("at", models.DateTimeField(verbose_name="when")),
        ("target_kind", models.CharField(blank=True, default="", max_length=40)),
        ("target_id", models.UUIDField(blank=True, null=True)),
        ("detail", models.JSONField(blank=True, default=dict)),
        (
            "actor",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        (
            "clinic",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="patients.clinic",
            ),
        ),
        (
            "patient",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="patients.patient",
            ),
        ),
    ],
    options={
        "verbose_name": "audit event",
        "verbose_name_plural": "audit events",
        "ordering": ["-at", "-id"],
        "indexes": [
            models.Index(fields=["patient", "-at", "-id"], name="auditevent_patient_at"),
            models.Index(fields=["clinic", "-at", "-id"], name="auditevent_clinic_at"),
        ],
    },
)


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_people")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[AUDIT],
            database_operations=[
                migrations.RunSQL(CREATE_AUDIT, "DROP TABLE patients_auditevent"),
            ],
        ),
        ProtectByClinic("patients_patient"),
        ProtectByClinic("patients_practitioner"),
        ProtectByClinic("patients_dutyshift"),
        SameClinic(
            "patients_dutyshift", column="practitioner_id", target="patients_practitioner"
        ),
        SameClinic("patients_dutyshift", column="deputy_id", target="patients_practitioner"),
        ProtectByClinic("patients_carerelationship", patient_column="patient_id"),
        ProtectByClinic("patients_invitation", patient_column="patient_id"),
        ProtectByClinic("patients_consent", patient_column="patient_id", append_only=True),
        ProtectByClinic(
            "patients_auditevent",
            patient_column="patient_id",
            append_only=True,
            partitions=("patients_auditevent_default",),
        ),
    ]
