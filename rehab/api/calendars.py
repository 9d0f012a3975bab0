"""Calendar addresses of a patient: made, shown once, and closed."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from rehab.actions.calendar_feeds import feeds_in_use, make_calendar_feed, revoke_calendar_feed
from rehab.api.asking import SignedIn, seeing
from rehab.api.forms import Form


class FeedIn(Form):
    recipient = serializers.UUIDField(
        required=False, help_text="Whose calendar it is for; left out, one's own."
    )


class FeedOut(serializers.Serializer):
    id = serializers.UUIDField()
    recipient = serializers.UUIDField(source="recipient_id")
    created_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewFeedOut(FeedOut):
    address = serializers.CharField(help_text="The secret address. It is shown only now.")


class FeedsOut(serializers.Serializer):
    results = FeedOut(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class CalendarFeeds(APIView):
    @extend_schema(operation_id="calendar_feeds", responses=FeedsOut, tags=["programme"])
    def get(self, request: SignedIn, patient_id: UUID) -> Response:
        """Calendar addresses in use (scope `manage`), without their secrets."""
        at = timezone.now()
        with seeing(request, patient_id, at=at, kind="calendars", scope="manage"):
            found = {"results": list(feeds_in_use(patient_id)), "next": None, "previous": None}
        return Response(FeedsOut(found).data)

    @extend_schema(
        operation_id="make_calendar_feed",
        request=FeedIn,
        responses={201: NewFeedOut},
        tags=["programme"],
    )
    def post(self, request: SignedIn, patient_id: UUID) -> Response:
        """Make a secret address for somebody's calendar program; it is shown only now."""
        form = FeedIn(data=request.data)
        form.is_valid(raise_exception=True)
        issued = make_calendar_feed(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            recipient_id=form.validated_data.get("recipient"),
        )
        address = calendar_address(issued.feed.recipient_id, issued.secret)
        return Response({**FeedOut(issued.feed).data, "address": address}, status=201)


class RevokeCalendarFeed(APIView):
    @extend_schema(
        operation_id="revoke_calendar_feed", request=None, responses=FeedOut, tags=["programme"]
    )
    def post(self, request: SignedIn, patient_id: UUID, feed_id: UUID) -> Response:
        """Close a calendar address; what a calendar program has kept is out of reach."""
        feed = revoke_calendar_feed(
            by=request.user, at=timezone.now(), patient_id=patient_id, feed_id=feed_id
        )
        return Response(FeedOut(feed).data)


def calendar_address(recipient_id: UUID, secret: str) -> str:
    """Return the whole secret address, as it is shown once."""
    return settings.PUBLIC_URL + reverse("rehab:calendar-feed", args=[recipient_id, secret])
