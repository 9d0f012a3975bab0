"""What can be scored, what a change of it means, and what its licence lets us show."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from exercises.models.content import ContentQuerySet, Reviewed, one_of
from exercises.models.source import SourceSection
from exercises.models.terms import Term
from exercises.models.words import Searched, SearchedQuerySet, WithoutWords


class Better(models.TextChoices):
    """Which way is better; `context`: neither by itself."""

    UP = "up"
    DOWN = "down"
    CONTEXT = "context"


class EnteredBy(models.TextChoices):
    ANYONE = "anyone"
    CLINICIAN = "clinician"
    CERTIFIED = "certified"


class InstrumentQuerySet(ContentQuerySet["Instrument"], SearchedQuerySet["Instrument"]):
    """Nothing but what all content has."""


class Instrument(Term, Reviewed, Searched):
    """`scores`, `changes`, `cut_offs` and `licence` are as in the sheet. Where the licence is
    not free, scores are taken and no wording of the form is held."""

    about = models.JSONField()
    scores = models.JSONField()
    better = models.CharField(max_length=10, choices=Better)
    ordinal = models.BooleanField()
    changes = models.JSONField()
    cut_offs = models.JSONField()
    licence = models.JSONField()
    entered_by = models.CharField(max_length=10, choices=EnteredBy)
    reassess_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    earliest_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    sections = models.ManyToManyField(SourceSection, related_name="instruments")

    objects = WithoutWords.from_queryset(InstrumentQuerySet)()

    class Meta:
        indexes = [GinIndex(fields=["search"], name="instrument_by_words")]
        constraints = [
            one_of("better", Better, "instrument_has_a_direction"),
            one_of("entered_by", EnteredBy, "instrument_says_who_enters_it"),
        ]
