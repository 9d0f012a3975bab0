"""How the account that is signed in is reached."""

from uuid import UUID

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.actions.contact import (
    add_contact_point,
    confirm_phone,
    own_contact_point,
    retire_contact_point,
    send_proof,
    set_notification_preferences,
    set_reminders,
)
from patients.channels.push_key import public_key
from patients.models import ContactPoint, NotificationPreference
from patients.models.contact import CHANNELS


class ContactPointIn(serializers.Serializer):
    channel = serializers.ChoiceField(CHANNELS)
    address = serializers.CharField(
        max_length=2000, help_text="For `push`: the browser's subscription as JSON text."
    )


class ContactPointOut(ContactPointIn):
    id = serializers.UUIDField()
    address = serializers.CharField(
        source="shown_address", help_text="For `push`: the endpoint alone, without its keys."
    )
    verified_at = serializers.DateTimeField(allow_null=True)
    reminders_off_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when only alerts come here, not reminders."
    )


class NewContactPoint(ContactPointOut):
    secret = serializers.CharField(
        help_text="For `webhook`: what its messages are signed with, shown this once. Else empty."
    )


class ContactPointChange(serializers.Serializer):
    reminders = serializers.BooleanField(help_text="False: only alerts come here.")


class PhoneCode(serializers.Serializer):
    code = serializers.CharField(max_length=20)


class ProofSent(serializers.Serializer):
    sent = serializers.BooleanField()


class PushKey(serializers.Serializer):
    public_key = serializers.CharField(
        help_text="`applicationServerKey` of `PushManager.subscribe`; empty: push is not set up."
    )


class PreferencesIn(serializers.Serializer):
    quiet_from = serializers.TimeField(allow_null=True)
    quiet_until = serializers.TimeField(allow_null=True)
    zone = serializers.CharField()
    daily_budget = serializers.IntegerField(min_value=0, max_value=100)
    may_wake = serializers.BooleanField()


class PreferencesOut(PreferencesIn):
    pass


class ContactPoints(APIView):
    @extend_schema(operation_id="contact_points", responses=ContactPointOut(many=True), tags=["me"])
    def get(self, request: Request) -> Response:
        """Contact points in use. Messages go to verified ones only."""
        rows = ContactPoint.objects.of(request.user).in_use()
        return Response(ContactPointOut(rows, many=True).data)

    @extend_schema(
        operation_id="add_contact_point",
        request=ContactPointIn,
        responses={201: NewContactPoint},
        tags=["me"],
    )
    def post(self, request: Request) -> Response:
        """Add one. An e-mail address gets a letter with a link that verifies it, a number a code.

        A webhook is verified by the first test that it takes; adding it again makes a new secret.
        """
        form, at = ContactPointIn(data=request.data), timezone.now()
        form.is_valid(raise_exception=True)
        point = add_contact_point(by=request.user, at=at, **form.validated_data)
        send_proof(by=request.user, at=at, point=point)
        return Response(NewContactPoint(point).data, 201)


class OneContactPoint(APIView):
    @extend_schema(
        operation_id="change_contact_point",
        request=ContactPointChange,
        responses=ContactPointOut,
        tags=["me"],
    )
    def patch(self, request: Request, contact_point_id: UUID) -> Response:
        """Say whether reminders come here. Alerts always do."""
        form = ContactPointChange(data=request.data)
        form.is_valid(raise_exception=True)
        point = own_contact_point(by=request.user, contact_point_id=contact_point_id)
        wanted = form.validated_data["reminders"]
        point = set_reminders(at=timezone.now(), contact_point_id=point.pk, wanted=wanted)
        return Response(ContactPointOut(point).data)

    @extend_schema(operation_id="remove_contact_point", responses={204: None}, tags=["me"])
    def delete(self, request: Request, contact_point_id: UUID) -> Response:
        retire_contact_point(by=request.user, at=timezone.now(), contact_point_id=contact_point_id)
        return Response(status=204)


class ContactPointProof(APIView):
    @extend_schema(
        operation_id="send_contact_point_proof", request=None, responses=ProofSent, tags=["me"]
    )
    def post(self, request: Request, contact_point_id: UUID) -> Response:
        """Send the letter or the code once more."""
        point = own_contact_point(by=request.user, contact_point_id=contact_point_id)
        sent = send_proof(by=request.user, at=timezone.now(), point=point)
        return Response(ProofSent({"sent": sent}).data)


class ContactPointConfirm(APIView):
    @extend_schema(
        operation_id="confirm_contact_point",
        request=PhoneCode,
        responses=ContactPointOut,
        tags=["me"],
    )
    def post(self, request: Request, contact_point_id: UUID) -> Response:
        """Confirm a phone number with the code that was sent there."""
        form = PhoneCode(data=request.data)
        form.is_valid(raise_exception=True)
        point = confirm_phone(
            by=request.user,
            at=timezone.now(),
            contact_point_id=contact_point_id,
            code=form.validated_data["code"],
        )
        return Response(ContactPointOut(point).data)


class PushKeyCall(APIView):
    @extend_schema(operation_id="push_key", responses=PushKey, tags=["me"])
    def get(self, request: Request) -> Response:
        """The key that a browser signs up for notifications with."""
        return Response({"public_key": public_key(settings.VAPID_PRIVATE_KEY)})


class NotificationPreferences(APIView):
    @extend_schema(operation_id="notification_preferences", responses=PreferencesOut, tags=["me"])
    def get(self, request: Request) -> Response:
        """What is set, or the defaults."""
        mine = NotificationPreference.objects.filter(user=request.user).first()
        return Response(PreferencesOut(mine or NotificationPreference()).data)

    @extend_schema(
        operation_id="set_notification_preferences",
        request=PreferencesIn,
        responses=PreferencesOut,
        tags=["me"],
    )
    def put(self, request: Request) -> Response:
        """Set quiet hours in a zone. They never hold back emergencies."""
        form = PreferencesIn(data=request.data)
        form.is_valid(raise_exception=True)
        mine = set_notification_preferences(
            by=request.user, at=timezone.now(), **form.validated_data
        )
        return Response(PreferencesOut(mine).data)
