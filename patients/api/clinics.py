"""The clinic: its facts, its staff and its duty rota."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.walls import walled
from patients.actions.clinics import DutyTurn, edit_clinic, end_post, set_duty_rota
from patients.actions.permission import require_in_clinic
from patients.domain.errors import NotVisible
from patients.models import Clinic, DutyShift, Patient, Practitioner, User


class ClinicFacts(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    zone = serializers.CharField(help_text="IANA name.")
    hours = serializers.DictField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.CharField())),
        help_text='{"mon": [["08:00", "17:30"]]}, local to `zone`; a day left out is closed.',
    )
    holidays = serializers.ListField(child=serializers.DateField())
    emergency_number = serializers.CharField(max_length=20)
    phone = serializers.CharField(allow_blank=True, max_length=40)
    last_resort_contact = serializers.CharField(allow_blank=True, max_length=500)
    unattended = serializers.BooleanField(
        help_text="Nobody answers messages here, and patients are told so."
    )
    requires_signature = serializers.BooleanField(
        help_text="Whether content is shown only when a practitioner here has signed it."
    )


class ClinicOut(ClinicFacts):
    id = serializers.UUIDField()


class PractitionerOut(serializers.Serializer):
    id = serializers.UUIDField()
    user = serializers.UUIDField(source="user_id")
    name = serializers.CharField(source="user.name")
    title = serializers.CharField(allow_blank=True)
    is_coordinator = serializers.BooleanField()
    starts_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class DutyShiftIn(serializers.Serializer):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="Monday is 0.")
    starts = serializers.TimeField()
    ends = serializers.TimeField(help_text="Not after `starts`: the shift runs past midnight.")
    practitioner = serializers.UUIDField()
    deputy = serializers.UUIDField(allow_null=True, required=False, default=None)


class DutyShiftOut(serializers.Serializer):
    id = serializers.UUIDField()
    weekday = serializers.IntegerField()
    starts = serializers.TimeField()
    ends = serializers.TimeField()
    practitioner = serializers.UUIDField(source="practitioner_id")
    practitioner_name = serializers.CharField(source="practitioner.user.name")
    deputy = serializers.UUIDField(source="deputy_id", allow_null=True)
    deputy_name = serializers.CharField(source="deputy.user.name", default=None, allow_null=True)


class DutyRotaIn(serializers.Serializer):
    shifts = DutyShiftIn(many=True)


class OneClinic(APIView):
    @extend_schema(operation_id="clinic", responses=ClinicOut, tags=["clinics"])
    @walled
    def get(self, request: Request, clinic_id: UUID) -> Response:
        """For its staff, its patients and those who help them."""
        at = timezone.now()
        if not _belongs(request.user, clinic_id, at):
            raise NotVisible
        return Response(ClinicOut(Clinic.objects.get(pk=clinic_id)).data)

    @extend_schema(
        operation_id="edit_clinic", request=ClinicFacts, responses=ClinicOut, tags=["clinics"]
    )
    @walled
    def patch(self, request: Request, clinic_id: UUID) -> Response:
        """For a coordinator."""
        form = ClinicFacts(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        clinic = edit_clinic(
            by=request.user, at=timezone.now(), clinic_id=clinic_id, changes=form.validated_data
        )
        return Response(ClinicOut(clinic).data)


class Practitioners(APIView):
    @extend_schema(
        operation_id="practitioners", responses=PractitionerOut(many=True), tags=["clinics"]
    )
    @walled
    def get(self, request: Request, clinic_id: UUID) -> Response:
        """Staff with a running post, for staff."""
        at = timezone.now()
        clinic = require_in_clinic(by=request.user, at=at, clinic_id=clinic_id)
        rows = Practitioner.objects.running(at).filter(clinic=clinic).select_related("user")
        return Response(PractitionerOut(rows.order_by("user__name", "id"), many=True).data)


class EndPost(APIView):
    @extend_schema(
        operation_id="end_post", request=None, responses=PractitionerOut, tags=["clinics"]
    )
    @walled
    def post(self, request: Request, clinic_id: UUID, practitioner_id: UUID) -> Response:
        """End a post now, for a coordinator. Its relationships stop carrying rights."""
        at = timezone.now()
        post = end_post(
            by=request.user, at=at, clinic_id=clinic_id, practitioner_id=practitioner_id
        )
        return Response(PractitionerOut(post).data)


class DutyRota(APIView):
    @extend_schema(operation_id="duty_rota", responses=DutyShiftOut(many=True), tags=["clinics"])
    @walled
    def get(self, request: Request, clinic_id: UUID) -> Response:
        """Who answers when, for staff."""
        clinic = require_in_clinic(by=request.user, at=timezone.now(), clinic_id=clinic_id)
        return Response(DutyShiftOut(DutyShift.objects.of(clinic), many=True).data)

    @extend_schema(
        operation_id="set_duty_rota",
        request=DutyRotaIn,
        responses=DutyShiftOut(many=True),
        tags=["clinics"],
    )
    @walled
    def put(self, request: Request, clinic_id: UUID) -> Response:
        """Replace the whole rota, for a coordinator."""
        form = DutyRotaIn(data=request.data)
        form.is_valid(raise_exception=True)
        shifts = set_duty_rota(
            by=request.user, at=timezone.now(), clinic_id=clinic_id,
            turns=[_turn(line) for line in form.validated_data["shifts"]],
        )  # fmt: skip
        return Response(DutyShiftOut(shifts, many=True).data)


def _belongs(user: User, clinic_id: UUID, at: datetime) -> bool:
    works_there = Clinic.objects.worked_in_by(user, at).filter(pk=clinic_id).exists()
    of_clinic = Patient.objects.visible_to(user, at=at).filter(clinic_id=clinic_id)
    return works_there or of_clinic.exists()


def _turn(line: dict[str, Any]) -> DutyTurn:
    return DutyTurn(
        weekday=line["weekday"],
        starts=line["starts"],
        ends=line["ends"],
        practitioner_id=line["practitioner"],
        deputy_id=line["deputy"],
    )
