"""GET /conflicts, /interactions and /time-windows."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers

from exercises.api.languages import LANG, InOneLanguage, Text
from exercises.api.pages import InOrder
from exercises.api.permissions import PractitionersOnly
from exercises.api.shared import CatalogueSourceSection, OneOf
from exercises.models import Conflict, Interaction, TimeWindow
from exercises.models.audience import Audience
from exercises.models.conflict import ConflictQuerySet, SideKind
from exercises.models.guidance import Counts, TimeWindowQuerySet
from exercises.models.substance import InteractionQuerySet, Severity


class ConflictSideOut(serializers.Serializer[Any]):
    kind = OneOf(SideKind.values)
    ref = serializers.CharField(help_text="Slug or code of the item.")
    name = Text(source="names")
    hidden = serializers.BooleanField(
        help_text="Its advice is hidden from patients while the conflict is unresolved."
    )


class CatalogueConflict(serializers.Serializer[Any]):
    """Two claims that clash. It hides advice, never a caution."""

    code = serializers.CharField()
    text = Text(source="names")
    sides = ConflictSideOut(source="current_sides", many=True)
    resolved = Text(allow_null=True)
    resolved_by = serializers.CharField(allow_blank=True)
    resolved_on = serializers.DateField(allow_null=True)
    owner = serializers.CharField()
    sources = CatalogueSourceSection(source="sections", many=True)


class CatalogueInteraction(serializers.Serializer[Any]):
    """Two things that do not go together."""

    code = serializers.CharField()
    one = serializers.CharField(help_text="Code of a substance, a group of them, or a food.")
    other = serializers.CharField()
    severity = OneOf(Severity.values)
    text = Text(source="names")
    owner = serializers.CharField()
    sources = CatalogueSourceSection(source="sections", many=True)


class CatalogueTimeWindow(serializers.Serializer[Any]):
    """A span that a document names; `use` is what the tracker does with it."""

    code = serializers.CharField()
    name = Text(source="names")
    claim = Text()
    use = Text(allow_null=True)
    counts = OneOf(Counts.values, help_text="What the weeks or days are counted from.")
    weeks = serializers.IntegerField(allow_null=True)
    days = serializers.IntegerField(allow_null=True)
    modality = serializers.CharField(source="modality_id", allow_null=True)
    audience = OneOf(Audience.values)
    owner = serializers.CharField()
    sources = CatalogueSourceSection(source="sections", many=True)


class ConflictList(InOneLanguage, generics.ListAPIView[Conflict]):
    permission_classes = [PractitionersOnly]
    pagination_class = InOrder
    serializer_class = CatalogueConflict

    @extend_schema(
        operation_id="conflicts_list",
        tags=["catalogue"],
        parameters=[LANG, OpenApiParameter("unresolved", bool)],
        responses=CatalogueConflict(many=True),
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Claims of the documents that clash, and whose advice is hidden for it."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> ConflictQuerySet:
        conflicts = Conflict.objects.current().with_sides()
        only_open = self.request.query_params.get("unresolved") in {"true", "1"}
        return conflicts.unresolved() if only_open else conflicts


class InteractionList(InOneLanguage, generics.ListAPIView[Interaction]):
    permission_classes = [PractitionersOnly]
    pagination_class = InOrder
    serializer_class = CatalogueInteraction

    @extend_schema(
        operation_id="interactions_list",
        tags=["catalogue"],
        parameters=[
            LANG,
            OpenApiParameter("naming", str, description="A code that one of the sides has."),
        ],
        responses=CatalogueInteraction(many=True),
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Drugs, herbs, supplements and foods that do not go together."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> InteractionQuerySet:
        interactions = Interaction.objects.current().with_sources()
        code = self.request.query_params.get("naming")
        return interactions.naming([code]) if code else interactions


class TimeWindowList(InOneLanguage, generics.ListAPIView[TimeWindow]):
    permission_classes = [PractitionersOnly]
    pagination_class = InOrder
    serializer_class = CatalogueTimeWindow

    @extend_schema(
        operation_id="time_windows_list",
        tags=["catalogue"],
        parameters=[LANG],
        responses=CatalogueTimeWindow(many=True),
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Spans of time that the documents name, and what the tracker does with each."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> TimeWindowQuerySet:
        return TimeWindow.objects.current().shown_to(Audience.CLINICIAN).with_sources()
