"""Notes between home and clinic, who read them, and the texts that a clinic begins them with."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from patients.models.row_security import ProtectByClinic


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0004_absences'),
        ('rehab', '0012_what_days_measure'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CareNoteReading',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'note_id', 'reader_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('note_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('by_clinic', models.BooleanField()),
                ('clinic', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.clinic')),
                ('patient', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('reader', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CareNote',
            fields=[
                ('pk', models.CompositePrimaryKey('patient_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.UUIDField(editable=False)),
                ('from_clinic', models.BooleanField()),
                ('readers', models.CharField(choices=[('patient', 'Patient'), ('helpers', 'Helpers')], max_length=10)),
                ('body', models.TextField(max_length=2000)),
                ('series', models.UUIDField(blank=True, null=True)),
                ('written_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.clinic')),
                ('patient', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
            ],
            options={
                'indexes': [models.Index(fields=['patient', '-written_at', '-id'], name='care_note_history')],
                'constraints': [models.CheckConstraint(condition=models.Q(('readers__in', ['patient', 'helpers'])), name='care_note_has_known_readers'), models.CheckConstraint(condition=models.Q(('body', ''), _negated=True), name='care_note_says_something'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('withdrawn_at__gte', models.F('written_at')), _connector='OR'), name='care_note_withdrawn_after_written')],
            },
        ),
        migrations.CreateModel(
            name='NoteTemplate',
            fields=[
                ('pk', models.CompositePrimaryKey('clinic_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.UUIDField(editable=False)),
                ('title', models.CharField(max_length=80)),
                ('text_zh_hans', models.TextField(blank=True, max_length=2000)),
                ('text_en', models.TextField(blank=True, max_length=2000)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='patients.clinic')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clinic', 'title'), name='note_template_title_once'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='note_template_has_a_title'), models.CheckConstraint(condition=models.Q(('text_en', ''), ('text_zh_hans', ''), _negated=True), name='note_template_says_something')],
            },
        ),
        ProtectByClinic("rehab_carenote", patient_column="patient_id"),
        ProtectByClinic("rehab_carenotereading", patient_column="patient_id"),
        ProtectByClinic("rehab_notetemplate"),
    ]
