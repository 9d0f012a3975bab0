"""A plan as it is shown: its newest wording, its versions, and what stands over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from rehab.models.item import Pause, PlanItem, PlanPart
from rehab.models.plan import GateOverride, Plan, PlanStatusChange, PlanVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDetail:
    """version, items: the wording in force; of a draft the newest, of an ended plan the last."""

    plan: Plan
    version: PlanVersion
    items: Sequence[PlanItem]
    versions: Sequence[PlanVersion]
    pauses: Sequence[Pause]
    overrides: Sequence[GateOverride]
    status_changes: Sequence[PlanStatusChange]


def plans_of(patient_id: UUID) -> QuerySet[Plan]:
    """Return a patient's plans, the newest first."""
    return (
        Plan.objects.filter(patient_id=patient_id)
        .select_related("created_by")
        .order_by("-created_at", "-id")
    )


def plan_detail(plan: Plan, *, number: int | None = None) -> PlanDetail:
    """Return one plan with all its parts, in one version or the newest: six statements."""
    versions = list(plan.versions.select_related("created_by").order_by("number"))
    version = next((each for each in versions if each.number == number), versions[-1])
    return PlanDetail(
        plan=plan,
        version=version,
        items=_items(version),
        versions=versions,
        pauses=_pauses(plan, version),
        overrides=list(plan.overrides.select_related("by").order_by("at", "id")),
        status_changes=list(plan.status_changes.select_related("by").order_by("at", "id")),
    )


def _items(version: PlanVersion) -> list[PlanItem]:
    parts = PlanPart.objects.select_related("exercise").order_by("position")
    items = PlanItem.objects.filter(version=version).select_related("exercise").order_by("position")
    return list(items.prefetch_related(Prefetch("parts", queryset=parts)))


def _pauses(plan: Plan, version: PlanVersion) -> list[Pause]:
    series = PlanItem.objects.filter(version=version).values("series")
    standing = Pause.objects.filter(
        patient_id=plan.patient_id, ended_at__isnull=True, series__in=series
    )
    return list(standing.select_related("started_by", "flag").order_by("starts_at", "id"))
