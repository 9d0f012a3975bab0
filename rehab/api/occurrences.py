"""What is due over some days, and saying that it will not be done, or not just now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from rehab.actions.occurrences import (
    SNOOZE_AT_MOST_MINUTES,
    skip_occurrence,
    snooze_occurrence,
)
from rehab.api.asking import SignedIn, days_in, language_of, seeing
from rehab.api.documents import FROM, LANG, TO
from rehab.api.forms import Form
from rehab.api.plain import plain
from rehab.models.reads.due import DueOccurrence
from rehab.models.reads.occurrences import occurrences_of

BACK, AHEAD = timedelta(days=7), timedelta(days=14)
MOST_DAYS = 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrences:
    """Everything due between the two dates; the range bounds the list, so it has one page."""

    results: Sequence[DueOccurrence]
    next: str | None
    previous: str | None


class SkipIn(Form):
    reason = serializers.CharField(max_length=40, help_text="A code of the skip reasons.")
    note = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class SnoozeIn(Form):
    minutes = serializers.IntegerField(
        required=False, default=30, min_value=1, max_value=SNOOZE_AT_MOST_MINUTES
    )


class OccurrenceOut(serializers.Serializer):
    id = serializers.UUIDField()
    series = serializers.UUIDField()
    version = serializers.IntegerField()
    on = serializers.DateField()
    slot = serializers.CharField()
    due_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    state = serializers.CharField()
    skip_reason = serializers.CharField(allow_blank=True)
    skip_note = serializers.CharField(allow_blank=True)
    snoozed_until = serializers.DateTimeField(allow_null=True)


class OccurrencesView(APIView):
    @extend_schema(
        operation_id="occurrences",
        parameters=[FROM, TO, LANG],
        responses=Occurrences,
        tags=["programme"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> Response:
        """Everything due between two dates, cancelled ones too: a week back and two ahead."""
        at = timezone.now()
        first, last = days_in(
            request, first=at.date() - BACK, last=at.date() + AHEAD, most=MOST_DAYS
        )
        with seeing(request, patient_id, at=at, kind="occurrences"):
            found = occurrences_of(
                patient_id, first=first, last=last, now=at, language=language_of(request)
            )
        return Response(plain(Occurrences(results=found, next=None, previous=None)))


class SkipOccurrence(APIView):
    @extend_schema(
        operation_id="skip_occurrence", request=SkipIn, responses=OccurrenceOut, tags=["programme"]
    )
    def post(self, request: SignedIn, patient_id: UUID, occurrence_id: UUID) -> Response:
        """Say that this will not be done, and why."""
        form = SkipIn(data=request.data)
        form.is_valid(raise_exception=True)
        skipped = skip_occurrence(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            occurrence_id=occurrence_id,
            **form.validated_data,
        )
        return Response(OccurrenceOut(skipped).data)


class SnoozeOccurrence(APIView):
    @extend_schema(
        operation_id="snooze_occurrence",
        request=SnoozeIn,
        responses=OccurrenceOut,
        tags=["programme"],
    )
    def post(self, request: SignedIn, patient_id: UUID, occurrence_id: UUID) -> Response:
        """Be reminded again a little later; when it is due and when it closes stays."""
        form = SnoozeIn(data=request.data)
        form.is_valid(raise_exception=True)
        snoozed = snooze_occurrence(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            occurrence_id=occurrence_id,
            **form.validated_data,
        )
        return Response(OccurrenceOut(snoozed).data)
