"""Assessments, what was eaten and what is taken, with every version, behind the clinic's wall."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from patients.models.row_security import ProtectByClinic


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0003_channels"),
        ("rehab", "0010_sealed_push"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "patient_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("recorded", "Recorded"),
                            ("pending", "Pending"),
                            ("entered-in-error", "Retracted"),
                        ],
                        default="recorded",
                        max_length=16,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("on", models.DateField()),
                ("performed_at", models.DateTimeField()),
                ("performed_offset_minutes", models.SmallIntegerField()),
                ("performed_zone", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("marks", models.JSONField(blank=True, default=list)),
                ("note", models.TextField(blank=True)),
                ("instrument", models.CharField(max_length=60)),
                (
                    "assessed_by",
                    models.CharField(
                        choices=[
                            ("patient", "Patient"),
                            ("caregiver", "Caregiver"),
                            ("aide", "Aide"),
                            ("clinician", "Clinician"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                    ),
                ),
                ("assessor_name", models.CharField(blank=True, max_length=120)),
                ("results", models.JSONField()),
                ("confirmed", models.JSONField(blank=True, default=list)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AssessmentAmendment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "patient_id",
                        "record_id",
                        "revision",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("revision", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("amend", "Amend"),
                            ("retract", "Retract"),
                            ("confirm", "Confirm"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                ("before", models.JSONField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DietLog",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "patient_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("recorded", "Recorded"),
                            ("pending", "Pending"),
                            ("entered-in-error", "Retracted"),
                        ],
                        default="recorded",
                        max_length=16,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("on", models.DateField()),
                ("performed_at", models.DateTimeField()),
                ("performed_offset_minutes", models.SmallIntegerField()),
                ("performed_zone", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("marks", models.JSONField(blank=True, default=list)),
                ("note", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("foods", models.JSONField(blank=True, default=list)),
                ("recipes", models.JSONField(blank=True, default=list)),
                ("protein_g", models.FloatField(blank=True, null=True)),
                ("fluids_ml", models.FloatField(blank=True, null=True)),
                ("weight_kg", models.FloatField(blank=True, null=True)),
                ("weight_typed", models.CharField(blank=True, max_length=40)),
                ("symptoms", models.JSONField(blank=True, default=list)),
                ("cautions", models.JSONField(blank=True, default=list)),
                ("confirmed", models.JSONField(blank=True, default=list)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DietLogAmendment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "patient_id",
                        "record_id",
                        "revision",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("revision", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("amend", "Amend"),
                            ("retract", "Retract"),
                            ("confirm", "Confirm"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                ("before", models.JSONField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TakenSubstance",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "patient_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.UUIDField(editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("recorded", "Recorded"),
                            ("pending", "Pending"),
                            ("entered-in-error", "Retracted"),
                        ],
                        default="recorded",
                        max_length=16,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("on", models.DateField()),
                ("performed_at", models.DateTimeField()),
                ("performed_offset_minutes", models.SmallIntegerField()),
                ("performed_zone", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("marks", models.JSONField(blank=True, default=list)),
                ("note", models.TextField(blank=True)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("text", models.CharField(blank=True, max_length=200)),
                ("amount", models.CharField(blank=True, max_length=200)),
                ("since", models.DateField(blank=True, null=True)),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TakenSubstanceAmendment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "patient_id",
                        "record_id",
                        "revision",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("record_id", models.UUIDField()),
                ("revision", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("amend", "Amend"),
                            ("retract", "Retract"),
                            ("confirm", "Confirm"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                ("before", models.JSONField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.clinic",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(
                fields=["patient", "-performed_at", "-id"], name="assessment_history"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["recorded", "pending", "entered-in-error"])),
                name="assessment_has_a_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("revision__gte", 1)), name="assessment_revision_counts_from_1"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("instrument", ""), _negated=True),
                name="assessment_names_its_instrument",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("results", []), _negated=True), name="assessment_has_a_result"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentamendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "confirm"), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="assessmentamendment_has_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="dietlog",
            index=models.Index(fields=["patient", "-performed_at", "-id"], name="diet_history"),
        ),
        migrations.AddConstraint(
            model_name="dietlog",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["recorded", "pending", "entered-in-error"])),
                name="dietlog_has_a_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="dietlog",
            constraint=models.CheckConstraint(
                condition=models.Q(("revision__gte", 1)), name="dietlog_revision_counts_from_1"
            ),
        ),
        migrations.AddConstraint(
            model_name="dietlog",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("weight_kg__isnull", True),
                    models.Q(("weight_kg__gte", 1), ("weight_kg__lte", 400)),
                    _connector="OR",
                ),
                name="diet_weight_1_to_400_kg",
            ),
        ),
        migrations.AddConstraint(
            model_name="dietlog",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("protein_g__isnull", True), ("protein_g__gte", 0), _connector="OR"
                ),
                name="diet_protein_not_below_0",
            ),
        ),
        migrations.AddConstraint(
            model_name="dietlog",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fluids_ml__isnull", True), ("fluids_ml__gte", 0), _connector="OR"
                ),
                name="diet_fluids_not_below_0",
            ),
        ),
        migrations.AddConstraint(
            model_name="dietlogamendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "confirm"), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="dietlogamendment_has_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="takensubstance",
            index=models.Index(fields=["patient", "-performed_at", "-id"], name="taken_history"),
        ),
        migrations.AddConstraint(
            model_name="takensubstance",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["recorded", "pending", "entered-in-error"])),
                name="takensubstance_has_a_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="takensubstance",
            constraint=models.CheckConstraint(
                condition=models.Q(("revision__gte", 1)),
                name="takensubstance_revision_counts_from_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="takensubstance",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", ""), ("text", ""), _negated=True),
                name="taken_substance_is_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="takensubstance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since__isnull", True),
                    ("until__isnull", True),
                    ("until__gte", models.F("since")),
                    _connector="OR",
                ),
                name="taken_substance_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="takensubstanceamendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "confirm"), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="takensubstanceamendment_has_a_reason",
            ),
        ),
        ProtectByClinic("rehab_assessment", patient_column="patient_id"),
        ProtectByClinic("rehab_assessmentamendment", patient_column="patient_id"),
        ProtectByClinic("rehab_dietlog", patient_column="patient_id"),
        ProtectByClinic("rehab_dietlogamendment", patient_column="patient_id"),
        ProtectByClinic("rehab_takensubstance", patient_column="patient_id"),
        ProtectByClinic("rehab_takensubstanceamendment", patient_column="patient_id"),
    ]
