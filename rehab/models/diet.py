"""What was eaten and drunk, and what somebody weighed, as it was told."""

from django.db import models

from .amendment import Amendment, ToldRecord
from .base import SeenWithDiet


class DietLog(ToldRecord):
    """One meal, drink or weighing. What nobody entered is empty and never computed.

    text: in plain words. foods, recipes: codes of the catalogue. protein_g, fluids_ml: of this
    meal. weight_typed: what was typed where it was no plain number of kilograms ("8 st 3").
    symptoms: choking, wet_voice_after_food ..., as in the list of signs.
    cautions: [{"kind", "code", "severity"}], what was said about it when it was recorded.
    """

    text = models.TextField(blank=True)
    foods = models.JSONField(default=list, blank=True)
    recipes = models.JSONField(default=list, blank=True)
    protein_g = models.FloatField(null=True, blank=True)
    fluids_ml = models.FloatField(null=True, blank=True)
    weight_kg = models.FloatField(null=True, blank=True)
    weight_typed = models.CharField(max_length=40, blank=True)
    symptoms = models.JSONField(default=list, blank=True)
    cautions = models.JSONField(default=list, blank=True)
    confirmed = models.JSONField(default=list, blank=True)

    objects = SeenWithDiet.as_manager()

    class Meta(ToldRecord.Meta):
        abstract = False
        constraints = [
            *ToldRecord.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(weight_kg__isnull=True)
                | models.Q(weight_kg__gte=1, weight_kg__lte=400),
                name="diet_weight_1_to_400_kg",
            ),
            models.CheckConstraint(
                condition=models.Q(protein_g__isnull=True) | models.Q(protein_g__gte=0),
                name="diet_protein_not_below_0",
            ),
            models.CheckConstraint(
                condition=models.Q(fluids_ml__isnull=True) | models.Q(fluids_ml__gte=0),
                name="diet_fluids_not_below_0",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-performed_at", "-id"], name="diet_history")]


class DietLogAmendment(Amendment):
    objects = SeenWithDiet.as_manager()
