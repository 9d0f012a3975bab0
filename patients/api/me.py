"""The account itself: who I am, what I am to whom."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.authority import Authority
from patients.access.decisions import patients_with
from patients.access.walls import walled
from patients.actions.accounts import edit_account
from patients.domain.roles import ALL_SCOPES, ANY_SCOPE
from patients.models import ContactPoint, Patient, Practitioner, User
from patients.models.authority import authority_of
from patients.models.contact import TOLD_FOR
from patients.models.relationship import SCOPES
from patients.models.user import LANGUAGES


class MyPostOut(serializers.Serializer):
    clinic = serializers.UUIDField(source="clinic_id")
    clinic_name = serializers.CharField(source="clinic.name")
    role = serializers.ChoiceField(["practitioner", "coordinator"], source="get_role")
    title = serializers.CharField()


class MyPatientOut(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    clinic = serializers.UUIDField()
    is_me = serializers.BooleanField()
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES))


class MeOut(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    language = serializers.ChoiceField(LANGUAGES)
    unreached = serializers.BooleanField(
        help_text="An address stopped working in the last 30 days: messages don't arrive there."
    )
    roles = MyPostOut(many=True, help_text="Running posts in clinics.")
    patients = MyPatientOut(
        many=True,
        help_text="The account's own records and those it helps. A coordinator finds the rest "
        "of the clinic in /patients.",
    )


class MeIn(serializers.Serializer):
    name = serializers.CharField(required=False)
    language = serializers.ChoiceField(LANGUAGES, required=False)


class Me(APIView):
    @extend_schema(operation_id="me", responses=MeOut, tags=["me"])
    @walled
    def get(self, request: Request) -> Response:
        """Who is signed in, with their posts and patients."""
        return Response(_shown(request.user))

    @extend_schema(operation_id="edit_me", request=MeIn, responses=MeOut, tags=["me"])
    @walled
    def patch(self, request: Request) -> Response:
        """Change one's own name or language."""
        form = MeIn(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(_shown(edit_account(by=request.user, **form.validated_data)))


def _shown(user: User) -> dict[str, Any]:
    at = timezone.now()
    authority = authority_of(user, at=at)
    known = Patient.objects.filter(pk__in=patients_with(authority, ANY_SCOPE, at))
    posts = Practitioner.objects.running(at).filter(user=user).select_related("clinic")
    me = {name: getattr(user, name) for name in ("id", "name", "email", "phone", "language")}
    patients = [_patient(patient, authority, at) for patient in known.order_by("name", "id")]
    roles = [_post(post) for post in posts.order_by("clinic__name", "id")]
    unreached = ContactPoint.objects.of(user).lost_since(at - TOLD_FOR).exists()
    return MeOut({**me, "unreached": unreached, "roles": roles, "patients": patients}).data


def _patient(patient: Patient, authority: Authority, at: Any) -> dict[str, Any]:
    is_me = patient.pk in authority.own_patient_ids
    return {
        "id": patient.pk,
        "name": patient.name,
        "clinic": patient.clinic_id,
        "is_me": is_me,
        "scopes": sorted(ALL_SCOPES if is_me else authority.scopes_by_name(patient.pk, at)),
    }


def _post(post: Practitioner) -> dict[str, Any]:
    return {
        "clinic_id": post.clinic_id,
        "clinic": post.clinic,
        "get_role": "coordinator" if post.is_coordinator else "practitioner",
        "title": post.title,
    }
