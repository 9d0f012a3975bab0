"""GET /protocols and /protocols/{slug}."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers

from exercises.api.languages import LANG, InOneLanguage, Text, Texts
from exercises.api.pages import InOrder
from exercises.api.permissions import PractitionersOnly
from exercises.api.shared import (
    WORDS,
    CatalogueEvidence,
    CatalogueSourceSection,
    Names,
    OneOf,
    Reviewed,
)
from exercises.models import Protocol
from exercises.models.protocol import ProtocolQuerySet, Side
from exercises.models.terms import ModalityKind


class DoseRange(serializers.Serializer[Any]):
    """What sources give for a field; a clinician chooses, nothing is filled in."""

    low = serializers.FloatField()
    high = serializers.FloatField()
    sources = serializers.ListField(
        child=serializers.CharField(), help_text="Codes; see /sources.", source="citations"
    )
    note = Text(allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        cited = [citation["source"] for citation in instance["citations"]]
        return super().to_representation({**instance, "citations": cited})


@extend_schema_field(
    serializers.DictField(
        child=DoseRange(allow_null=True),
        help_text="By field code. null: no source gives it, the clinician must fill it.",
    )
)
class Dose(serializers.Field[Any, Any, Any, Any]):
    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        shown = DoseRange(context=self.context)
        return {
            code: None if given is None else shown.to_representation(given)
            for code, given in value.items()
        }


class CatalogueProtocolPart(serializers.Serializer[Any]):
    name = Text(source="names")
    exercise = serializers.CharField(source="exercise.slug")
    motion = serializers.CharField(source="motion_id", allow_null=True)
    muscle = serializers.CharField(source="muscle_id", allow_null=True)
    side = OneOf(Side.values)
    dose = Dose()


class CatalogueProtocolItem(serializers.Serializer[Any]):
    """A future plan item; `schedule` is a suggestion that the clinician changes at will."""

    code = serializers.CharField()
    name = Text(source="names")
    kind = OneOf(ModalityKind.values)
    modality = serializers.CharField(source="modality_id")
    optional = serializers.BooleanField()
    notes = Text(allow_null=True)
    dose = Dose(help_text="Once for the session.")
    sessions_per_day = DoseRange(allow_null=True)
    sessions_per_week = DoseRange(allow_null=True)
    schedule = serializers.DictField(allow_null=True)
    parts = CatalogueProtocolPart(many=True)


class ProtocolGate(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = Text(source="texts")


class ProtocolMilestone(serializers.Serializer[Any]):
    week = serializers.IntegerField()
    text = Text(source="texts")


class CatalogueProtocol(Reviewed):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = Text(source="names")
    summary = Text()
    conditions = Names("code")
    phase_weeks = serializers.IntegerField()
    review_after_weeks = serializers.IntegerField()
    training_expires_after_weeks = serializers.IntegerField(help_text="Care items never expire.")
    evidence_kind = serializers.CharField()


class CatalogueProtocolDetail(CatalogueProtocol):
    gates = ProtocolGate(many=True, help_text="What the clinician confirms first.")
    barred = Texts(help_text="What a plan made from it forbids.")
    milestones = ProtocolMilestone(many=True)
    items = CatalogueProtocolItem(source="current_items", many=True)
    evidence = CatalogueEvidence(source="*")
    sources = CatalogueSourceSection(source="sections", many=True)


class ProtocolList(InOneLanguage, generics.ListAPIView[Protocol]):
    permission_classes = [PractitionersOnly]
    pagination_class = InOrder
    serializer_class = CatalogueProtocol

    @extend_schema(
        operation_id="protocols_list",
        tags=["catalogue"],
        parameters=[LANG, OpenApiParameter("condition", str), WORDS],
        responses=CatalogueProtocol(many=True),
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Plan templates, narrowed to a condition they fit."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> ProtocolQuerySet:
        protocols = Protocol.objects.current().fitting(self.request.query_params.get("condition"))
        words = self.request.query_params.get("q")
        found = protocols.matching_words(words) if words is not None else protocols
        return found.with_conditions()


class ProtocolDetail(InOneLanguage, generics.RetrieveAPIView[Protocol]):
    permission_classes = [PractitionersOnly]
    lookup_field = "slug"
    serializer_class = CatalogueProtocolDetail
    queryset = Protocol.objects.with_items()

    @extend_schema(
        operation_id="protocols_read",
        tags=["catalogue"],
        parameters=[LANG],
        responses=CatalogueProtocolDetail,
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """One plan template with its items, also when it has been withdrawn."""
        return self.retrieve(request, *args, **kwargs)
