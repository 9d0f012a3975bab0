"""Secrets of webhooks, and e-mail addresses whose owner wants no more reminders there."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0002_audit_and_walls'),
    ]

    operations = [
        migrations.AddField(
            model_name='contactpoint',
            name='reminders_off_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='secret',
            field=models.TextField(blank=True, default='', editable=False),
        ),
        migrations.AddConstraint(
            model_name='contactpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'webhook'), ('secret', ''), _negated=True), ('verified_at__isnull', True), _connector='OR'), name='contactpoint_webhook_in_use_has_a_secret'),
        ),
    ]
