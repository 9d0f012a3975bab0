"""GET /exercises/{slug}/drawing.svg"""

from typing import Any

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers

from exercises import pictures
from exercises.api.languages import LANG, InOneLanguage
from exercises.api.permissions import PractitionersOnly
from exercises.models import Exercise

SVG = "image/svg+xml"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Opened by itself, a drawing carries its colours and may do nothing."""


class DrawingAsked(serializers.Serializer[Any]):
    side = serializers.ChoiceField(["left", "right"], default="right")
    # Unlike a float, a decimal is never infinite and always a number.
    end_degrees = serializers.DecimalField(
        max_digits=None,
        decimal_places=None,
        required=False,
        default=None,
        min_value=-180,
        max_value=360,
    )
    muscle = serializers.CharField(required=False, default="")


DRAWING_PARAMETERS = [
    LANG,
    OpenApiParameter("side", str, enum=["left", "right"], description="`left` is mirrored."),
    OpenApiParameter(
        "end_degrees",
        float,
        description="Where the movement ends: a plan's maximum, neutral-zero degrees.",
    ),
    OpenApiParameter(
        "muscle", str, description="Which muscle of the exercise, where it names several."
    ),
]


def svg_response(drawn: str) -> HttpResponse:
    response = HttpResponse(drawn, content_type=SVG)
    response["Content-Security-Policy"] = POLICY
    return response


class ExerciseDrawing(InOneLanguage, generics.GenericAPIView[Exercise]):
    permission_classes = [PractitionersOnly]
    lookup_field = "slug"
    serializer_class = DrawingAsked
    queryset = Exercise.objects.all()

    @extend_schema(
        operation_id="exercises_drawing",
        tags=["catalogue"],
        parameters=DRAWING_PARAMETERS,
        responses={(200, SVG): OpenApiTypes.STR},
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The line drawing of a passive motion or of electrode pads; 404 where none is drawn.

        It prints no number. In both themes readable; text alternative inside.
        """
        exercise = self.get_object()
        asked = DrawingAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        drawn = pictures.drawing(
            **_what(exercise, asked.validated_data["muscle"]),
            side=asked.validated_data["side"],
            end_degrees=asked.validated_data["end_degrees"],
            language=self.language,
            standalone=True,
        )
        return svg_response(drawn)


def _what(exercise: Exercise, muscle: str) -> dict[str, str]:
    """The motion, or one muscle: the one asked for, else the first."""
    muscles = [exercise.muscle_id, *exercise.other_muscles]
    possible = pictures.drawn_for(
        modality=exercise.modality_id, motion=exercise.motion_id, muscles=muscles
    )
    for each in possible:
        if not muscle or each.get("muscle") == muscle:
            return each
    raise Http404
