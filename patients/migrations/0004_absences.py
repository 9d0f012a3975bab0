"""Who is away, who stands in, and what the deputy may do meanwhile."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from patients.models.row_security import ProtectByClinic, SameClinic


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0003_channels'),
    ]

    operations = [
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('starts_at', models.DateTimeField(verbose_name='starts')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('told_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='patients.clinic')),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stands_in', to='patients.practitioner')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to='patients.practitioner')),
                ('told_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'absence',
                'verbose_name_plural': 'absences',
                'ordering': ['starts_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='carerelationship',
            name='absence',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='relationships', to='patients.absence'),
        ),
        migrations.AddIndex(
            model_name='absence',
            index=models.Index(fields=['clinic', 'ends_at'], name='absence_clinic_ends'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.UniqueConstraint(fields=('id', 'clinic'), name='absence_id_clinic'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gte', models.F('starts_at'))), name='absence_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('deputy', models.F('practitioner')), _negated=True), name='absence_deputy_is_another'),
        ),
        ProtectByClinic("patients_absence"),
        SameClinic(
            "patients_absence", column="practitioner_id", target="patients_practitioner"
        ),
        SameClinic("patients_absence", column="deputy_id", target="patients_practitioner"),
        SameClinic("patients_carerelationship", column="absence_id", target="patients_absence"),
    ]
