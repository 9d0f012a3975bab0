"""GET /instruments and /instruments/{code}."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers

from exercises.api.languages import LANG, InOneLanguage, Text
from exercises.api.pages import InOrder
from exercises.api.permissions import PractitionersOnly
from exercises.api.shared import WORDS, CatalogueSourceSection, CitedSources, OneOf, Reviewed
from exercises.models import Instrument
from exercises.models.instrument import Better, EnteredBy, InstrumentQuerySet


class InstrumentGrade(serializers.Serializer[Any]):
    code = serializers.CharField()
    rank = serializers.IntegerField()
    label = Text(source="labels")
    clinicians_only = serializers.BooleanField()


class InstrumentScore(serializers.Serializer[Any]):
    """Either grades, or a range with a step."""

    code = serializers.CharField()
    label = Text(source="labels")
    unit = serializers.CharField(allow_blank=True)
    per = OneOf(["person", "side", "muscle", "motion", "site"])
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    step = serializers.FloatField(allow_null=True)
    grades = InstrumentGrade(many=True)
    unable_allowed = serializers.BooleanField()
    cannot_feel_allowed = serializers.BooleanField()
    not_testable_allowed = serializers.BooleanField()
    needs = serializers.ListField(
        child=serializers.CharField(), help_text="Facts that must stand beside the value."
    )
    only_if = serializers.CharField(allow_null=True)


class InstrumentChange(serializers.Serializer[Any]):
    """A change below `noise` is none."""

    score = serializers.CharField()
    kind = OneOf(["noise", "small", "meaningful", "substantial"])
    value = serializers.FloatField()
    upper_value = serializers.FloatField(allow_null=True)
    percent = serializers.FloatField(allow_null=True)
    population = Text()
    sources = CitedSources()


class InstrumentCutOff(serializers.Serializer[Any]):
    """A screening value of a named criteria set; never a diagnosis."""

    score = serializers.CharField()
    criteria = serializers.CharField()
    year = serializers.IntegerField()
    sex = OneOf(["any", "male", "female"])
    comparator = serializers.CharField()
    value = serializers.FloatField()
    sources = CitedSources()


class InstrumentLicence(serializers.Serializer[Any]):
    """Where it is not `free`, scores are taken and no wording of the form is held."""

    status = OneOf(["free", "ask", "fee", "registration"])
    notes = Text()
    checked = OneOf(["looked_up", "to_verify"])
    offered = serializers.BooleanField(help_text="False: known by name, not to be entered here.")


class CatalogueInstrument(Reviewed):
    code = serializers.CharField()
    name = Text(source="names")
    about = Text()
    better = OneOf(Better.values)
    ordinal = serializers.BooleanField()
    entered_by = OneOf(EnteredBy.values)
    reassess_weeks = serializers.IntegerField(allow_null=True)
    earliest_weeks = serializers.IntegerField(allow_null=True)
    scores = InstrumentScore(many=True)
    licence = InstrumentLicence()


class CatalogueInstrumentDetail(CatalogueInstrument):
    changes = InstrumentChange(many=True)
    cut_offs = InstrumentCutOff(many=True)
    sources = CatalogueSourceSection(source="sections", many=True)


class InstrumentList(InOneLanguage, generics.ListAPIView[Instrument]):
    permission_classes = [PractitionersOnly]
    pagination_class = InOrder
    serializer_class = CatalogueInstrument

    @extend_schema(
        operation_id="instruments_list",
        tags=["catalogue"],
        parameters=[LANG, WORDS],
        responses=CatalogueInstrument(many=True),
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Scored instruments with their ranges and licences."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> InstrumentQuerySet:
        words = self.request.query_params.get("q")
        instruments = Instrument.objects.current()
        return instruments.matching_words(words) if words is not None else instruments


class InstrumentDetail(InOneLanguage, generics.RetrieveAPIView[Instrument]):
    permission_classes = [PractitionersOnly]
    lookup_field, lookup_url_kwarg = "code", "slug"
    serializer_class = CatalogueInstrumentDetail
    queryset = Instrument.objects.with_sources()

    @extend_schema(
        operation_id="instruments_read",
        tags=["catalogue"],
        parameters=[LANG],
        responses=CatalogueInstrumentDetail,
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """One instrument with what a change of it means, also when it has been withdrawn."""
        return self.retrieve(request, *args, **kwargs)
