"""What the documents say, what we say about it, and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from exercises.models.audience import READS, Audience, Told, ToldQuerySet
from exercises.models.content import Content, ContentQuerySet, Graded, one_of, ordered
from exercises.models.diet import Food, Recipe
from exercises.models.exercise import Exercise
from exercises.models.instrument import Instrument
from exercises.models.source import SourceSection
from exercises.models.terms import Condition, Modality, Term
from exercises.models.words import Searched, SearchedQuerySet, WithoutWords


class GuidancePlace(models.TextChoices):
    HOME = "home"
    CLINIC = "clinic"
    ANYWHERE = "anywhere"


class GuidanceQuerySet(ToldQuerySet["Guidance"], SearchedQuerySet["Guidance"]):
    kind = "guidance"
    ref = "slug"

    def caution_for(self, reader: str) -> Self:
        """Items whose caution this reader gets, whatever becomes of their advice."""
        return super().caution_for(reader).filter(caution__isnull=False)

    def shown_to(self, reader: str) -> Self:
        """Items of which this reader gets the advice, the caution or both."""
        advised = self.advice_for(reader).order_by().values("pk")
        warned = self.caution_for(reader).order_by().values("pk")
        return self.filter(Q(pk__in=advised) | Q(pk__in=warned))

    def fitting(self, conditions: Iterable[str]) -> Self:
        """Items for everybody, and those that apply to one of these conditions."""
        applying = Guidance.applies_to.through.objects.order_by()
        fits = applying.filter(condition__in=list(conditions)).values("guidance")
        return self.filter(Q(pk__in=fits) | ~Q(pk__in=applying.values("guidance")))

    def matching(self, **values: str | None) -> Self:
        """Narrow by columns such as category and topic; what is not given narrows nothing."""
        return self.filter(**{name: value for name, value in values.items() if value})

    def citing(self, source: str) -> Self:
        """Items that rest on this source, or are corrected by it."""
        rests = Guidance.sections.through.objects.filter(sourcesection__source__code=source)
        corrected = Guidance.later_sections.through.objects.filter(
            sourcesection__source__code=source
        )
        return self.filter(
            Q(pk__in=rests.values("guidance")) | Q(pk__in=corrected.values("guidance"))
        )

    def with_grounds(self) -> Self:
        """With conditions, sources, corrections, and what it shows of the catalogue, in order."""
        sections = SourceSection.objects.select_related("source")
        return self.prefetch_related(
            ordered("applies_to", Condition.objects.all()),
            ordered("not_for", Condition.objects.all()),
            ordered("sections", sections),
            ordered("later_sections", sections),
            *(
                ordered(name, model.objects.current())
                for name, model in (
                    ("exercises", Exercise),
                    ("recipes", Recipe),
                    ("foods", Food),
                    ("instruments", Instrument),
                )
            ),
        )


class Guidance(Content, Graded, Told, Searched):
    """`claim` is what the document says, `advice` and `caution` what we say. `planned`: may
    anything of it become a plan item? Never drugs, surgery or research. `later_evidence`:
    what contradicts or corrects the claim. `not_for_because`: condition code -> the reason
    that is shown instead of the advice."""

    id = models.UUIDField(primary_key=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    category = models.CharField(max_length=30)
    topic = models.CharField(max_length=30)
    claim = models.JSONField()
    advice = models.JSONField()
    caution = models.JSONField(null=True, blank=True)
    place = models.CharField(max_length=10, choices=GuidancePlace)
    taught_by_clinic = models.BooleanField(default=False)
    planned = models.BooleanField()
    applies_to = models.ManyToManyField(Condition, related_name="guidance")
    not_for = models.ManyToManyField(Condition, related_name="barred_guidance")
    not_for_because = models.JSONField(default=dict, blank=True)
    modality = models.ForeignKey(
        Modality, on_delete=models.PROTECT, null=True, blank=True, related_name="guidance"
    )
    exercises = models.ManyToManyField(Exercise, related_name="guidance")
    recipes = models.ManyToManyField(Recipe, related_name="guidance")
    foods = models.ManyToManyField(Food, related_name="guidance")
    instruments = models.ManyToManyField(Instrument, related_name="guidance")
    same_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeats"
    )
    later_evidence = models.JSONField(default=list, blank=True)
    sections = models.ManyToManyField(SourceSection, related_name="guidance")
    later_sections = models.ManyToManyField(SourceSection, related_name="corrections")

    objects = WithoutWords.from_queryset(GuidanceQuerySet)()

    class Meta:
        verbose_name_plural = "guidance"
        indexes = [GinIndex(fields=["search"], name="guidance_by_words")]
        constraints = [
            one_of("place", GuidancePlace, "guidance_has_a_place"),
            one_of("advice_audience", Audience, "guidance_advice_has_an_audience"),
            one_of("caution_audience", Audience, "guidance_caution_has_an_audience"),
            one_of("evidence_kind", Graded.EvidenceKind, "guidance_has_a_kind_of_evidence"),
        ]


class Counts(models.TextChoices):
    """What the weeks or days of a window are counted from."""

    INJURY = "injury"
    PLAN_START = "plan_start"
    LAST_SESSION = "last_session"
    NONE = "none"


class TimeWindowQuerySet(ContentQuerySet["TimeWindow"]):
    def used(self) -> Self:
        """Windows that the tracker does something with."""
        return self.filter(use__isnull=False)

    def shown_to(self, reader: str) -> Self:
        return self.filter(audience__in=READS[Audience(reader)])


class TimeWindow(Term):
    """A span that a document names; `use` is what the tracker does with it, null when nothing."""

    claim = models.JSONField()
    use = models.JSONField(null=True, blank=True)
    counts = models.CharField(max_length=20, choices=Counts)
    weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    modality = models.ForeignKey(
        Modality, on_delete=models.PROTECT, null=True, blank=True, related_name="time_windows"
    )
    audience = models.CharField(max_length=10, choices=Audience)
    owner = models.CharField(max_length=80)
    sections = models.ManyToManyField(SourceSection, related_name="time_windows")

    objects = TimeWindowQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("counts", Counts, "time_window_counts_from_something"),
            one_of("audience", Audience, "time_window_has_an_audience"),
        ]
