"""Who may read the advice of an item, and who its caution."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from exercises.models.conflict import ConflictSide
from exercises.models.content import ContentQuerySet, Row


class Audience(models.TextChoices):
    """`archive` is kept for provenance and shown to nobody."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    ARCHIVE = "archive"


READS = {
    Audience.PATIENT: (Audience.PATIENT,),
    Audience.CLINICIAN: (Audience.PATIENT, Audience.CLINICIAN),
}
"""A clinician reads what patients read, too. Nobody reads the archive."""


class ToldQuerySet(ContentQuerySet[Row]):
    """`kind` and `ref` are how a conflict names such an item."""

    kind: ClassVar[str]
    ref: ClassVar[str]

    def advice_for(self, reader: str) -> Self:
        return self.filter(advice_audience__in=READS[Audience(reader)])

    def caution_for(self, reader: str) -> Self:
        """Items whose caution this reader gets, whatever becomes of their advice."""
        return self.filter(caution_audience__in=READS[Audience(reader)])

    def shown_to(self, reader: str) -> Self:
        """Items of which this reader gets the advice, the caution or both."""
        audiences = READS[Audience(reader)]
        return self.filter(
            Q(advice_audience__in=audiences) | Q(caution_audience__in=audiences),
        )

    def not_in_conflict(self) -> Self:
        """Leave out items whose advice an unresolved conflict hides. For advice only: a
        conflict never hides a caution."""
        return self.exclude(**{f"{self.ref}__in": ConflictSide.objects.hiding(self.kind)})

    def with_conflicts(self) -> Self:
        """Each row says as `in_conflict` whether an unresolved conflict hides its advice."""
        sides = ConflictSide.objects.hidden().filter(kind=self.kind, ref=OuterRef(self.ref))
        return self.annotate(in_conflict=Exists(sides))


class Told(models.Model):
    """A conflict hides advice, never a caution."""

    advice_audience = models.CharField(max_length=10, choices=Audience)
    caution_audience = models.CharField(max_length=10, choices=Audience)

    class Meta:
        abstract = True
