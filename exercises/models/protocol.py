"""Plan templates with their sources. Where no source gives a dose, the clinician must fill it."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from exercises.models.content import Content, ContentQuerySet, Graded, Row, one_of, ordered
from exercises.models.exercise import Exercise
from exercises.models.source import SourceSection
from exercises.models.terms import Condition, Modality, ModalityKind, Motion, Muscle
from exercises.models.words import Searched, SearchedQuerySet, WithoutWords


class ProtocolQuerySet(ContentQuerySet["Protocol"], SearchedQuerySet["Protocol"]):
    def fitting(self, condition: str | None) -> Self:
        """Narrow to protocols for this condition; without one, to nothing narrower."""
        return self.filter(conditions=condition) if condition else self

    def with_conditions(self) -> Self:
        return self.prefetch_related(ordered("conditions", Condition.objects.all()))

    def with_items(self) -> Self:
        """With conditions, sources, items (as `current_items`) and their parts, in order."""
        parts = ProtocolPart.objects.as_of("item__protocol").select_related("exercise")
        return self.with_conditions().prefetch_related(
            ordered("sections", SourceSection.objects.select_related("source")),
            ordered("items", ProtocolItem.objects.as_of("protocol"), to_attr="current_items"),
            ordered("current_items__parts", parts),
        )


class PieceQuerySet(ContentQuerySet[Row]):
    def as_of(self, protocol: str) -> Self:
        """Current pieces; of a withdrawn protocol, those that it had to the end."""
        gone_together = Q(withdrawn_at=F(f"{protocol}__withdrawn_at"))
        return self.filter(Q(withdrawn_at__isnull=True) | gone_together)


class Protocol(Content, Graded, Searched):
    """gates: what the clinician confirms first; barred: what the plan forbids;
    milestones: reviews by week of the plan."""

    id = models.UUIDField(primary_key=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    summary = models.JSONField()
    conditions = models.ManyToManyField(Condition, related_name="protocols")
    phase_weeks = models.PositiveSmallIntegerField()
    review_after_weeks = models.PositiveSmallIntegerField()
    training_expires_after_weeks = models.PositiveSmallIntegerField()
    gates = models.JSONField()
    barred = models.JSONField()
    milestones = models.JSONField()
    sections = models.ManyToManyField(SourceSection, related_name="protocols")

    objects = WithoutWords.from_queryset(ProtocolQuerySet)()
    # Filled by `with_items()`.
    current_items: list[ProtocolItem]

    class Meta:
        indexes = [GinIndex(fields=["search"], name="protocol_by_words")]
        constraints = [
            one_of("evidence_kind", Graded.EvidenceKind, "protocol_has_a_kind_of_evidence"),
        ]


class ProtocolItem(Content):
    """dose: field code -> range with its source, or null. schedule: a suggestion, or null."""

    id = models.UUIDField(primary_key=True, editable=False)
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="items")
    code = models.SlugField(max_length=80)
    kind = models.CharField(max_length=10, choices=ModalityKind)
    modality = models.ForeignKey(Modality, on_delete=models.PROTECT, related_name="+")
    optional = models.BooleanField(default=False)
    notes = models.JSONField(null=True, blank=True)
    dose = models.JSONField()
    sessions_per_day = models.JSONField(null=True, blank=True)
    sessions_per_week = models.JSONField(null=True, blank=True)
    schedule = models.JSONField(null=True, blank=True)

    objects = PieceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["protocol", "code"], name="item_once_in_a_protocol"),
            one_of("kind", ModalityKind, "protocol_item_is_training_or_care"),
        ]


class Side(models.TextChoices):
    """`affected`: the clinician says which."""

    AFFECTED = "affected"
    BOTH = "both"
    NONE = "none"


class ProtocolPart(Content):
    """One joint motion or muscle of an item; `names` is what it moves or stimulates."""

    id = models.UUIDField(primary_key=True, editable=False)
    item = models.ForeignKey(ProtocolItem, on_delete=models.PROTECT, related_name="parts")
    exercise = models.ForeignKey(Exercise, on_delete=models.PROTECT, related_name="+")
    motion = models.ForeignKey(
        Motion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    muscle = models.ForeignKey(
        Muscle, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    side = models.CharField(max_length=10, choices=Side)
    dose = models.JSONField()

    objects = PieceQuerySet.as_manager()

    class Meta:
        constraints = [one_of("side", Side, "protocol_part_has_a_side")]
