"""Who helps a patient."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.walls import walled
from patients.actions.break_glass import break_glass
from patients.actions.permission import require_for_patient
from patients.actions.relationships import begin_relationship, end_relationship
from patients.models import CareRelationship
from patients.models.relationship import ALL_ROLES, ROLES, SCOPES


class CareRelationshipOut(serializers.Serializer):
    id = serializers.UUIDField()
    user = serializers.UUIDField(source="user_id")
    name = serializers.CharField(source="user.name")
    role = serializers.ChoiceField(ALL_ROLES)
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES))
    starts_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by = serializers.UUIDField(source="ended_by_id", allow_null=True)


class CareRelationshipIn(serializers.Serializer):
    user = serializers.UUIDField(help_text="An account known in the clinic; others are invited.")
    role = serializers.ChoiceField(ROLES)
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES), min_length=1)
    starts_at = serializers.DateTimeField(required=False)


class CareRelationships(APIView):
    @extend_schema(
        operation_id="care_relationships",
        responses=CareRelationshipOut(many=True),
        tags=["care relationships"],
    )
    @walled
    def get(self, request: Request, patient_id: UUID) -> Response:
        """All past and present ones with the scope `manage`; without it one's own only."""
        at = timezone.now()
        authority, patient = require_for_patient(
            by=request.user, at=at, patient_id=patient_id, action="see_patient"
        )
        rows = CareRelationship.objects.visible_under(authority, at=at).filter(patient=patient)
        rows = rows.select_related("user").order_by("starts_at", "id")
        return Response(CareRelationshipOut(rows, many=True).data)

    @extend_schema(
        operation_id="begin_care_relationship",
        request=CareRelationshipIn,
        responses={201: CareRelationshipOut},
        tags=["care relationships"],
    )
    @walled
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Relate an account that is known in the clinic already."""
        form = CareRelationshipIn(data=request.data)
        form.is_valid(raise_exception=True)
        facts = dict(form.validated_data)
        relationship = begin_relationship(
            by=request.user, at=timezone.now(), patient_id=patient_id,
            user_id=facts.pop("user"), **facts,
        )  # fmt: skip
        return Response(CareRelationshipOut(relationship).data, 201)


class EndCareRelationship(APIView):
    @extend_schema(
        operation_id="end_care_relationship",
        request=None,
        responses=CareRelationshipOut,
        tags=["care relationships"],
    )
    @walled
    def post(self, request: Request, patient_id: UUID, relationship_id: UUID) -> Response:
        """End it now. Whoever manages the patient's helpers may, and the helper."""
        relationship = end_relationship(
            by=request.user, at=timezone.now(), patient_id=patient_id,
            relationship_id=relationship_id,
        )  # fmt: skip
        return Response(CareRelationshipOut(relationship).data)


class BreakGlassIn(serializers.Serializer):
    reason = serializers.CharField(max_length=500, help_text="The patient can read it.")


class BreakGlass(APIView):
    @extend_schema(
        operation_id="break_glass",
        request=BreakGlassIn,
        responses={201: CareRelationshipOut},
        tags=["care relationships"],
    )
    @walled
    def post(self, request: Request, patient_id: UUID) -> Response:
        """For practitioners of the clinic: a clinician's rights for 24 hours, audited."""
        form = BreakGlassIn(data=request.data)
        form.is_valid(raise_exception=True)
        relationship = break_glass(
            by=request.user, at=timezone.now(), patient_id=patient_id, **form.validated_data
        )
        return Response(CareRelationshipOut(relationship).data, 201)
