"""What every row of loaded content has in common."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class ContentQuerySet(models.QuerySet[Row]):
    def current(self) -> Self:
        """Leave out what a later version of the content no longer holds."""
        return self.filter(withdrawn_at__isnull=True)

    def with_sources(self) -> Self:
        """With the sections it cites and their sources, in the order of the sheets."""
        sections: Any = self.model._meta.get_field("sections").related_model
        rows = sections._default_manager.select_related("source")
        return self.prefetch_related(ordered("sections", rows))

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


def ordered(
    lookup: str, rows: models.QuerySet[Any], to_attr: str | None = None
) -> models.Prefetch[Any, Any, Any]:
    """Prefetch related content in the order of the sheets."""
    return models.Prefetch(lookup, rows.order_by("position", "pk"), to_attr)


class Content(models.Model):
    """A row that mirrors one item of a sheet; `names` holds zh-Hans and en.

    Withdrawn content stays, so that old plans and logs can still be read.
    """

    names = models.JSONField()
    position = models.PositiveIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.names["en"]


class Reviewed(models.Model):
    """Who answers for an item, and who has reviewed it when. Not reviewed yet: no date."""

    owner = models.CharField(max_length=80)
    last_reviewed = models.DateField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        abstract = True


class Graded(Reviewed):
    """How well an item is proven, and who answers for it."""

    class EvidenceKind(models.TextChoices):
        HUMAN_TRIAL = "human-trial"
        HUMAN_UNCONTROLLED = "human-uncontrolled"
        HUMAN_CASE = "human-case"
        HUMAN_UNSPECIFIED = "human-unspecified"
        ANIMAL = "animal"
        IN_VITRO = "in-vitro"
        REVIEW_STATEMENT = "review-statement"
        NONE = "none"

    evidence_kind = models.CharField(max_length=20, choices=EvidenceKind)
    evidence_people = models.PositiveIntegerField(null=True, blank=True)
    evidence_detail = models.JSONField()
    evidence_says = models.JSONField()

    class Meta:
        abstract = True


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """A constraint that keeps `field` to its choices, also for rows written by SQL."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": list(choices.values)}), name=name
    )
