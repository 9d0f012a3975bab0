"""Who is away from a clinic, and who stands in."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.walls import walled
from patients.actions.absences import end_absence, record_absence
from patients.actions.permission import require_in_clinic
from patients.models import Absence


class AbsenceIn(serializers.Serializer):
    practitioner = serializers.UUIDField(help_text="Whose post; another's for coordinators only.")
    deputy = serializers.UUIDField(help_text="The post of whoever stands in.")
    starts_at = serializers.DateTimeField(help_text="A moment in the past counts as now.")
    ends_at = serializers.DateTimeField(help_text="The first moment after; it ends by itself.")


class AbsenceOut(AbsenceIn):
    id = serializers.UUIDField()
    practitioner = serializers.UUIDField(source="practitioner_id")
    practitioner_name = serializers.CharField(source="practitioner.user.name")
    deputy = serializers.UUIDField(source="deputy_id")
    deputy_name = serializers.CharField(source="deputy.user.name")


class Absences(APIView):
    @extend_schema(operation_id="absences", responses=AbsenceOut(many=True), tags=["clinics"])
    @walled
    def get(self, request: Request, clinic_id: UUID) -> Response:
        """Who is away now or will be, for staff."""
        at = timezone.now()
        clinic = require_in_clinic(by=request.user, at=at, clinic_id=clinic_id)
        rows = Absence.objects.not_over(at).filter(clinic=clinic)
        return Response(AbsenceOut(rows, many=True).data)

    @extend_schema(
        operation_id="record_absence",
        request=AbsenceIn,
        responses={201: AbsenceOut},
        tags=["clinics"],
    )
    @walled
    def post(self, request: Request, clinic_id: UUID) -> Response:
        """Hand over on leave. The deputy has the patients, with the same rights, and the alerts."""
        form = AbsenceIn(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        absence = record_absence(
            by=request.user,
            at=timezone.now(),
            clinic_id=clinic_id,
            practitioner_id=told["practitioner"],
            deputy_id=told["deputy"],
            starts_at=told["starts_at"],
            ends_at=told["ends_at"],
        )
        return Response(AbsenceOut(absence).data, status=201)


class EndAbsence(APIView):
    @extend_schema(operation_id="end_absence", request=None, responses=AbsenceOut, tags=["clinics"])
    @walled
    def post(self, request: Request, absence_id: UUID) -> Response:
        """End an absence now, or call one off: the absent, or a coordinator."""
        return Response(
            AbsenceOut(end_absence(by=request.user, at=timezone.now(), absence_id=absence_id)).data
        )
