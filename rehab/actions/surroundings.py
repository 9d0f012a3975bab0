"""What a draft plan is judged against, read in a constant number of statements."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from exercises.models import Exercise
from rehab.actions.not_plannable import NotPlannable, not_plannable
from rehab.actions.patient_row import PatientRow
from rehab.actions.recipients import circles
from rehab.domain.plan_draft import PlanDraft
from rehab.domain.recurrence import local_date
from rehab.models import ClinicalProfile, PlanItem


@dataclass(frozen=True, slots=True)
class Around:
    """exercises: those of the draft that a plan may use, by slug. circle: who may be reminded.

    not_plannable: what else of the catalogue the draft names, and why no plan may hold it.
    used_elsewhere: series of the draft that belong to another plan of this patient.
    """

    exercises: Mapping[str, Exercise]
    profile: ClinicalProfile | None
    circle: Collection[UUID]
    default_zone: str
    now: datetime
    used_elsewhere: Collection[UUID] = ()
    not_plannable: Mapping[str, NotPlannable] = field(default_factory=dict)

    def today(self, zone: str = "") -> date:
        """Return the date in a zone, by default the patient's."""
        return local_date(self.now, zone or self.default_zone)


def surroundings(
    patient: PatientRow, draft: PlanDraft, *, at: datetime, plan_id: UUID | None = None
) -> Around:
    """Read what a draft is judged against; plan_id: the plan that it is a wording of."""
    slugs = {item.exercise for item in draft.items} | {
        part.exercise for item in draft.items for part in item.parts
    }
    series = [item.series for item in draft.items if item.series]
    exercises = _exercises(slugs)
    others = PlanItem.objects.filter(patient_id=patient.id, series__in=series)
    return Around(
        exercises=exercises,
        not_plannable=not_plannable(slugs - exercises.keys() - {""}),
        profile=current_profile(patient.id),
        circle=circles([patient.id], at=at)[patient.id].allowed(),
        default_zone=patient.zone,
        now=at,
        used_elsewhere=set(others.exclude(version__plan=plan_id).values_list("series", flat=True)),
    )


def current_profile(patient_id: UUID) -> ClinicalProfile | None:
    """Return the revision of the clinical profile in force."""
    return ClinicalProfile.objects.filter(patient_id=patient_id).order_by("-number").first()


def _exercises(slugs: Collection[str]) -> dict[str, Exercise]:
    return {
        each.slug: each for each in Exercise.objects.current().filter(slug__in=slugs, use="plan")
    }
