"""GET /conditions."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers

from exercises.api.languages import LANG, InOneLanguage, Text
from exercises.api.pages import InOrder
from exercises.api.permissions import PractitionersOnly
from exercises.api.shared import CatalogueContraindication, CataloguePrecaution, OneOf
from exercises.models import Condition
from exercises.models.reads import conditions_with_warnings
from exercises.models.terms import ConditionKind


class CatalogueCondition(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = Text(source="names")
    kind = OneOf(ConditionKind.values)
    pathway = serializers.CharField(
        allow_blank=True, help_text="Which neurone or tissue it affects; empty where it says none."
    )
    notes = Text(allow_null=True)
    contraindications = CatalogueContraindication(many=True)
    precautions = CataloguePrecaution(many=True)


class ConditionList(InOneLanguage, generics.ListAPIView[Condition]):
    permission_classes = [PractitionersOnly]
    pagination_class = InOrder
    serializer_class = CatalogueCondition
    queryset = conditions_with_warnings()

    @extend_schema(
        operation_id="conditions_list",
        tags=["catalogue"],
        parameters=[LANG],
        responses=CatalogueCondition(many=True),
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Diagnoses, devices and states, with what each of them bars or warns about."""
        return self.list(request, *args, **kwargs)
