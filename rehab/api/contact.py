"""A test message to one's own address."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rehab.actions.trying_out import send_test


class Tried(serializers.Serializer):
    sent = serializers.BooleanField()
    reason = serializers.CharField(
        help_text="What the channel said when it did not take the message; empty when it did."
    )


class ContactPointTest(APIView):
    @extend_schema(operation_id="test_contact_point", request=None, responses=Tried, tags=["me"])
    def post(self, request: Request, contact_point_id: UUID) -> Response:
        """Send a test message now. A webhook is verified by the first test that it takes."""
        tried = send_test(by=request.user, at=timezone.now(), contact_point_id=contact_point_id)
        return Response(Tried(tried).data)
