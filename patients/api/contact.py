"""How the account that is signed in is reached."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.actions.contact import (
    add_contact_point,
    retire_contact_point,
    set_notification_preferences,
)
from patients.channels.letters import send_address_check
from patients.models import ContactPoint, NotificationPreference
from patients.models.contact import CHANNELS


class ContactPointIn(serializers.Serializer):
    channel = serializers.ChoiceField(CHANNELS)
    address = serializers.CharField(
        max_length=2000, help_text="For `push`: the browser's subscription as JSON text."
    )


class ContactPointOut(ContactPointIn):
    id = serializers.UUIDField()
    verified_at = serializers.DateTimeField(allow_null=True)


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
        responses={201: ContactPointOut},
        tags=["me"],
    )
    def post(self, request: Request) -> Response:
        """Add one; an e-mail address gets a letter with a link that verifies it."""
        form = ContactPointIn(data=request.data)
        form.is_valid(raise_exception=True)
        point = add_contact_point(by=request.user, at=timezone.now(), **form.validated_data)
        if point.verified_at is None:
            send_address_check(point)
        return Response(ContactPointOut(point).data, 201)


class OneContactPoint(APIView):
    @extend_schema(operation_id="remove_contact_point", responses={204: None}, tags=["me"])
    def delete(self, request: Request, contact_point_id: UUID) -> Response:
        retire_contact_point(by=request.user, at=timezone.now(), contact_point_id=contact_point_id)
        return Response(status=204)


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
