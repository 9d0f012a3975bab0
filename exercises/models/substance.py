"""Drugs, herbs and supplements: recorded, never recommended; and what does not go together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q

from exercises.models.content import ContentQuerySet, one_of
from exercises.models.source import SourceSection
from exercises.models.terms import Term


class SubstanceKind(models.TextChoices):
    DRUG = "drug"
    HERB = "herb"
    SUPPLEMENT = "supplement"


class Substance(Term):
    """`group`: the family that interactions may name instead, such as anticoagulants."""

    kind = models.CharField(max_length=10, choices=SubstanceKind)
    group = models.CharField(max_length=60, blank=True)
    other_names = models.JSONField()

    objects = ContentQuerySet.as_manager()

    class Meta:
        constraints = [one_of("kind", SubstanceKind, "substance_has_a_kind")]


class Severity(models.TextChoices):
    AVOID = "avoid"
    ASK_FIRST = "ask_first"
    KNOW = "know"


class InteractionQuerySet(ContentQuerySet["Interaction"]):
    def between(self, codes: Iterable[str]) -> Self:
        """Interactions of which both sides are among these codes."""
        given = list(codes)
        return self.filter(one__in=given, other__in=given)

    def naming(self, codes: Iterable[str]) -> Self:
        """Interactions of which a side is among these codes of substances, groups or foods."""
        given = list(codes)
        return self.filter(Q(one__in=given) | Q(other__in=given))


class Interaction(Term):
    """`names` is the sentence; `one` and `other` are codes of substances, groups or foods."""

    one = models.CharField(max_length=60)
    other = models.CharField(max_length=60)
    severity = models.CharField(max_length=10, choices=Severity)
    owner = models.CharField(max_length=80)
    sections = models.ManyToManyField(SourceSection, related_name="interactions")

    objects = InteractionQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("severity", Severity, "interaction_has_a_severity"),
            models.CheckConstraint(
                condition=~Q(one=models.F("other")), name="interaction_is_between_two"
            ),
        ]
