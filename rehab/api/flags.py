"""Safety flags: what fired and who has seen it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.authority import Authority
from patients.access.decisions import through
from patients.access.walls import walled
from patients.domain.errors import Invalid
from patients.domain.roles import Scope
from patients.models.authority import authority_of
from patients.models.querysets import PatientKeyedQuerySet
from rehab.actions.acknowledging import acknowledge_flag
from rehab.api.asking import SignedIn, id_in, language_of, limit_in, page_address
from rehab.api.documents import CURSOR, LANG, LIMIT, in_query
from rehab.api.forms import Form
from rehab.api.plain import plain
from rehab.models.flag import FlagLevel, SafetyFlag
from rehab.models.reads.cursors import InOrder, place_in
from rehab.models.reads.flags import (
    LARGEST_PAGE,
    FlagPage,
    FlagView,
    flag_rows,
    flag_view,
    flags_in,
)

STATES = {
    "open": {"acknowledged_at__isnull": True},
    "seen": {"acknowledged_at__isnull": False},
    "all": {},
}


class AcknowledgeIn(Form):
    note = serializers.CharField(max_length=2000, help_text="What was found and done.")


class FlagsView(APIView):
    @extend_schema(
        operation_id="flags",
        parameters=[
            OpenApiParameter(
                "state",
                OpenApiTypes.STR,
                enum=list(STATES),
                default="open",
                description="Seen by anybody?",
            ),
            OpenApiParameter(
                "level", OpenApiTypes.STR, enum=FlagLevel.values, description="Only this level."
            ),
            in_query("patient", OpenApiTypes.UUID, "Only this patient."),
            CURSOR,
            LIMIT,
            LANG,
        ],
        responses=FlagPage,
        tags=["safety"],
    )
    @walled
    def get(self, request: SignedIn) -> Response:
        """Flags of every patient whose alerts this account may receive, the most urgent first."""
        cursor, at = request.GET.get("cursor"), timezone.now()
        authority = authority_of(request.user, at=at)
        page = flags_in(
            _asked(request, authority, at),
            language=language_of(request),
            with_conditions=through("patient", authority, Scope.SEE_CONDITIONS, at),
            after=place_in(cursor, InOrder) if cursor else None,
            limit=limit_in(request, usual=50, most=LARGEST_PAGE),
        )
        shown = replace(
            page,
            next=page_address(request, page.next),
            previous=page_address(request, page.previous),
        )
        return Response(plain(shown))


class AcknowledgeFlag(APIView):
    @extend_schema(
        operation_id="acknowledge_flag", request=AcknowledgeIn, responses=FlagView, tags=["safety"]
    )
    @walled
    def post(self, request: SignedIn, flag_id: UUID) -> Response:
        """Say that a clinician has seen it; whoever would be told next is not told any more."""
        form = AcknowledgeIn(data=request.data)
        form.is_valid(raise_exception=True)
        flag = acknowledge_flag(
            by=request.user, at=timezone.now(), flag_id=flag_id, **form.validated_data
        )
        row = flag_rows(SafetyFlag.objects.filter(pk=flag.pk)).get()
        return Response(plain(flag_view(row, language_of(request), sees_conditions=True)))


def _asked(request: SignedIn, authority: Authority, at: datetime) -> PatientKeyedQuerySet:
    flags = SafetyFlag.objects.visible_under(authority, scope="receive_alerts", at=at)
    state, level = request.GET.get("state", "open"), request.GET.get("level")
    if state not in STATES:
        raise Invalid("Choose open, seen or all.", field="state", code="not_a_choice")
    if level and level not in FlagLevel.values:
        raise Invalid("Choose E0, E1, E2 or E3.", field="level", code="not_a_choice")
    patient = id_in(request, "patient")
    wanted = {**STATES[state], **({"level": level} if level else {})}
    return flags.filter(**wanted, **({"patient_id": patient} if patient else {}))
