"""Claims that clash. A conflict hides advice, never a caution, until somebody resolves it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from exercises.models.content import Content, ContentQuerySet, one_of, ordered
from exercises.models.source import SourceSection
from exercises.models.terms import Term


class ConflictQuerySet(ContentQuerySet["Conflict"]):
    def unresolved(self) -> Self:
        return self.filter(resolved_on__isnull=True)

    def with_sides(self) -> Self:
        """With sources, and its sides as `current_sides`, in order."""
        sides = ordered("sides", ConflictSide.objects.current(), to_attr="current_sides")
        return self.with_sources().prefetch_related(sides)


class Conflict(Term):
    """`names` is the sentence that says what clashes."""

    owner = models.CharField(max_length=80)
    resolved = models.JSONField(null=True, blank=True)
    resolved_by = models.CharField(max_length=80, blank=True)
    resolved_on = models.DateField(null=True, blank=True)
    sections = models.ManyToManyField(SourceSection, related_name="conflicts")

    objects = ConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True)
                | (~Q(resolved_by="") & Q(resolved__isnull=False)),
                name="conflict_is_resolved_by_somebody_with_words",
            ),
        ]


class SideKind(models.TextChoices):
    GUIDANCE = "guidance"
    FOOD = "food"
    RECIPE = "recipe"
    EXERCISE = "exercise"


class ConflictSideQuerySet(ContentQuerySet["ConflictSide"]):
    def hidden(self) -> Self:
        """Sides whose advice is hidden by a conflict that is current and unresolved."""
        return self.current().filter(
            hidden=True,
            conflict__withdrawn_at__isnull=True,
            conflict__resolved_on__isnull=True,
        )

    def hiding(self, kind: str) -> models.QuerySet[ConflictSide, str]:
        """Slugs or codes of items of this kind whose advice is hidden, for a subquery."""
        return self.hidden().filter(kind=kind).order_by().values_list("ref", flat=True)


class ConflictSide(Content):
    """One of two claims; `ref` is the slug or code of the item, `names` its names."""

    id = models.UUIDField(primary_key=True, editable=False)
    conflict = models.ForeignKey(Conflict, on_delete=models.PROTECT, related_name="sides")
    kind = models.CharField(max_length=10, choices=SideKind)
    ref = models.CharField(max_length=80)
    hidden = models.BooleanField()

    objects = ConflictSideQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", SideKind, "conflict_side_has_a_kind"),
            models.UniqueConstraint(
                fields=["conflict", "kind", "ref"], name="side_once_in_a_conflict"
            ),
        ]
