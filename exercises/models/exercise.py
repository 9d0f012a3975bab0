"""Something a person does or has done."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from exercises.models.audience import Audience, Told, ToldQuerySet
from exercises.models.content import Content, Graded, one_of, ordered
from exercises.models.safety import Precaution
from exercises.models.source import SourceSection
from exercises.models.terms import Modality, Motion, Muscle
from exercises.models.words import Searched, SearchedQuerySet, WithoutWords


class Use(models.TextChoices):
    """Research-only, drug and surgery content is never `plan`."""

    PLAN = "plan"
    RECORD = "record"
    READ = "read"


class Place(models.TextChoices):
    HOME = "home"
    CLINIC = "clinic"


class ExerciseQuerySet(ToldQuerySet["Exercise"], SearchedQuerySet["Exercise"]):
    kind = "exercise"
    ref = "slug"

    def matching(self, **codes: str | None) -> Self:
        """Narrow by modality, motion and muscle; a code that is not given narrows nothing."""
        return self.filter(**{f"{name}_id": code for name, code in codes.items() if code})

    def with_grounds(self) -> Self:
        """With precautions and sources, in their order."""
        return self.prefetch_related(
            ordered("precautions", Precaution.objects.all()),
            ordered("sections", SourceSection.objects.select_related("source")),
        )


class Exercise(Content, Graded, Told, Searched):
    """Steps and stops are ordered lists of {"zh-Hans", "en"}, written to be heard.

    Advice and caution have an audience each: a conflict hides advice, never a caution.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    modality = models.ForeignKey(Modality, on_delete=models.PROTECT, related_name="exercises")
    motion = models.ForeignKey(
        Motion, on_delete=models.PROTECT, null=True, blank=True, related_name="exercises"
    )
    muscle = models.ForeignKey(
        Muscle, on_delete=models.PROTECT, null=True, blank=True, related_name="exercises"
    )
    other_muscles = models.JSONField(default=list, blank=True)
    summary = models.JSONField()
    steps = models.JSONField()
    stop_at = models.JSONField()
    precautions = models.ManyToManyField(Precaution, related_name="exercises")
    performed_by = models.JSONField()
    taught_by_clinic = models.BooleanField(default=False)
    place = models.CharField(max_length=10, choices=Place)
    use = models.CharField(max_length=10, choices=Use)
    sections = models.ManyToManyField(SourceSection, related_name="exercises")

    objects = WithoutWords.from_queryset(ExerciseQuerySet)()

    class Meta:
        indexes = [GinIndex(fields=["search"], name="exercise_by_words")]
        constraints = [
            one_of("use", Use, "exercise_has_a_use"),
            one_of("place", Place, "exercise_has_a_place"),
            one_of("advice_audience", Audience, "exercise_advice_has_an_audience"),
            one_of("caution_audience", Audience, "exercise_caution_has_an_audience"),
            one_of("evidence_kind", Graded.EvidenceKind, "exercise_has_a_kind_of_evidence"),
        ]
