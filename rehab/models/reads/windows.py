"""Spans of time that a clinician keeps in view, for one patient or for a page of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Max, Min

from exercises import reference
from exercises.models import Protocol, TimeWindow
from patients.models import Patient
from rehab.domain.recurrence import local_date
from rehab.domain.windows import (
    Course,
    Window,
    WindowStanding,
    standing_in,
    tasks_ahead,
    waits_for_a_plan,
)
from rehab.models.item import PlanItem
from rehab.models.occurrence import ItemDay
from rehab.models.plan import Plan, PlanStatus
from rehab.models.profile import ClinicalProfile
from rehab.models.reads.names import Text

RUNNING = (PlanStatus.ACTIVE, PlanStatus.ON_HOLD)
WITHOUT_NERVE = frozenset({"denervated", "partial"})


@dataclass(frozen=True, slots=True, kw_only=True)
class InWindow:
    """A window in which a patient stands. use: what is made of it."""

    standing: WindowStanding
    names: Text
    use: Text
    counts: str
    modality: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTask:
    """Something the plan's template asks for: a three-month assessment."""

    texts: Text
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InView:
    """has_plan: a plan runs. review_due_on, training_expires_on: of that plan."""

    windows: Sequence[InWindow] = ()
    tasks: Sequence[PlanTask] = ()
    has_plan: bool = False
    review_due_on: date | None = None
    training_expires_on: date | None = None

    @property
    def standings(self) -> Sequence[WindowStanding]:
        return [each.standing for each in self.windows]

    @property
    def waits_for_a_plan(self) -> bool:
        """Counted from an injury alone: a plan's own weeks need a plan."""
        counted = [each.standing for each in self.windows if each.counts == "injury"]
        return waits_for_a_plan(counted, has_plan=self.has_plan)


@dataclass(slots=True)
class _Running:
    plan: UUID
    protocol: str
    began_at: datetime | None
    review_due_on: date | None
    training_expires_on: date | None
    series: dict[UUID, str] = field(default_factory=dict)


def in_view_of(
    patient_ids: Collection[UUID], *, with_conditions: Collection[UUID], now: datetime
) -> dict[UUID, InView]:
    """Return what to keep in view for each of these patients: eight statements, however many.

    with_conditions: those whose diagnoses the reader may see; of the others nothing is counted
    from an injury.
    """
    windows = list(_windows())
    running = _running(patient_ids)
    last_on = _last_sessions(running, {each.modality_id for each in windows})
    injured_on = _injuries([each for each in patient_ids if each in set(with_conditions)])
    milestones = _milestones({each.protocol for each in running.values()})
    zones = dict(Patient.objects.filter(pk__in=patient_ids).values_list("pk", "zone"))
    found = {}
    for patient, zone in zones.items():
        plan = running.get(patient)
        began_on = local_date(plan.began_at, zone) if plan and plan.began_at else None
        course = Course(
            today=local_date(now, zone),
            injured_on=injured_on.get(patient),
            plan_began_on=began_on,
            last_on=last_on.get(patient, {}),
            modalities=frozenset(plan.series.values()) if plan else frozenset(),
        )
        found[patient] = InView(
            windows=list(_standings(windows, course)),
            tasks=_tasks(milestones.get(plan.protocol, ()), course) if plan else [],
            has_plan=plan is not None,
            review_due_on=plan.review_due_on if plan else None,
            training_expires_on=plan.training_expires_on if plan else None,
        )
    return found


def _windows() -> Iterable[TimeWindow]:
    return TimeWindow.objects.current().used().exclude(audience="archive").in_order()


def _running(patient_ids: Collection[UUID]) -> dict[UUID, _Running]:
    plans = (
        Plan.objects.filter(patient_id__in=patient_ids, status__in=RUNNING)
        .annotate(began_at=Min("versions__effective_at"), newest=Max("versions__number"))
        .order_by("patient_id")
    )
    found = {
        plan.patient_id: _Running(
            plan.pk,
            plan.protocol_slug,
            plan.began_at,
            plan.review_due_on,
            plan.training_expires_on,
        )
        for plan in plans
    }
    items = PlanItem.objects.filter(
        patient_id__in=patient_ids, version__plan__in=[each.plan for each in found.values()]
    )
    for patient, series, modality in items.values_list("patient_id", "series", "modality"):
        found[patient].series[series] = modality
    return found


def _last_sessions(
    running: Mapping[UUID, _Running], modalities: Collection[str | None]
) -> dict[UUID, dict[str, date]]:
    """The last day with a session of each kind that a window counts from."""
    wanted = {
        series: modality
        for plan in running.values()
        for series, modality in plan.series.items()
        if modality in modalities
    }
    days = (
        ItemDay.objects.filter(patient_id__in=list(running), series__in=wanted, sessions__gt=0)
        .order_by()
        .values("patient_id", "series")
        .annotate(last=Max(F("on")))
        .values_list("patient_id", "series", "last")
    )
    found: dict[UUID, dict[str, date]] = defaultdict(dict)
    for patient, series, last in days:
        known = found[patient].get(wanted[series])
        found[patient][wanted[series]] = max(last, known) if known else last
    return found


def _injuries(patient_ids: Collection[UUID]) -> dict[UUID, date]:
    profiles = (
        ClinicalProfile.objects.filter(patient_id__in=patient_ids)
        .order_by("patient_id", "-number")
        .distinct("patient_id")
        .values_list("patient_id", "conditions", "innervation")
    )
    injured = ((patient, _injured_on(*known)) for patient, *known in profiles)
    return {patient: on for patient, on in injured if on is not None}


def _injured_on(
    conditions: Sequence[Mapping[str, Any]], innervation: Mapping[str, str]
) -> date | None:
    """The newest day since when muscles may be without their nerve.

    A lesion of the lower neurone counts by itself; one that is mixed only where a muscle is
    recorded as denervated.
    """
    pathways = {"lower", "mixed"} if WITHOUT_NERVE & set(innervation.values()) else {"lower"}
    known = reference.conditions()
    days = [
        date.fromisoformat(str(each["since"]))
        for each in conditions
        if each.get("since") and each["code"] in known and known[each["code"]].pathway in pathways
    ]
    return max(days, default=None)


def _milestones(slugs: Collection[str]) -> dict[str, Sequence[Mapping[str, Any]]]:
    return dict(Protocol.objects.filter(slug__in=slugs).values_list("slug", "milestones"))


def _standings(windows: Iterable[TimeWindow], course: Course) -> Iterable[InWindow]:
    for each in windows:
        window = Window(
            code=each.code,
            counts=each.counts,  # type: ignore[arg-type]
            weeks=each.weeks,
            days=each.days,
            modality=each.modality_id,
        )
        standing = standing_in(window, course)
        if standing is not None:
            yield InWindow(
                standing=standing,
                names=each.names,
                use=each.use,  # type: ignore[arg-type]
                counts=each.counts,
                modality=each.modality_id,
            )


def _tasks(milestones: Sequence[Mapping[str, Any]], course: Course) -> list[PlanTask]:
    if course.plan_began_on is None:
        return []
    texts = {each["week"]: each["texts"] for each in milestones}
    ahead = tasks_ahead(list(texts), began_on=course.plan_began_on, today=course.today)
    return [PlanTask(texts=texts[task.week], on=task.on) for task in ahead]
