"""The clock an item goes by while its patient travels; calendar feeds behind their wall; which
edition of the world's clocks a plan was reckoned with, and how far, found by an index."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from patients.models.row_security import ProtectByClinic

RUNNING = models.Q(("status__in", ["active", "on-hold"]))


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0003_channels"),
        ("rehab", "0005_parts_in_logs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("planitem", "home_zone", models.CharField(blank=True, max_length=64)),
        migrations.AddIndex(
            "plan",
            models.Index(condition=RUNNING, fields=["materialised_until"], name="plan_to_extend"),
        ),
        migrations.AddIndex(
            "plan",
            models.Index(condition=RUNNING, fields=["tzdata_version"], name="plan_by_tzdata"),
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("secret_hash", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("clinic", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.clinic")),
                ("created_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("patient", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient")),
                ("recipient", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("revoked_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["patient", "recipient"], name="calendar_feed_by_patient")],
                "constraints": [
                    models.UniqueConstraint(fields=("secret_hash",), name="calendar_feed_secret_once"),
                    models.CheckConstraint(condition=models.Q(models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)), models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)), _connector="OR"), name="calendar_feed_revoked_at_with_by"),
                    models.CheckConstraint(condition=models.Q(("revoked_at__isnull", True), ("revoked_at__gte", models.F("created_at")), _connector="OR"), name="calendar_feed_revoked_after_it_was_made"),
                    models.CheckConstraint(condition=models.Q(("secret_hash", ""), _negated=True), name="calendar_feed_has_a_secret"),
                ],
            },
        ),
        ProtectByClinic("rehab_calendarfeed", patient_column="patient_id"),
    ]
