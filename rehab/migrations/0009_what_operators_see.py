"""What operators look at: messages that were given up, and plans that cannot be computed."""

from django.db import migrations, models

# security_invoker: the wall between clinics stands in the view as it does in the table.
VIEW = """
CREATE VIEW rehab_deadletter WITH (security_invoker = true) AS
SELECT id, clinic_id, due_at, finished_at, channel, urgent, attempts, reason
FROM rehab_delivery WHERE outcome = 'failed' AND next_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("patients", "0003_channels"), ("rehab", "0008_delivery_tally")]

    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW rehab_deadletter;"),
        migrations.CreateModel(
            name="DeadLetter",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("finished_at", models.DateTimeField(verbose_name="given up")),
                ("channel", models.CharField(choices=[("email", "e-mail"), ("sms", "text message"), ("push", "notification on this device"), ("webhook", "webhook")], max_length=10, verbose_name="channel")),
                ("urgent", models.BooleanField(verbose_name="alert")),
                ("attempts", models.PositiveSmallIntegerField(verbose_name="tries")),
                ("reason", models.CharField(max_length=60, verbose_name="reason")),
            ],
            options={
                "verbose_name": "message given up",
                "verbose_name_plural": "messages given up",
                "db_table": "rehab_deadletter",
                "ordering": ["-finished_at", "id"],
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="UncomputedPlan",
            fields=[],
            options={
                "verbose_name": "plan that cannot be computed",
                "verbose_name_plural": "plans that cannot be computed",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("rehab.plan",),
        ),
    ]
