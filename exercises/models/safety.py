"""What to look out for, and what bars an assignment."""

from django.db import models

from exercises.models.content import ContentQuerySet, one_of
from exercises.models.source import SourceSection
from exercises.models.terms import Condition, Term


class Does(models.TextChoices):
    INFORM = "inform"
    ASK_CLINICIAN = "ask_clinician"
    PAUSE_PART = "pause_part"
    BAR = "bar"


class Precaution(Term):
    """`names` is the sentence itself, in both languages."""

    does = models.CharField(max_length=20, choices=Does)
    owner = models.CharField(max_length=80)
    conditions = models.ManyToManyField(Condition, related_name="precautions")
    sections = models.ManyToManyField(SourceSection, related_name="precautions")

    objects = ContentQuerySet.as_manager()

    class Meta:
        constraints = [one_of("does", Does, "precaution_does_one_thing")]


class Level(models.TextChoices):
    ABSOLUTE = "absolute"
    RELATIVE = "relative"


class Where(models.TextChoices):
    ANYWHERE = "anywhere"
    LIMB = "limb"
    TRUNK_PELVIS = "trunk_pelvis"
    SITE = "site"


class Contraindication(Term):
    """`names` is the sentence itself; absolute needs a named override with reason and expiry."""

    condition = models.ForeignKey(
        Condition, on_delete=models.PROTECT, related_name="contraindications"
    )
    level = models.CharField(max_length=10, choices=Level)
    where = models.CharField(max_length=20, choices=Where)
    modalities = models.JSONField()
    owner = models.CharField(max_length=80)
    sections = models.ManyToManyField(SourceSection, related_name="contraindications")

    objects = ContentQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("level", Level, "contraindication_is_absolute_or_relative"),
            one_of("where", Where, "contraindication_says_where"),
        ]
