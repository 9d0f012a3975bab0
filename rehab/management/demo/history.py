"""Weeks of logs, told day by day by a seeded generator: good weeks, gaps and a flag."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from patients.access.walls import within_clinics
from patients.models import User
from rehab.actions.intake import Sent
from rehab.actions.occurrences import skip_occurrence
from rehab.actions.schedule import materialise
from rehab.actions.sessions import log_sessions
from rehab.domain.session_entry import PartEntry, SessionEntry, SkipEntry
from rehab.management.demo.people import CLINIC, ZONE, DemoClinic, demo_id
from rehab.models import Occurrence, OccurrenceState, Plan, PlanPart

SKIP_REASONS = ("no_helper", "unwell", "no_time")


@dataclass(frozen=True, slots=True)
class Habit:
    """How one patient's weeks go. silent_days: nothing was logged in the last so many days."""

    done: float
    skipped: float
    pain: int | None
    pain_now: int | None = None
    silent_days: int = 0


HABITS = {
    "patient": Habit(done=0.86, skipped=0.05, pain=None),
    "shoulder": Habit(done=0.84, skipped=0.06, pain=2, pain_now=7),
    "hand": Habit(done=0.78, skipped=0.04, pain=None),
    "standing": Habit(done=0.7, skipped=0.1, pain=None, silent_days=7),
    "bed": Habit(done=0.92, skipped=0.02, pain=0),
}


def tell(demo: DemoClinic, key: str, plan: Plan, *, until: datetime, random: Random) -> None:
    """Log what happened from the start of a plan until a moment, each day on its evening."""
    habit, author = HABITS[key], _author(demo, key)
    day = plan.created_at
    while (day := day + timedelta(days=1)) <= until:
        with within_clinics([CLINIC]):
            materialise(at=day)
        if until - day >= timedelta(days=habit.silent_days):
            _tell_day(author, plan, habit, at=day, random=random)
    if habit.pain_now is not None:
        _tell_sore_session(author, plan, habit.pain_now, at=until)


def _author(demo: DemoClinic, key: str) -> User:
    """Return who types: a caregiver where there is one, else the patient, else the clinician."""
    if key in ("shoulder", "bed"):
        return demo.caregiver
    return demo.patients[key].user or demo.clinician


def _tell_day(author: User, plan: Plan, habit: Habit, *, at: datetime, random: Random) -> None:
    due = _due_before(plan, at)
    fates = [(occurrence, random.random()) for occurrence in due]
    sent = [
        Sent(demo_id(f"log/{occurrence.id}"), _entry(plan, occurrence, habit, random))
        for occurrence, fate in fates
        if fate < habit.done
    ]
    if sent:
        log_sessions(by=author, at=at, patient_id=plan.patient_id, sent=sent)
    for occurrence, fate in fates:
        if habit.done <= fate < habit.done + habit.skipped:
            reason = random.choice(SKIP_REASONS)
            skip_occurrence(
                by=author,
                at=at,
                patient_id=plan.patient_id,
                told=SkipEntry(occurrence=occurrence.id, reason=reason),
            )


def _due_before(plan: Plan, at: datetime) -> list[Occurrence]:
    """Return what fell due in the day before a moment and nobody has answered."""
    with within_clinics([CLINIC]):
        rows = Occurrence.objects.filter(
            patient_id=plan.patient_id,
            item__version__plan=plan,
            state=OccurrenceState.DUE,
            due_at__gt=at - timedelta(days=1),
            due_at__lte=at,
        ).select_related("item")
        return list(rows.order_by("due_at", "id"))


def _entry(plan: Plan, occurrence: Occurrence, habit: Habit, random: Random) -> SessionEntry:
    performed_at = occurrence.due_at + timedelta(minutes=random.randint(-10, 25))
    parts = tuple(_part(part, habit, random) for part in _parts(occurrence))
    return SessionEntry(
        performed_at=performed_at,
        zone=ZONE,
        series=occurrence.series,
        occurrence=occurrence.id,
        performer="caregiver" if occurrence.item.kind == "care" else "patient",
        parts=parts,
        minutes=occurrence.item.target.get("minutes"),
        measures=_pressures(random) if occurrence.item.modality == "fes_cycling" else {},
    )


def _pressures(random: Random) -> dict[str, float]:
    return {
        "systolic_before_mmhg": 100 + random.randint(0, 8),
        "diastolic_before_mmhg": 60 + random.randint(0, 6),
    }


def _part(part: PlanPart, habit: Habit, random: Random) -> PartEntry:
    pain = None if habit.pain is None else max(0, habit.pain + random.choice((-1, 0, 0)))
    measures = {
        code: value
        for code, value in part.dose.items()
        if code in ("repetitions", "amplitude_ma", "minutes")
    }
    return PartEntry(part=part.part, pain=pain, measures=measures)


def _parts(occurrence: Occurrence) -> Iterator[PlanPart]:
    with within_clinics([CLINIC]):
        yield from list(PlanPart.objects.filter(item=occurrence.item).order_by("position"))


def _tell_sore_session(author: User, plan: Plan, pain: int, *, at: datetime) -> None:
    """Tell one session that hurt, so that a flag waits for somebody."""
    with within_clinics([CLINIC]):
        last = (
            Occurrence.objects.filter(
                patient_id=plan.patient_id,
                item__version__plan=plan,
                item__kind="training",
                due_at__lte=at,
            )
            .select_related("item")
            .order_by("-due_at")
            .first()
        )
        parts = list(PlanPart.objects.filter(item=last.item).order_by("position")) if last else []
    if last is None:
        return
    entry = SessionEntry(
        performed_at=at - timedelta(minutes=20),
        zone=ZONE,
        series=last.series,
        performer="caregiver",
        parts=tuple(
            PartEntry(part=part.part, pain=pain if place == 0 else 2)
            for place, part in enumerate(parts)
        ),
    )
    log_sessions(by=author, at=at, patient_id=plan.patient_id, sent=[Sent(_sore_id(plan), entry)])


def _sore_id(plan: Plan) -> UUID:
    return demo_id(f"sore/{plan.pk}")
