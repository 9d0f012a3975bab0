"""Plans: assigning, revising, pausing and ending them."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import APIView

from patients.access.walls import within_clinics
from patients.actions.audit import record_read
from patients.domain.errors import NotVisible
from rehab.actions import pauses, plans
from rehab.api.asking import SignedIn, language_of, seeing
from rehab.api.documents import CURSOR
from rehab.api.plan_answers import PlanDetailOut, PlanOut
from rehab.api.plan_forms import (
    ActivateIn,
    CompleteIn,
    HoldIn,
    PlanIn,
    ResumeIn,
    RevisionIn,
    draft_in,
    overrides_in,
)
from rehab.models import Plan
from rehab.models.reads.plans import plan_detail, plans_of

PlanPage = inline_serializer(
    "PlanPage",
    {
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": PlanOut(many=True),
    },
)


class NewestFirst(CursorPagination):
    page_size = 20
    ordering = ("-created_at", "-id")


class PatientPlans(APIView):
    @extend_schema(operation_id="plans", parameters=[CURSOR], responses=PlanPage, tags=["plans"])
    def get(self, request: SignedIn, patient_id: UUID) -> Response:
        """A patient's plans, the newest first."""
        pages = NewestFirst()
        with seeing(request, patient_id, at=timezone.now(), kind="plans"):
            page = pages.paginate_queryset(plans_of(patient_id), request, view=self)
            return pages.get_paginated_response(PlanOut(page, many=True).data)

    @extend_schema(
        operation_id="create_plan",
        request=PlanIn,
        responses={201: PlanDetailOut},
        tags=["plans"],
    )
    def post(self, request: SignedIn, patient_id: UUID) -> Response:
        """Keep a draft; it asks nothing of anybody until it is activated."""
        form = PlanIn(data=request.data)
        form.is_valid(raise_exception=True)
        plan = plans.create_plan(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            draft=draft_in(form.validated_data, language_of(request)),
        )
        return _shown(request, plan.pk, status=201)


class OnePlan(APIView):
    @extend_schema(operation_id="plan", responses=PlanDetailOut, tags=["plans"])
    def get(self, request: SignedIn, plan_id: UUID) -> Response:
        """One plan with its items, its versions and what stands over it."""
        return _shown(request, plan_id, noted_at=timezone.now())


class ActivatePlan(APIView):
    @extend_schema(
        operation_id="activate_plan", request=ActivateIn, responses=PlanDetailOut, tags=["plans"]
    )
    def post(self, request: SignedIn, plan_id: UUID) -> Response:
        """Put a draft into force: complete, past every gate, and with somebody to turn to."""
        form = ActivateIn(data=request.data)
        form.is_valid(raise_exception=True)
        plans.activate_plan(
            by=request.user,
            at=timezone.now(),
            plan_id=plan_id,
            overrides=overrides_in(form.validated_data),
        )
        return _shown(request, plan_id)


class RevisePlan(APIView):
    @extend_schema(
        operation_id="revise_plan", request=RevisionIn, responses=PlanDetailOut, tags=["plans"]
    )
    def post(self, request: SignedIn, plan_id: UUID) -> Response:
        """Replace a draft, or put a new version of a running plan into force at once."""
        form = RevisionIn(data=request.data)
        form.is_valid(raise_exception=True)
        plans.revise_plan(
            by=request.user,
            at=timezone.now(),
            plan_id=plan_id,
            draft=draft_in(form.validated_data, language_of(request)),
            overrides=overrides_in(form.validated_data),
        )
        return _shown(request, plan_id)


class HoldPlan(APIView):
    @extend_schema(
        operation_id="hold_plan", request=HoldIn, responses=PlanDetailOut, tags=["plans"]
    )
    def post(self, request: SignedIn, plan_id: UUID) -> Response:
        """Pause one item, one part of it, or all training; care goes on unless it is named."""
        form = HoldIn(data=request.data)
        form.is_valid(raise_exception=True)
        pauses.hold_plan(by=request.user, at=timezone.now(), plan_id=plan_id, **form.validated_data)
        return _shown(request, plan_id)


class ResumePlan(APIView):
    @extend_schema(
        operation_id="resume_plan", request=ResumeIn, responses=PlanDetailOut, tags=["plans"]
    )
    def post(self, request: SignedIn, plan_id: UUID) -> Response:
        """End pauses, as a clinician; one that a rule caused needs `reconfirmed` and a note."""
        form = ResumeIn(data=request.data)
        form.is_valid(raise_exception=True)
        pauses.resume_plan(
            by=request.user, at=timezone.now(), plan_id=plan_id, **form.validated_data
        )
        return _shown(request, plan_id)


class CompletePlan(APIView):
    @extend_schema(
        operation_id="complete_plan", request=CompleteIn, responses=PlanDetailOut, tags=["plans"]
    )
    def post(self, request: SignedIn, plan_id: UUID) -> Response:
        """End a plan: nothing more becomes due, and everything that was stays readable."""
        form = CompleteIn(data=request.data)
        form.is_valid(raise_exception=True)
        plans.complete_plan(
            by=request.user, at=timezone.now(), plan_id=plan_id, **form.validated_data
        )
        return _shown(request, plan_id)


def _shown(
    request: SignedIn, plan_id: UUID, *, status: int = 200, noted_at: datetime | None = None
) -> Response:
    """Return a plan as it now stands to whoever may see it; a mere reading is noted."""
    at = noted_at or timezone.now()
    with within_clinics(request.user.clinic_ids):
        plan = Plan.objects.visible_to(request.user, at=at).select_related("created_by")
        found = plan.filter(pk=plan_id).first()
        if found is None:
            raise NotVisible
        if noted_at is not None:
            record_read(
                by=request.user.id,
                patient_id=found.patient_id,
                clinic_id=found.clinic_id,
                kind="read.plan",
                at=at,
            )
        return Response(PlanDetailOut(plan_detail(found)).data, status)
