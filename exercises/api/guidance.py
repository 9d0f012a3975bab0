"""GET /guidance and /guidance/{slug}."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers

from exercises.api.languages import LANG, InOneLanguage, Text, ToldText
from exercises.api.pages import InOrder
from exercises.api.permissions import PractitionersOnly
from exercises.api.shared import (
    CatalogueEvidence,
    CatalogueSourceSection,
    CitedSources,
    Names,
    NotFor,
    OneOf,
    Reviewed,
    Told,
)
from exercises.models import Guidance
from exercises.models.audience import Audience
from exercises.models.guidance import GuidancePlace, GuidanceQuerySet


class GuidanceQuery(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, help_text="Words to be found, in Chinese or English.")
    category = serializers.CharField(required=False)
    topic = serializers.CharField(required=False)
    condition = serializers.CharField(
        required=False, help_text="For everybody, or for people with this condition."
    )
    source = serializers.CharField(required=False, help_text="Code of a source that it cites.")
    reader = serializers.ChoiceField(
        choices=["patient", "clinician"],
        required=False,
        help_text="Items of which this reader gets the advice, the caution or both.",
    )


class CatalogueGuidance(Told, Reviewed):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = Text(source="names")
    category = serializers.CharField()
    topic = serializers.CharField()
    place = OneOf(GuidancePlace.values)
    taught_by_clinic = serializers.BooleanField()
    planned = serializers.BooleanField(
        help_text="Drugs, surgery and research never become plan items."
    )
    advice = ToldText("advice", "advice_audience", help_text="null: kept in the archive.")
    caution = ToldText("caution", "caution_audience")


class LaterEvidence(serializers.Serializer[Any]):
    """What contradicts or corrects the document."""

    says = Text()
    sources = CitedSources()


class CatalogueGuidanceDetail(CatalogueGuidance):
    claim = ToldText("claim", "advice_audience", help_text="What the document says.")
    applies_to = Names("code", help_text="Condition codes; empty is everybody.")
    not_for = NotFor()
    modality = serializers.CharField(source="modality_id", allow_null=True)
    exercises = Names("slug")
    recipes = Names("slug")
    foods = Names("code")
    instruments = Names("code")
    same_as = serializers.CharField(source="same_as.slug", allow_null=True, default=None)
    later_evidence = LaterEvidence(many=True)
    evidence = CatalogueEvidence(source="*")
    sources = CatalogueSourceSection(source="sections", many=True)


class GuidanceList(InOneLanguage, generics.ListAPIView[Guidance]):
    permission_classes = [PractitionersOnly]
    pagination_class = InOrder
    serializer_class = CatalogueGuidance

    @extend_schema(
        operation_id="guidance_list",
        tags=["catalogue"],
        parameters=[LANG, GuidanceQuery],
        responses=CatalogueGuidance(many=True),
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """What the documents say and what we say about it; not what is only archived."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> GuidanceQuerySet:
        asked = GuidanceQuery(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        reader = given.get("reader", Audience.CLINICIAN)
        items = Guidance.objects.current().shown_to(reader).with_conflicts()
        items = items.matching(category=given.get("category"), topic=given.get("topic"))
        items = items.citing(given["source"]) if "source" in given else items
        items = items.fitting([given["condition"]]) if "condition" in given else items
        return items.matching_words(given["q"]) if "q" in given else items


class GuidanceDetail(InOneLanguage, generics.RetrieveAPIView[Guidance]):
    permission_classes = [PractitionersOnly]
    lookup_field = "slug"
    serializer_class = CatalogueGuidanceDetail

    @extend_schema(
        operation_id="guidance_read",
        tags=["catalogue"],
        parameters=[LANG],
        responses=CatalogueGuidanceDetail,
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """One item with its claim, grade and sources, also when it has been withdrawn."""
        return self.retrieve(request, *args, **kwargs)

    def get_queryset(self) -> GuidanceQuerySet:
        items = Guidance.objects.shown_to(Audience.CLINICIAN).with_conflicts()
        return items.with_grounds().select_related("same_as")
