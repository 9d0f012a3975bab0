"""A skip keeps the signs that were told with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rehab", "0013_care_notes")]

    operations = [
        migrations.AddField(
            model_name="occurrence",
            name="skip_signs",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
    ]
