"""Inviting and accepting."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.walls import walled
from patients.actions.accounts import NewAccount
from patients.actions.attempts import count_attempt
from patients.actions.invitations import (
    Issued,
    accept_invitation,
    invite_staff,
    invite_to_patient,
    revoke_invitation,
)
from patients.adapters import AccountAdapter
from patients.channels.letters import send_invitation
from patients.domain.errors import Invalid
from patients.models import User
from patients.models.invitation import INVITED_AS
from patients.models.relationship import SCOPES
from patients.models.user import LANGUAGES


class InvitationIn(serializers.Serializer):
    patient = serializers.UUIDField(required=False, help_text="For a helper or the patient.")
    clinic = serializers.UUIDField(required=False, help_text="For staff.")
    invited_as = serializers.ChoiceField(INVITED_AS)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(SCOPES), required=False, help_text="For a helper."
    )
    email = serializers.EmailField(required=False)
    phone = serializers.CharField(required=False, max_length=40)
    name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    language = serializers.ChoiceField(LANGUAGES, required=False)


class InvitationOut(serializers.Serializer):
    id = serializers.UUIDField(source="invitation.id")
    invited_as = serializers.ChoiceField(INVITED_AS, source="invitation.invited_as")
    expires_at = serializers.DateTimeField(source="invitation.expires_at")
    code = serializers.CharField(help_text="To hand over. It cannot be read again.")
    sent = serializers.BooleanField(help_text="Whether an e-mail with the code has left.")


class AcceptIn(serializers.Serializer):
    code = serializers.CharField(max_length=40)
    password = serializers.CharField(
        required=False, max_length=200, help_text="Needed when nobody is signed in."
    )
    name = serializers.CharField(required=False, max_length=200)
    email = serializers.EmailField(required=False)
    phone = serializers.CharField(required=False, max_length=40)
    language = serializers.ChoiceField(LANGUAGES, required=False)


class AcceptedOut(serializers.Serializer):
    user = serializers.UUIDField(source="user.id")
    clinic = serializers.UUIDField(source="invitation.clinic_id")
    patient = serializers.UUIDField(source="invitation.patient_id", allow_null=True)
    invited_as = serializers.ChoiceField(INVITED_AS, source="invitation.invited_as")


class Invitations(APIView):
    @extend_schema(
        operation_id="invite",
        request=InvitationIn,
        responses={201: InvitationOut},
        tags=["invitations"],
    )
    @walled
    def post(self, request: Request) -> Response:
        """Invite a helper or the account of a patient, or staff of a clinic."""
        form = InvitationIn(data=request.data)
        form.is_valid(raise_exception=True)
        issued = _invite(request.user, dict(form.validated_data))
        sent = send_invitation(issued.invitation, issued.code)
        shown = {"invitation": issued.invitation, "code": issued.code, "sent": sent}
        return Response(InvitationOut(shown).data, 201)


class RevokeInvitation(APIView):
    @extend_schema(
        operation_id="revoke_invitation", request=None, responses={204: None}, tags=["invitations"]
    )
    @walled
    def post(self, request: Request, invitation_id: UUID) -> Response:
        """Close an invitation that nobody has accepted yet."""
        revoke_invitation(by=request.user, at=timezone.now(), invitation_id=invitation_id)
        return Response(status=204)


class AcceptInvitation(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="accept_invitation",
        request=AcceptIn,
        responses={201: AcceptedOut},
        auth=[],
        tags=["invitations"],
    )
    def post(self, request: Request) -> Response:
        """Take up a role: with the account that is signed in, or by opening one."""
        form = AcceptIn(data=request.data)
        form.is_valid(raise_exception=True)
        count_attempt("invitation-code", AccountAdapter().get_client_ip(request))
        facts = dict(form.validated_data)
        code = facts.pop("code")
        if request.user.is_authenticated:
            accepted = accept_invitation(code=code, at=timezone.now(), by=request.user)
        else:
            if "password" not in facts:
                raise Invalid("Choose a password.", field="password", code="required")
            accepted = accept_invitation(code=code, at=timezone.now(), account=NewAccount(**facts))
        return Response(AcceptedOut(accepted).data, 201)


def _invite(by: User, facts: dict[str, object]) -> Issued:
    patient_id, clinic_id = facts.pop("patient", None), facts.pop("clinic", None)
    if (patient_id is None) == (clinic_id is None):
        raise Invalid("Name a patient or a clinic.", field="patient", code="required")
    at = timezone.now()
    if patient_id is not None:
        facts.pop("title", None)
        return invite_to_patient(by=by, at=at, patient_id=patient_id, **facts)  # type: ignore[arg-type]
    facts.pop("scopes", None)
    return invite_staff(by=by, at=at, clinic_id=clinic_id, **facts)  # type: ignore[arg-type]
