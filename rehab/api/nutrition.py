"""The nutrition plan: what a named person ordered a patient to eat and drink."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from rehab.actions.nutrition import set_nutrition_plan
from rehab.api.asking import SignedIn, seeing
from rehab.api.hot import HotView, answer, decoded
from rehab.domain.nutrition import NutritionEntry
from rehab.models.reads.nutrition import (
    NutritionPlanView,
    NutritionTargets,
    nutrition_plan_of,
    targets_in,
)


class NutritionPlanCall(HotView):
    @extend_schema(operation_id="nutrition_plan", responses=NutritionPlanView, tags=["diet"])
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """The version in force and who set each before it (scope `see_diet`)."""
        at = timezone.now()
        with seeing(request, patient_id, at=at, kind="nutrition_plan", scope="see_diet"):
            return answer(nutrition_plan_of(patient_id))

    @extend_schema(
        operation_id="set_nutrition_plan",
        request=NutritionEntry,
        responses={200: NutritionTargets, 201: NutritionTargets},
        tags=["diet"],
    )
    def put(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Record a new version, as a clinician of this patient; the earlier ones stay.

        201 a new version, 200 the same again, 422 something missing or that cannot be, or
        (`confirm_required`) an unusual value that must be confirmed by naming its field. Nothing
        is computed: grams, grams a kilogram and weight that disagree are refused.
        """
        entry = decoded(request.body, NutritionEntry)
        plan, is_new = set_nutrition_plan(
            by=request.user, at=timezone.now(), patient_id=patient_id, entry=entry
        )
        return answer(targets_in(plan), 201 if is_new else 200)
