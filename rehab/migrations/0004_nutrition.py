"""Nutrition plans behind the wall of their clinic; whether mixed textures were allowed."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from patients.models.row_security import ProtectByClinic


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0002_audit_and_walls'),
        ('rehab', '0003_signatures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='clinicalprofile',
            name='mixed_textures',
            field=models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('unknown', 'Unknown')], default='unknown', max_length=8),
        ),
        migrations.CreateModel(
            name='NutritionPlan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('recorded_at', models.DateTimeField()),
                ('set_by', models.CharField(max_length=200)),
                ('set_by_role', models.CharField(blank=True, max_length=120)),
                ('set_on', models.DateField()),
                ('weight_kg', models.FloatField(blank=True, null=True)),
                ('weighed_on', models.DateField(blank=True, null=True)),
                ('energy_kcal', models.FloatField(blank=True, null=True)),
                ('protein_g_per_kg', models.FloatField(blank=True, null=True)),
                ('protein_g', models.FloatField(blank=True, null=True)),
                ('fluids_ml', models.FloatField(blank=True, null=True)),
                ('fibre_g', models.FloatField(blank=True, null=True)),
                ('food_level', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('drink_level', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('supplements', models.JSONField(blank=True, default=list)),
                ('notes', models.TextField(blank=True)),
                ('confirmed', models.JSONField(blank=True, default=list)),
                ('clinic', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.clinic')),
                ('patient', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('patient', 'number'), name='nutrition_version_once'), models.CheckConstraint(condition=models.Q(('set_by', ''), _negated=True), name='nutrition_set_by_somebody'), models.CheckConstraint(condition=models.Q(('weight_kg__isnull', True), ('weighed_on__isnull', False), _connector='OR'), name='nutrition_weight_has_its_day'), models.CheckConstraint(condition=models.Q(('weight_kg__isnull', False), models.Q(('energy_kcal__isnull', True), ('protein_g__isnull', True), ('protein_g_per_kg__isnull', True)), _connector='OR'), name='nutrition_targets_rest_on_a_weight'), models.CheckConstraint(condition=models.Q(('food_level__isnull', True), models.Q(('food_level__gte', 3), ('food_level__lte', 7)), _connector='OR'), name='nutrition_food_iddsi_3_to_7'), models.CheckConstraint(condition=models.Q(('drink_level__isnull', True), ('drink_level__lte', 4), _connector='OR'), name='nutrition_drink_iddsi_0_to_4')],
            },
        ),
        ProtectByClinic("rehab_nutritionplan", patient_column="patient_id"),
    ]
