"""What of the catalogue a patient's running plan uses, and how far it lets a motion go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rehab.models.item import PlanPart
from rehab.models.plan import PlanStatus, PlanVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPart:
    """One part of the running plan. end_degrees: the plan's own maximum, null without one."""

    exercise: str
    modality: str
    side: str
    end_degrees: float | None


def parts_in_plan(patient_id: UUID) -> Sequence[PlannedPart]:
    """Return the parts of the newest version of the running plan: one statement."""
    running = (
        PlanVersion.objects.filter(
            plan__patient_id=patient_id,
            plan__status__in=[PlanStatus.ACTIVE, PlanStatus.ON_HOLD],
            effective_at__isnull=False,
        )
        .order_by("-number")
        .values("pk")[:1]
    )
    rows = (
        PlanPart.objects.filter(patient_id=patient_id, item__version__in=running)
        .order_by("item__position", "position")
        .values_list("exercise__slug", "item__exercise__slug", "item__modality", "side", "maximum")
    )
    return [
        PlannedPart(
            exercise=own or of_item, modality=modality, side=side, end_degrees=_end(maximum)
        )
        for own, of_item, modality, side, maximum in rows
    ]


def _end(maximum: dict[str, Any]) -> float | None:
    found = maximum.get("end_angle_degrees")
    return None if found is None else float(found)
