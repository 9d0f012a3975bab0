"""What is due over some days, and saying that it will not be done, or not just now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.domain.errors import Invalid
from rehab.actions.answers import RaisedFlag
from rehab.actions.occurrences import (
    SNOOZE_AT_MOST_MINUTES,
    skip_occurrence,
    snooze_occurrence,
)
from rehab.api.answers import RefusedWithFlags
from rehab.api.asking import SignedIn, days_in, language_of, seeing
from rehab.api.documents import FROM, LANG, TO
from rehab.api.forms import Form
from rehab.api.plain import plain
from rehab.domain.session_entry import SkipEntry
from rehab.models import Occurrence
from rehab.models.reads.agenda import SkipSigns
from rehab.models.reads.due import DueOccurrence
from rehab.models.reads.occurrences import occurrences_of
from rehab.models.reads.readers import Reader

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
    symptoms = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        default=list,
        help_text="Codes of the signs that went with it; judged by the safety rules.",
    )
    measures = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        default=dict,
        help_text="Dose-field code and number, such as systolic_before_mmhg.",
    )
    pain = serializers.JSONField(
        required=False, default=None, allow_null=True, help_text='0 to 10, or "cannot_feel".'
    )
    limb = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    skipped_at = serializers.DateTimeField(required=False, default=None, allow_null=True)


class SnoozeIn(Form):
    minutes = serializers.IntegerField(
        required=False, default=30, min_value=1, max_value=SNOOZE_AT_MOST_MINUTES
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedOccurrence:
    """What was skipped, why, and with which signs. flags: show their text at once."""

    id: UUID
    series: UUID
    version: int
    on: date
    slot: str
    due_at: datetime
    closes_at: datetime
    state: str
    skip_reason: str
    skip_note: str
    skip_signs: SkipSigns
    snoozed_until: datetime | None
    flags: Sequence[RaisedFlag]


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
        with seeing(request, patient_id, at=at, kind="occurrences") as authority:
            found = occurrences_of(
                patient_id,
                first=first,
                last=last,
                now=at,
                language=language_of(request),
                reader=Reader.with_scopes(authority.scopes_for(patient_id, at)),
            )
        return Response(plain(Occurrences(results=found, next=None, previous=None)))


class SkipOccurrence(APIView):
    @extend_schema(
        operation_id="skip_occurrence",
        request=SkipIn,
        responses=SkippedOccurrence,
        tags=["programme"],
    )
    def post(self, request: SignedIn, patient_id: UUID, occurrence_id: UUID) -> Response:
        """Say that this will not be done, why, and with which signs.

        The signs are judged as those of a session are; also where the skip is refused.
        """
        form = SkipIn(data=request.data)
        form.is_valid(raise_exception=True)
        skipped = skip_occurrence(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            told=_told(occurrence_id, form.validated_data),
        )
        if skipped.refused is not None:
            raise RefusedWithFlags(skipped.refused, skipped.flags)
        return Response(plain(_shown(skipped.occurrence, skipped.flags)))


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


def _told(occurrence_id: UUID, given: Mapping[str, Any]) -> SkipEntry:
    try:
        return SkipEntry(
            occurrence=occurrence_id, **{**given, "symptoms": tuple(given["symptoms"])}
        )
    except ValueError as error:
        raise Invalid(str(error), field="skipped_at", code="not_a_moment") from None


def _shown(skipped: Occurrence, flags: Sequence[RaisedFlag]) -> SkippedOccurrence:
    """Return what was skipped to whoever skipped it: they may read what they wrote."""
    own = ("flags", "skip_signs")
    names = (each.name for each in fields(SkippedOccurrence) if each.name not in own)
    return SkippedOccurrence(
        **{name: getattr(skipped, name) for name in names},
        skip_signs=SkipSigns(**skipped.skip_signs),
        flags=flags,
    )
