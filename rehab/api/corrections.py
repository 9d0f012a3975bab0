"""Correcting what was recorded: nothing is overwritten, and each correction says who and why."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from rehab.actions import corrections
from rehab.actions.answers import Answer
from rehab.actions.merging import merge_session
from rehab.api.answers import SessionAnswer, session_answer
from rehab.api.asking import SignedIn
from rehab.api.forms import Form
from rehab.api.hot import shaped
from rehab.api.plain import plain
from rehab.domain.session_entry import SessionEntry


@extend_schema_field({"$ref": "#/components/schemas/SessionEntryRequest"})
class SessionEntryField(serializers.Field):
    """A session as its author would send it today."""

    def to_internal_value(self, data: object) -> SessionEntry:
        return shaped(data, SessionEntry, path=self.field_name or "")


class AmendIn(Form):
    entry = SessionEntryField()
    reason = serializers.CharField(max_length=1000)


class ReasonIn(Form):
    reason = serializers.CharField(max_length=1000)


class ConfirmIn(Form):
    codes = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        default=list,
        help_text="Codes of the findings, or `possible_duplicate` for a session of its own.",
    )


class MergeIn(Form):
    into = serializers.UUIDField(help_text="The log that stays and counts.")
    reason = serializers.CharField(max_length=1000, required=False, default="", allow_blank=True)


class AdoptIn(Form):
    note = serializers.CharField(max_length=1000)


class AmendSession(APIView):
    @extend_schema(
        operation_id="amend_session", request=AmendIn, responses=SessionAnswer, tags=["sessions"]
    )
    def post(self, request: SignedIn, patient_id: UUID, log_id: UUID) -> Response:
        """Put another version in place of a log; the earlier one stays readable."""
        form = AmendIn(data=request.data)
        form.is_valid(raise_exception=True)
        return _said(
            corrections.amend_session(
                by=request.user,
                at=timezone.now(),
                patient_id=patient_id,
                log_id=log_id,
                **form.validated_data,
            )
        )


class RetractSession(APIView):
    @extend_schema(
        operation_id="retract_session", request=ReasonIn, responses=SessionAnswer, tags=["sessions"]
    )
    def post(self, request: SignedIn, patient_id: UUID, log_id: UUID) -> Response:
        """Mark a log as entered in error: it counts nowhere and stays readable."""
        form = ReasonIn(data=request.data)
        form.is_valid(raise_exception=True)
        return _said(
            corrections.retract_session(
                by=request.user,
                at=timezone.now(),
                patient_id=patient_id,
                log_id=log_id,
                **form.validated_data,
            )
        )


class ConfirmSession(APIView):
    @extend_schema(
        operation_id="confirm_session",
        request=ConfirmIn,
        responses=SessionAnswer,
        tags=["sessions"],
    )
    def post(self, request: SignedIn, patient_id: UUID, log_id: UUID) -> Response:
        """Say that an unusual log is right; a log older than seven days needs a clinician."""
        form = ConfirmIn(data=request.data)
        form.is_valid(raise_exception=True)
        return _said(
            corrections.confirm_session(
                by=request.user,
                at=timezone.now(),
                patient_id=patient_id,
                log_id=log_id,
                **form.validated_data,
            )
        )


class MergeSession(APIView):
    @extend_schema(
        operation_id="merge_session", request=MergeIn, responses=SessionAnswer, tags=["sessions"]
    )
    def post(self, request: SignedIn, patient_id: UUID, log_id: UUID) -> Response:
        """Say that this log tells the same session as another one."""
        form = MergeIn(data=request.data)
        form.is_valid(raise_exception=True)
        return _said(
            merge_session(
                by=request.user,
                at=timezone.now(),
                patient_id=patient_id,
                log_id=log_id,
                **form.validated_data,
            )
        )


class AdoptSession(APIView):
    @extend_schema(
        operation_id="adopt_session", request=AdoptIn, responses=SessionAnswer, tags=["sessions"]
    )
    def post(self, request: SignedIn, patient_id: UUID, log_id: UUID) -> Response:
        """Let a quarantined log count, as a coordinator of the clinic."""
        form = AdoptIn(data=request.data)
        form.is_valid(raise_exception=True)
        return _said(
            corrections.adopt_session(
                by=request.user,
                at=timezone.now(),
                patient_id=patient_id,
                log_id=log_id,
                **form.validated_data,
            )
        )


def _said(reply: Answer) -> Response:
    _, body = session_answer(reply)
    return Response(plain(body))
