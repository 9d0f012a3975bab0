"""What a named person ordered a patient to eat and drink."""

import uuid

from django.conf import settings
from django.db import models

from .base import PatientKeyed, SeenWithDiet


class NutritionPlan(PatientKeyed):
    """One version of a patient's nutrition plan; the highest number is in force.

    A change is a new row. Every target was set by a person: `set_by` names who, `weight_kg` and
    `weighed_on` say what it rests on, and nothing here is ever computed. Empty: no target.

    energy_kcal, protein_g, fluids_ml, fibre_g: for a day. food_level: IDDSI 3-7, drink_level:
    IDDSI 0-4. supplements: [{"code", "text", "amount"}], recorded and not recommended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    set_by = models.CharField(max_length=200)
    set_by_role = models.CharField(max_length=120, blank=True)
    set_on = models.DateField()
    weight_kg = models.FloatField(null=True, blank=True)
    weighed_on = models.DateField(null=True, blank=True)
    energy_kcal = models.FloatField(null=True, blank=True)
    protein_g_per_kg = models.FloatField(null=True, blank=True)
    protein_g = models.FloatField(null=True, blank=True)
    fluids_ml = models.FloatField(null=True, blank=True)
    fibre_g = models.FloatField(null=True, blank=True)
    food_level = models.PositiveSmallIntegerField(null=True, blank=True)
    drink_level = models.PositiveSmallIntegerField(null=True, blank=True)
    supplements = models.JSONField(default=list, blank=True)
    notes = models.TextField(blank=True)
    confirmed = models.JSONField(default=list, blank=True)

    objects = SeenWithDiet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "number"], name="nutrition_version_once"),
            models.CheckConstraint(
                condition=~models.Q(set_by=""), name="nutrition_set_by_somebody"
            ),
            models.CheckConstraint(
                condition=models.Q(weight_kg__isnull=True) | models.Q(weighed_on__isnull=False),
                name="nutrition_weight_has_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(weight_kg__isnull=False)
                | models.Q(
                    energy_kcal__isnull=True, protein_g_per_kg__isnull=True, protein_g__isnull=True
                ),
                name="nutrition_targets_rest_on_a_weight",
            ),
            models.CheckConstraint(
                condition=models.Q(food_level__isnull=True)
                | models.Q(food_level__gte=3, food_level__lte=7),
                name="nutrition_food_iddsi_3_to_7",
            ),
            models.CheckConstraint(
                condition=models.Q(drink_level__isnull=True) | models.Q(drink_level__lte=4),
                name="nutrition_drink_iddsi_0_to_4",
            ),
        ]
