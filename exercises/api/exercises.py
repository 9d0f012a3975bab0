"""GET /exercises and /exercises/{slug}."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers

from exercises import reference
from exercises.api.languages import LANG, InOneLanguage, Text, Texts
from exercises.api.pages import InOrder
from exercises.api.permissions import PractitionersOnly
from exercises.api.shared import (
    WORDS,
    CatalogueEvidence,
    CataloguePrecaution,
    CatalogueSourceSection,
    OneOf,
    Reviewed,
)
from exercises.models import Exercise
from exercises.models.exercise import Audience, ExerciseQuerySet, Place, Use


class CatalogueExercise(Reviewed):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = Text(source="names")
    summary = Text()
    modality = serializers.CharField(source="modality_id")
    motion = serializers.CharField(source="motion_id", allow_null=True)
    muscle = serializers.CharField(source="muscle_id", allow_null=True)
    place = OneOf(Place.values)
    taught_by_clinic = serializers.BooleanField()
    use = OneOf(Use.values, help_text="Only `plan` may be put into a plan.")
    advice_audience = OneOf(Audience.values)
    caution_audience = OneOf(Audience.values)
    evidence_kind = serializers.CharField()


class CatalogueDoseField(serializers.Serializer[Any]):
    """A number of a dose or a log. Ranges limit what may be recorded, not what may be treated."""

    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    prescribe = OneOf(["required", "allowed", "no"])
    per = OneOf(["part", "session"])
    integer = serializers.BooleanField()
    step = serializers.FloatField()
    hard_min = serializers.FloatField(help_text="Below it the value is refused.")
    hard_max = serializers.FloatField(help_text="Above it the value is refused.")
    soft_min = serializers.FloatField(allow_null=True, help_text="Below it we ask.")
    soft_max = serializers.FloatField(allow_null=True, help_text="Above it we ask.")
    source = serializers.CharField()  # type: ignore[assignment]


class CatalogueExerciseDetail(CatalogueExercise):
    other_muscles = serializers.ListField(child=serializers.CharField())
    performed_by = serializers.ListField(child=serializers.CharField())
    steps = Texts(help_text="In order, written to be heard.")
    stop_at = Texts(help_text="When to stop the movement or the session.")
    precautions = CataloguePrecaution(many=True)
    normal_degrees = serializers.SerializerMethodField(
        help_text="For range checks by a clinician; never shown to patients."
    )
    dose_fields = serializers.SerializerMethodField()
    gate_questions = serializers.SerializerMethodField()
    evidence = CatalogueEvidence(source="*")
    sources = CatalogueSourceSection(source="sections", many=True)

    def get_normal_degrees(self, exercise: Exercise) -> float | None:
        motion = reference.motions().get(exercise.motion_id or "")
        return motion.normal_degrees if motion else None

    @extend_schema_field(CatalogueDoseField(many=True))
    def get_dose_fields(self, exercise: Exercise) -> list[dict[str, Any]]:
        modality = reference.modalities().get(exercise.modality_id)
        return [self._field(use, exercise) for use in modality.fields] if modality else []

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_gate_questions(self, exercise: Exercise) -> list[str]:
        modality = reference.modalities().get(exercise.modality_id)
        return list(modality.gate_questions) if modality else []

    def _field(self, use: Any, exercise: Exercise) -> dict[str, Any]:
        motion = exercise.motion_id if exercise.motion_id in reference.motions() else None
        limits = reference.limits(use.code, modality=exercise.modality_id, motion=motion)
        field = {
            "code": use.code,
            "name": limits.labels[self.context["language"]],
            "prescribe": use.prescribe,
            "per": use.per,
        }
        same = ("unit", "integer", "step", "hard_min", "hard_max", "soft_min", "soft_max", "source")
        return {**field, **{name: getattr(limits, name) for name in same}}


class ExerciseList(InOneLanguage, generics.ListAPIView[Exercise]):
    permission_classes = [PractitionersOnly]
    pagination_class = InOrder
    serializer_class = CatalogueExercise

    @extend_schema(
        operation_id="exercises_list",
        tags=["catalogue"],
        parameters=[
            LANG,
            OpenApiParameter("modality", str),
            OpenApiParameter("motion", str),
            OpenApiParameter("muscle", str),
            WORDS,
        ],
        responses=CatalogueExercise(many=True),
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Exercises that are in the catalogue now, narrowed by codes."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> ExerciseQuerySet:
        exercises = Exercise.objects.current().matching(
            modality=self.request.query_params.get("modality"),
            motion=self.request.query_params.get("motion"),
            muscle=self.request.query_params.get("muscle"),
        )
        words = self.request.query_params.get("q")
        return exercises.matching_words(words) if words is not None else exercises


class ExerciseDetail(InOneLanguage, generics.RetrieveAPIView[Exercise]):
    permission_classes = [PractitionersOnly]
    lookup_field = "slug"
    serializer_class = CatalogueExerciseDetail
    queryset = Exercise.objects.with_grounds()

    @extend_schema(
        operation_id="exercises_read",
        tags=["catalogue"],
        parameters=[LANG],
        responses=CatalogueExerciseDetail,
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """One exercise, also when it has been withdrawn."""
        return self.retrieve(request, *args, **kwargs)
