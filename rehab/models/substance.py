"""Drugs, herbs and supplements that a person takes: recorded, never recommended."""

from django.db import models

from .amendment import Amendment, ToldRecord
from .base import SeenWithConditions


class TakenSubstance(ToldRecord):
    """Something that is taken, or was, from when to when.

    code: of `exercises.reference.substances()`, else empty and `text` holds what was typed.
    since, until: local dates; empty: nobody said. performed_at: when it was told.
    """

    code = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=200, blank=True)
    amount = models.CharField(max_length=200, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    objects = SeenWithConditions.as_manager()

    class Meta(ToldRecord.Meta):
        abstract = False
        constraints = [
            *ToldRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(code="", text=""), name="taken_substance_is_named"
            ),
            models.CheckConstraint(
                condition=models.Q(since__isnull=True)
                | models.Q(until__isnull=True)
                | models.Q(until__gte=models.F("since")),
                name="taken_substance_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-performed_at", "-id"], name="taken_history")]


class TakenSubstanceAmendment(Amendment):
    objects = SeenWithConditions.as_manager()
