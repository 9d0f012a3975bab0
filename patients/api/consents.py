"""What a patient agreed to."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.walls import walled
from patients.actions.consent import record_consent
from patients.actions.permission import require_for_patient
from patients.models import Consent
from patients.models.consent import DECISIONS, PURPOSES


class ConsentIn(serializers.Serializer):
    purpose = serializers.ChoiceField(PURPOSES)
    decision = serializers.ChoiceField(DECISIONS)


class ConsentOut(ConsentIn):
    id = serializers.UUIDField()
    by = serializers.UUIDField(source="by_id")
    at = serializers.DateTimeField()


class Consents(APIView):
    @extend_schema(operation_id="consents", responses=ConsentOut(many=True), tags=["consents"])
    @walled
    def get(self, request: Request, patient_id: UUID) -> Response:
        """The decision that holds for each purpose. A purpose never asked about is not there."""
        _authority, patient = require_for_patient(
            by=request.user, at=timezone.now(), patient_id=patient_id, action="manage"
        )
        rows = Consent.objects.filter(patient=patient).standing()
        return Response(ConsentOut(rows, many=True).data)

    @extend_schema(
        operation_id="record_consent",
        request=ConsentIn,
        responses={201: ConsentOut},
        tags=["consents"],
    )
    @walled
    def post(self, request: Request, patient_id: UUID) -> Response:
        """Record a decision; saying the same again changes nothing."""
        form = ConsentIn(data=request.data)
        form.is_valid(raise_exception=True)
        consent = record_consent(
            by=request.user, at=timezone.now(), patient_id=patient_id, **form.validated_data
        )
        return Response(ConsentOut(consent).data, 201)
