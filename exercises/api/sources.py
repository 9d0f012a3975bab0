"""GET /sources and /sources/{id}."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers

from exercises.api.languages import LANG, InOneLanguage, Text
from exercises.api.pages import InOrder
from exercises.api.permissions import PractitionersOnly
from exercises.api.shared import Names, OneOf
from exercises.models import Source
from exercises.models.reads import sources_with_uses
from exercises.models.source import Checked, SourceQuerySet


class CatalogueSource(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    kind = serializers.CharField(help_text="`document`: one of the five texts it all began with.")
    title = Text(source="names")
    about = Text(allow_null=True)
    address = serializers.CharField(allow_blank=True)
    published = serializers.CharField(allow_blank=True, help_text="A year or a day.")
    checked = OneOf(Checked.values)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class SourceSectionUse(serializers.Serializer[Any]):
    """A section, and what in the catalogue rests on it."""

    number = serializers.CharField(allow_blank=True)
    title = Text(source="names")
    exercises = Names("slug")
    protocols = Names("slug")
    guidance = Names("slug", source="shown")
    archived = Names("slug", help_text="Guidance kept for provenance, which nobody is shown.")
    corrections = Names("slug", help_text="Guidance whose document this source corrects.")
    foods = Names("code")
    recipes = Names("slug")
    instruments = Names("code")
    time_windows = Names("code")


class CatalogueSourceDetail(CatalogueSource):
    sections = SourceSectionUse(many=True)


class SourceList(InOneLanguage, generics.ListAPIView[Source]):
    permission_classes = [PractitionersOnly]
    pagination_class = InOrder
    serializer_class = CatalogueSource

    @extend_schema(
        operation_id="sources_list",
        tags=["catalogue"],
        parameters=[LANG, OpenApiParameter("kind", str)],
        responses=CatalogueSource(many=True),
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The documents, and what their statements were checked against."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> SourceQuerySet:
        return Source.objects.current().of_kind(self.request.query_params.get("kind"))


class SourceDetail(InOneLanguage, generics.RetrieveAPIView[Source]):
    permission_classes = [PractitionersOnly]
    lookup_field = "id"
    serializer_class = CatalogueSourceDetail
    queryset = sources_with_uses()

    @extend_schema(
        operation_id="sources_read",
        tags=["catalogue"],
        parameters=[LANG],
        responses=CatalogueSourceDetail,
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """One source with its sections and what rests on each."""
        return self.retrieve(request, *args, **kwargs)
