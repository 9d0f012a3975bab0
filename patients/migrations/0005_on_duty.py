"""Whoever answers for the clinic may be related to a patient for as long as a flag waits."""

from django.db import migrations, models

ROLES = [
    ("caregiver", "caregiver"),
    ("aide", "aide"),
    ("guardian", "guardian"),
    ("clinician", "clinician"),
    ("duty", "on duty"),
]
KNOWN = "carerelationship_role_is_known"


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0004_absences"),
    ]

    operations = [
        migrations.AlterField(
            model_name="carerelationship",
            name="role",
            field=models.CharField(choices=ROLES, max_length=12, verbose_name="role"),
        ),
        migrations.RemoveConstraint(model_name="carerelationship", name=KNOWN),
        migrations.AddConstraint(
            model_name="carerelationship",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", [code for code, _name in ROLES])), name=KNOWN
            ),
        ),
    ]
