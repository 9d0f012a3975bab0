"""A plan as the API shows it."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from rehab.models import ItemKind, PlanItem, PlanStatus, Side, ZonePolicy
from rehab.models.reads.names import part_name


class PlanOut(serializers.Serializer):
    id = serializers.UUIDField()
    patient = serializers.UUIDField(source="patient_id")
    title = serializers.CharField()
    status = serializers.ChoiceField(PlanStatus.choices)
    protocol = serializers.CharField(source="protocol_slug", allow_blank=True)
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(source="created_by.name")
    review_due_on = serializers.DateField(allow_null=True)
    training_expires_on = serializers.DateField(allow_null=True)


class PlanPartOut(serializers.Serializer):
    part = serializers.UUIDField()
    exercise = serializers.CharField(source="exercise.slug", default=None, allow_null=True)
    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    motion = serializers.CharField(allow_blank=True)
    muscle = serializers.CharField(allow_blank=True)
    channel = serializers.IntegerField(allow_null=True)
    side = serializers.ChoiceField(Side.choices)
    dose = serializers.DictField()
    maximum = serializers.DictField()

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_label(self, part: Any) -> dict[str, str]:
        return part_name(part)


class PlanItemOut(serializers.Serializer):
    series = serializers.UUIDField()
    exercise = serializers.CharField(source="exercise.slug")
    modality = serializers.CharField()
    title = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(ItemKind.choices)
    parts = PlanPartOut(many=True, source="parts.all")
    target = serializers.DictField()
    maximum = serializers.SerializerMethodField()
    schedule = serializers.DictField()
    zone = serializers.CharField()
    zone_policy = serializers.ChoiceField(ZonePolicy.choices)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    gate_questions = serializers.ListField(child=serializers.CharField())
    reminded = serializers.ListField(child=serializers.UUIDField())
    reminded_by_slot = serializers.DictField(
        child=serializers.ListField(child=serializers.UUIDField())
    )
    next_after_minutes = serializers.IntegerField(allow_null=True)
    wakes = serializers.BooleanField()
    instruction = serializers.CharField(allow_blank=True)

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_title(self, item: PlanItem) -> dict[str, str]:
        return item.title or item.exercise.names

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_maximum(self, item: PlanItem) -> dict[str, Any]:
        sessions = {
            "sessions_per_day": item.sessions_per_day_maximum,
            "sessions_per_week": item.sessions_per_week_maximum,
        }
        return {
            **{name: most for name, most in sessions.items() if most is not None},
            **item.maximum,
        }


class PlanVersionOut(serializers.Serializer):
    number = serializers.IntegerField()
    effective_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(source="created_by.name")
    note = serializers.CharField(allow_blank=True)


class PauseOut(serializers.Serializer):
    """started_by is empty when a rule paused it."""

    series = serializers.UUIDField()
    part = serializers.UUIDField(allow_null=True)
    starts_at = serializers.DateTimeField()
    started_by = serializers.CharField(source="started_by.name", default=None, allow_null=True)
    flag = serializers.UUIDField(source="flag_id", allow_null=True)
    rule = serializers.CharField(source="flag.rule", default=None, allow_null=True)
    reason = serializers.CharField()


class GateOverrideOut(serializers.Serializer):
    series = serializers.UUIDField()
    gate = serializers.CharField()
    by = serializers.CharField(source="by.name")
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    expires_on = serializers.DateField()


class PlanStatusChangeOut(serializers.Serializer):
    was = serializers.ChoiceField(PlanStatus.choices)
    now = serializers.ChoiceField(PlanStatus.choices)
    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.name")
    reason = serializers.CharField(allow_blank=True)


class PlanDetailOut(PlanOut):
    """A plan with the items of one version: in force, of a draft the newest, else the last."""

    id = serializers.UUIDField(source="plan.id")
    patient = serializers.UUIDField(source="plan.patient_id")
    title = serializers.CharField(source="plan.title")
    status = serializers.ChoiceField(PlanStatus.choices, source="plan.status")
    protocol = serializers.CharField(source="plan.protocol_slug", allow_blank=True)
    created_at = serializers.DateTimeField(source="plan.created_at")
    created_by = serializers.CharField(source="plan.created_by.name")
    review_due_on = serializers.DateField(source="plan.review_due_on", allow_null=True)
    training_expires_on = serializers.DateField(source="plan.training_expires_on", allow_null=True)
    version = serializers.IntegerField(source="version.number")
    items = PlanItemOut(many=True)
    versions = PlanVersionOut(many=True)
    pauses = PauseOut(many=True)
    overrides = GateOverrideOut(many=True)
    status_changes = PlanStatusChangeOut(many=True)
