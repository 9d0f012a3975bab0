"""The nutrition plan in force and the versions before it: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from rehab.models.nutrition import NutritionPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    code: str
    text: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NutritionVersion:
    number: int
    set_by: str
    set_on: date
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NutritionTargets:
    """One version. Every target was set by `set_by`; null: no target.

    energy_kcal, protein_g, fluids_ml, fibre_g: for a day. weight_kg, weighed_on: what they rest
    on. food_level: IDDSI 3-7; drink_level: IDDSI 0-4.
    """

    number: int
    recorded_at: datetime
    recorded_by: str
    set_by: str
    set_by_role: str
    set_on: date
    weight_kg: float | None
    weighed_on: date | None
    energy_kcal: float | None
    protein_g_per_kg: float | None
    protein_g: float | None
    fluids_ml: float | None
    fibre_g: float | None
    food_level: int | None
    drink_level: int | None
    supplements: Sequence[Supplement]
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NutritionPlanView:
    """targets: the version in force, null before anybody set one. versions: newest first."""

    targets: NutritionTargets | None
    versions: Sequence[NutritionVersion]


def nutrition_plan_of(patient_id: UUID) -> NutritionPlanView:
    """Return the plan in force and who set each version."""
    rows = list(
        NutritionPlan.objects.filter(patient_id=patient_id)
        .select_related("recorded_by")
        .order_by("-number")
    )
    return NutritionPlanView(
        targets=targets_in(rows[0]) if rows else None,
        versions=[
            NutritionVersion(
                number=row.number,
                set_by=row.set_by,
                set_on=row.set_on,
                recorded_at=row.recorded_at,
                recorded_by=str(row.recorded_by),
            )
            for row in rows
        ],
    )


def targets_in(row: NutritionPlan) -> NutritionTargets:
    return NutritionTargets(
        number=row.number,
        recorded_at=row.recorded_at,
        recorded_by=str(row.recorded_by),
        set_by=row.set_by,
        set_by_role=row.set_by_role,
        set_on=row.set_on,
        weight_kg=row.weight_kg,
        weighed_on=row.weighed_on,
        energy_kcal=row.energy_kcal,
        protein_g_per_kg=row.protein_g_per_kg,
        protein_g=row.protein_g,
        fluids_ml=row.fluids_ml,
        fibre_g=row.fibre_g,
        food_level=row.food_level,
        drink_level=row.drink_level,
        supplements=[
            Supplement(
                code=each.get("code", ""), text=each.get("text", ""), amount=each.get("amount", "")
            )
            for each in row.supplements
        ],
        notes=row.notes,
    )
