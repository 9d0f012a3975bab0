"""Gates over a running plan: what must not be done any more stands still at once.

A plan passed its gates when it came into force. Afterwards a body changes (a pregnancy, an
implant, a fracture is recorded) and overrides expire. What a gate bars by then is paused in the
same transaction that made it so, or by the tick; only a clinician lets it go on, and only past the
gate. The flag that tells the clinic has neutral words: why is told to those alone who may see
conditions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef

from rehab import rules as rulebook
from rehab.actions.flags import FlagDesk
from rehab.actions.gatekeeping import gate_report, standing_overrides
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.plan_rows import StoredItem, stored_items
from rehab.actions.reminders import replan_reminders
from rehab.actions.schedule import HORIZON
from rehab.actions.surroundings import current_profile
from rehab.domain.safety import evaluate
from rehab.models import (
    GateOverride,
    Pause,
    PlanItem,
    PlanPart,
    PlanStatus,
    PlanVersion,
    SafetyFlag,
)
from rehab.models.timetable import claim_patients

RUNNING = (PlanStatus.ACTIVE, PlanStatus.ON_HOLD)
FACT = "gate_closed"
# What stands for an exercise that the profile bars by name.
BARRED = "barred-exercise"

Closed = dict[tuple[UUID, UUID | None], list[str]]


def pause_what_gates_bar(patient: PatientRow, *, at: datetime) -> int:
    """Pause every item, or part of one, that a gate bars by now; return how many are new.

    The patient must be locked. Whatever stands paused for the same gate stays as it is.
    """
    closed = closed_now(patient.id, at=at)
    if not closed:
        return 0
    told = _told_already(patient.id)
    desk = FlagDesk(patient=patient, at=at)
    for (series, part), gates in closed.items():
        if new := [gate for gate in gates if gate not in told[series, part]]:
            about = uuid5(series, f"gate/{part or ''}/{at.astimezone(UTC).isoformat()}")
            desk.judge_facts(
                about,
                {FACT: min(new, key=_urgency)},
                at,
                series=series,
                part=part,
                because=tuple((FACT, gate) for gate in new),
            )
    desk.settle()
    if desk.raised:
        replan_reminders(patient.id, at=at, until=at + HORIZON)
    return len(desk.raised)


def _urgency(gate: str) -> tuple[str, str]:
    (fired,) = evaluate(rulebook.book(), {FACT: gate})
    return fired.level, gate


def closed_now(patient_id: UUID, *, at: datetime) -> Closed:
    """Return (series, part) -> gates that bar it in the running plan; part None: all of it."""
    version = (
        PlanVersion.objects.filter(
            patient_id=patient_id,
            plan__status__in=RUNNING,
            effective_at__lte=at,
            ended_at__isnull=True,
        )
        .order_by("-number")
        .first()
    )
    if version is None:
        return {}
    items = stored_items(version)
    profile = current_profile(patient_id)
    report = gate_report(
        items,
        profile,
        standing_overrides(version.plan_id, at=at),
        by_id=version.created_by_id,
        at=at,
    )
    barred: dict[tuple[UUID, str], set[UUID | None]] = defaultdict(set)
    for each in report:
        if each.blocks:
            barred[each.series, each.blocked.gate].add(each.part)
    names = {str(each.get("exercise")) for each in profile.barred} if profile else set()
    for item, parts in items:
        if named := _barred_by_name(item, parts, names):
            barred[item.series, BARRED].update(named)
    return _by_target(items, barred)


def is_barred(closed: Closed, series: UUID, part: UUID | None) -> bool:
    """Tell whether a gate bars an item, or that part of it."""
    return (series, None) in closed or (part is not None and (series, part) in closed)


def expire_overrides(*, at: datetime, limit: int = 200) -> int:
    """Pause what an expired override let pass; return how many. Safe twice at once.

    Run it inside the wall of every clinic.
    """
    today = at.astimezone(UTC).date()
    same = GateOverride.objects.filter(
        plan=OuterRef("plan"), series=OuterRef("series"), gate=OuterRef("gate")
    )
    paused = Pause.objects.filter(
        patient=OuterRef("patient"),
        series=OuterRef("series"),
        ended_at__isnull=True,
        flag__because__contains=[{"field": FACT}],
    )
    expired = GateOverride.objects.filter(
        ~Exists(same.filter(expires_on__gt=today)),
        ~Exists(paused),
        expires_on__lte=today,
        plan__status__in=RUNNING,
    )
    with transaction.atomic():
        waiting = expired.order_by("patient_id").values_list("patient_id", flat=True)
        held = claim_patients(set(waiting.distinct()[:limit]))
        return sum(pause_what_gates_bar(lock_patient(each), at=at) for each in held)


def _barred_by_name(
    item: PlanItem, parts: Sequence[PlanPart], names: Collection[str]
) -> set[UUID | None]:
    """Return the parts of an exercise that is barred for this person by now; None: all of it."""
    if item.exercise.slug in names:
        return {None, *(part.part for part in parts)}
    return {part.part for part in parts if part.exercise and part.exercise.slug in names}


def _by_target(
    items: Sequence[StoredItem], barred: Mapping[tuple[UUID, str], set[UUID | None]]
) -> Closed:
    """Bar a whole item by what bars each of its parts, else only the parts."""
    closed: Closed = defaultdict(list)
    for item, parts in items:
        all_parts = {part.part for part in parts}
        for (series, gate), found in barred.items():
            if series == item.series:
                for part in _targets(found, all_parts):
                    closed[series, part].append(gate)
    return dict(closed)


def _targets(found: set[UUID | None], all_parts: set[UUID]) -> Iterator[UUID | None]:
    if None in found or found >= all_parts:
        yield None
    else:
        yield from sorted(each for each in found if each is not None)


def _told_already(patient_id: UUID) -> Mapping[tuple[UUID, UUID | None], set[str]]:
    """Return (series, part) -> gates that flags named since the pause because of one began."""
    standing: dict[tuple[UUID, UUID | None], datetime] = {}
    by_gate = Pause.objects.filter(
        patient_id=patient_id, ended_at__isnull=True, flag__because__contains=[{"field": FACT}]
    )
    for series, part, since in by_gate.values_list("series", "part", "flag__raised_at"):
        standing[series, part] = min(since, standing.get((series, part), since))
    told: dict[tuple[UUID, UUID | None], set[str]] = defaultdict(set)
    if not standing:
        return told
    flags = SafetyFlag.objects.filter(
        patient_id=patient_id,
        because__contains=[{"field": FACT}],
        raised_at__gte=min(standing.values()),
    )
    rows = flags.values_list("series", "part", "raised_at", "because")
    for target, raised_at, because in ((row[:2], row[2], row[3]) for row in rows):
        if target in standing and standing[target] <= raised_at:
            told[target] |= {each["value"] for each in because}
    return told
