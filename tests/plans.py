"""Plans for the cast: the smallest ones that are still what a clinic would assign."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from exercises.models import Exercise
from patients.access.walls import within_clinics
from rehab.actions.plans import activate_plan, create_plan
from rehab.actions.profile import record_profile
from rehab.domain.plan_draft import ItemDraft, PartDraft, PlanDraft
from rehab.domain.session_entry import PartEntry, SessionEntry
from rehab.models import Plan, PlanItem, PlanPart
from tests.catalogue import stock_catalogue
from tests.people import Cast

# Everything a gate asks, answered the way that lets training start.
CLEAR_ANSWERS = {
    "pacemaker": "no",
    "implanted_electronics": "no",
    "pregnancy": "no",
    "unstable_fracture": "no",
    "suspected_dvt": "no",
    "unstable_joint": "no",
    "cancer_or_infection_at_site": "no",
}
DAILY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def load_catalogue() -> None:
    """See to it that the real content is there."""
    if not Exercise.objects.exists():
        stock_catalogue()


def clear_profile(cast: Cast, *, at: datetime, **changes: Any) -> None:
    """A profile with every gate question answered "no"."""
    answers = {**CLEAR_ANSWERS, **changes.pop("answers", {})}
    innervation = {"quadriceps": "intact", "hamstrings": "intact", "wrist_extensors": "denervated"}
    record_profile(
        by=cast.dana,
        at=at,
        patient_id=cast.patient.pk,
        changes={"answers": answers, "innervation": innervation, **changes},
    )


def weekly(*times: str, days: Sequence[str] = DAILY) -> dict[str, object]:
    slots = [{"id": f"s{place}", "at": at} for place, at in enumerate(times, start=1)]
    return {"rule": "weekly", "days": list(days), "slots": slots}


def shoulder(*times: str, **facts: Any) -> ItemDraft:
    """Passive shoulder flexion and elbow extension of the left arm, at most 90 degrees."""
    given: dict[str, Any] = {
        "exercise": "prom-shoulder-flexion",
        "series": uuid4(),
        "schedule": weekly(*(times or ("09:00", "16:00"))),
        "parts": (
            PartDraft(
                part=uuid4(),
                exercise="prom-shoulder-flexion",
                side="left",
                dose={"repetitions": 10, "hold_seconds": 5, "end_angle_degrees": 90},
                maximum={"end_angle_degrees": 90},
            ),
            PartDraft(
                part=uuid4(),
                exercise="prom-elbow-extension",
                side="left",
                dose={"repetitions": 10, "hold_seconds": 5},
            ),
        ),
        "maximum": {"sessions_per_day": 3},
    }
    return ItemDraft(**{**given, **facts})


def fes(*times: str, **facts: Any) -> ItemDraft:
    """Stimulation of the left quadriceps through an intact nerve."""
    given: dict[str, Any] = {
        "exercise": "fes-quadriceps",
        "series": uuid4(),
        "schedule": weekly(*(times or ("18:00",)), days=("mon", "wed", "fri")),
        "parts": (
            PartDraft(
                part=uuid4(),
                exercise="fes-quadriceps",
                muscle="quadriceps",
                channel=1,
                side="left",
                dose={"pulse_width_us": 300, "frequency_hz": 40, "amplitude_ma": 60, "minutes": 30},
                maximum={"amplitude_ma": 80},
            ),
        ),
    }
    return ItemDraft(**{**given, **facts})


def fes_cycling(*times: str, **facts: Any) -> ItemDraft:
    """Cycling with stimulation of the left quadriceps, every day."""
    given: dict[str, Any] = {
        "exercise": "fes-cycling",
        "series": uuid4(),
        "schedule": weekly(*(times or ("18:00",))),
        "parts": (
            PartDraft(
                part=uuid4(),
                exercise="fes-cycling",
                muscle="quadriceps",
                channel=1,
                side="left",
                dose={"pulse_width_us": 300, "frequency_hz": 40, "amplitude_ma": 60},
                maximum={"amplitude_ma": 80},
            ),
        ),
        "target": {"minutes": 30, "cadence_rpm": 40},
    }
    return ItemDraft(**{**given, **facts})


def assign(cast: Cast, *items: ItemDraft, at: datetime, title: str = "Plan") -> Plan:
    """Create and activate a plan for Alice, as Dana, at a moment."""
    load_catalogue()
    clear_profile(cast, at=at)
    draft = PlanDraft(title=title, items=items or (shoulder(),))
    plan = create_plan(by=cast.dana, at=at, patient_id=cast.patient.pk, draft=draft)
    return activate_plan(by=cast.dana, at=at, plan_id=plan.pk)


def items_of(plan: Plan) -> list[PlanItem]:
    with within_clinics([plan.clinic_id]):
        return list(
            PlanItem.objects.filter(version__plan=plan).order_by("version__number", "position")
        )


def parts_of(item: PlanItem) -> list[PlanPart]:
    with within_clinics([item.clinic_id]):
        return list(PlanPart.objects.filter(item=item).order_by("position"))


def as_planned(series: UUID, at: datetime, **facts: Any) -> SessionEntry:
    """The two-tap log."""
    return SessionEntry(
        **{
            "performed_at": at,
            "zone": "Asia/Shanghai",
            "series": series,
            "as_planned": True,
            **facts,
        }
    )


def in_detail(
    series: UUID, at: datetime, parts: Mapping[UUID, Mapping[str, Any]], **facts: Any
) -> SessionEntry:
    """A log with what was seen of each part: keys "pain" and "outcome", all others are measures."""
    return SessionEntry(
        **{
            "performed_at": at,
            "zone": "Asia/Shanghai",
            "series": series,
            "parts": tuple(_part(part, dict(seen)) for part, seen in parts.items()),
            **facts,
        }
    )


def _part(part: UUID, seen: dict[str, Any]) -> PartEntry:
    return PartEntry(
        part=part, outcome=seen.pop("outcome", "done"), pain=seen.pop("pain", None), measures=seen
    )
