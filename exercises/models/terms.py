"""The words that doses, parts and profiles are written in.

The limits themselves are read from the sheets by `exercises.reference`; `definition` carries
them here too, so that an old version of the content can be looked up.
"""

from django.db import models

from exercises.models.content import Content, ContentQuerySet, one_of


class Term(Content):
    code = models.CharField(max_length=60, primary_key=True)

    class Meta:
        abstract = True


class ModalityKind(models.TextChoices):
    TRAINING = "training"
    CARE = "care"


class Physics(models.TextChoices):
    """Two kinds of stimulation that never share a validator or a chart."""

    INTACT = "intact"
    DENERVATED = "denervated"


class PartKind(models.TextChoices):
    MOTION = "motion"
    MUSCLE = "muscle"
    WHOLE = "whole"


class Modality(Term):
    kind = models.CharField(max_length=10, choices=ModalityKind)
    physics = models.CharField(max_length=10, choices=Physics, null=True, blank=True)
    part_kind = models.CharField(max_length=10, choices=PartKind)
    definition = models.JSONField()

    class Meta:
        verbose_name_plural = "modalities"
        constraints = [
            one_of("kind", ModalityKind, "modality_is_training_or_care"),
            one_of("part_kind", PartKind, "modality_has_a_kind_of_part"),
        ]


class DoseField(Term):
    unit = models.CharField(max_length=20, blank=True)
    definition = models.JSONField()


class Motion(Term):
    joint = models.CharField(max_length=30)
    region = models.CharField(max_length=10)
    definition = models.JSONField()


class Muscle(Term):
    region = models.CharField(max_length=10)
    definition = models.JSONField()


class ConditionKind(models.TextChoices):
    DIAGNOSIS = "diagnosis"
    DEVICE = "device"
    STATE = "state"


class Condition(Term):
    kind = models.CharField(max_length=10, choices=ConditionKind)
    pathway = models.CharField(max_length=10, blank=True)
    notes = models.JSONField(null=True, blank=True)

    objects = ContentQuerySet.as_manager()

    class Meta:
        constraints = [one_of("kind", ConditionKind, "condition_has_a_kind")]
