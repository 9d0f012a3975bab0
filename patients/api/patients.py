"""Patients: listing, registering, reading and changing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.authority import Authority
from patients.access.walls import walled
from patients.actions import audit
from patients.actions.patients import edit_patient, register_patient
from patients.actions.permission import require_for_patient
from patients.api.pages import ByName, paged
from patients.domain.errors import Invalid
from patients.domain.roles import ALL_SCOPES, COORDINATOR_SCOPES, Scope
from patients.models import Clinic, Patient, User
from patients.models.authority import authority_of
from patients.models.relationship import SCOPES
from patients.models.user import LANGUAGES


class PatientOut(serializers.Serializer):
    id = serializers.UUIDField()
    clinic = serializers.UUIDField()
    name = serializers.CharField()
    zone = serializers.CharField()
    language = serializers.ChoiceField(LANGUAGES)
    birth_date = serializers.DateField(
        allow_null=True, help_text="null where unknown, or without the scope `manage`."
    )
    record_number = serializers.CharField(
        allow_null=True, help_text="null without the scope `manage`."
    )
    has_account = serializers.BooleanField()
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES))


class PatientFacts(serializers.Serializer):
    name = serializers.CharField(max_length=200)
    birth_date = serializers.DateField(required=False, allow_null=True)
    zone = serializers.CharField(required=False, help_text="IANA name; the clinic's if left out.")
    language = serializers.ChoiceField(LANGUAGES, required=False)
    record_number = serializers.CharField(required=False, allow_blank=True, max_length=100)


class PatientIn(PatientFacts):
    clinic = serializers.UUIDField(
        required=False, help_text="Needed only by somebody who works in several clinics."
    )
    becomes_clinician = serializers.BooleanField(
        required=False,
        default=True,
        help_text="Whether the one who registers becomes the patient's clinician.",
    )


PatientPage = inline_serializer(
    "PatientPage",
    {
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": PatientOut(many=True),
    },
)


class Patients(APIView):
    @extend_schema(operation_id="patients", responses=PatientPage, tags=["patients"])
    @walled
    def get(self, request: Request) -> Response:
        """Every patient this account may see, by name."""
        at = timezone.now()
        authority = authority_of(request.user, at=at)

        def show(page: Sequence[Patient]) -> list[dict[str, Any]]:
            return [shown(patient, authority, at) for patient in page]

        rows = Patient.objects.visible_under(authority, at=at)
        return paged(ByName(), rows, request, self, show)

    @extend_schema(
        operation_id="register_patient",
        request=PatientIn,
        responses={201: PatientOut},
        tags=["patients"],
    )
    @walled
    def post(self, request: Request) -> Response:
        """Register a patient in a clinic where this account works."""
        form = PatientIn(data=request.data)
        form.is_valid(raise_exception=True)
        at, facts = timezone.now(), dict(form.validated_data)
        clinic_id = facts.pop("clinic", None) or _only_clinic(request.user, at)
        patient = register_patient(by=request.user, at=at, clinic_id=clinic_id, **facts)
        authority = authority_of(request.user, at=at, patient_id=patient.pk)
        return Response(shown(patient, authority, at), 201)


class OnePatient(APIView):
    @extend_schema(operation_id="patient", responses=PatientOut, tags=["patients"])
    @walled
    def get(self, request: Request, patient_id: UUID) -> Response:
        at = timezone.now()
        authority, patient = require_for_patient(
            by=request.user, at=at, patient_id=patient_id, action="see_patient"
        )
        audit.record_read(
            by=request.user.pk, patient_id=patient.pk, clinic_id=patient.clinic_id,
            kind="read.patient", at=at,
        )  # fmt: skip
        return Response(shown(patient, authority, at))

    @extend_schema(
        operation_id="edit_patient", request=PatientFacts, responses=PatientOut, tags=["patients"]
    )
    @walled
    def patch(self, request: Request, patient_id: UUID) -> Response:
        """Change facts about a patient (scope `manage`)."""
        form = PatientFacts(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        at = timezone.now()
        patient = edit_patient(
            by=request.user, at=at, patient_id=patient_id, changes=form.validated_data
        )
        authority = authority_of(request.user, at=at, patient_id=patient_id)
        return Response(shown(patient, authority, at))


def shown(patient: Patient, authority: Authority, at: datetime) -> dict[str, Any]:
    """A patient as this account may see them."""
    scopes = _scopes(patient, authority, at)
    manages = Scope.MANAGE in scopes
    return PatientOut(
        {
            "id": patient.pk,
            "clinic": patient.clinic_id,
            "name": patient.name,
            "zone": patient.zone,
            "language": patient.language,
            "birth_date": patient.birth_date if manages else None,
            "record_number": patient.record_number if manages else None,
            "has_account": patient.user_id is not None,
            "scopes": sorted(scopes),
        }
    ).data


def _scopes(patient: Patient, authority: Authority, at: datetime) -> frozenset[str]:
    if patient.pk in authority.own_patient_ids:
        return ALL_SCOPES
    coordinated = patient.clinic_id in authority.coordinated_clinics(at)
    held = COORDINATOR_SCOPES if coordinated else frozenset()
    return held | authority.scopes_by_name(patient.pk, at)


def _only_clinic(user: User, at: datetime) -> UUID:
    clinics = list(Clinic.objects.worked_in_by(user, at).values_list("id", flat=True)[:2])
    if len(clinics) != 1:
        raise Invalid("Name the clinic.", field="clinic", code="required")
    return clinics[0]
