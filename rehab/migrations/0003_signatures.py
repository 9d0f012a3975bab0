"""Which wording of the catalogue a clinic has signed, behind the wall of that clinic."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from patients.models.row_security import ProtectByClinic


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0002_audit_and_walls"),
        ("rehab", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContentSignature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("guidance", "Guidance"),
                            ("exercise", "Exercise"),
                            ("food", "Food"),
                            ("recipe", "Recipe"),
                            ("protocol", "Protocol"),
                            ("instrument", "Instrument"),
                        ],
                        max_length=16,
                    ),
                ),
                ("slug", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64)),
                ("wording", models.JSONField()),
                ("signed_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.clinic",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["clinic", "kind", "slug", "-signed_at"], name="signature_history"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("clinic", "kind", "slug", "digest"),
                        name="one_standing_signature_a_wording",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "guidance",
                                    "exercise",
                                    "food",
                                    "recipe",
                                    "protocol",
                                    "instrument",
                                ],
                            )
                        ),
                        name="signature_has_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("slug", ""), _negated=True),
                            models.Q(("digest", ""), _negated=True),
                        ),
                        name="signature_names_a_wording",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="signature_withdrawn_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True),
                            ("withdrawn_at__gte", models.F("signed_at")),
                            _connector="OR",
                        ),
                        name="signature_withdrawn_after_signing",
                    ),
                ],
            },
        ),
        ProtectByClinic("rehab_contentsignature"),
    ]
