"""What a safety rule stopped stays stopped when the plan is written anew.

A pause names an item, or a part of one. Where a clinician assigns the same exercise under another
id (in a revision, or in a new plan), nobody has looked again yet: it begins paused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rehab import rules as rulebook
from rehab.actions.patient_row import PatientRow
from rehab.actions.pausing import NewPause, Target, joint_of, pause, stimulates
from rehab.domain.safety import Pause as Reach
from rehab.models import ItemKind, Pause, PlanItem, PlanPart, PlanVersion


@dataclass(frozen=True, slots=True)
class _Before:
    """What standing pauses were laid over: the newest wording of each item, and each part."""

    items: Mapping[UUID, PlanItem]
    parts: Mapping[UUID, PlanPart]


def carry_over(patient: PatientRow, version: PlanVersion, *, at: datetime) -> None:
    """Pause in a version that has just come into force what a rule stopped under another id."""
    standing = [
        each
        for each in Pause.objects.filter(patient_id=patient.id, ended_at__isnull=True)
        if each.flag_id is not None or each.reason in rulebook.rules()
    ]
    if not standing:
        return
    ended = Pause.objects.filter(patient_id=patient.id, ended_at__isnull=False)
    looked_at = set(ended.exclude(flag_id=None).values_list("flag_id", flat=True))
    before = _before(patient.id, standing)
    items, parts = _new_in(version)
    wanted = [
        NewPause(series, part, at, each.flag_id, each.reason)
        for each in standing
        for series, part in (
            _like_item(each, before, items, whole=each.flag_id not in looked_at)
            if each.part is None
            else _like_part(before.parts.get(each.part), parts)
        )
    ]
    pause(patient, wanted, at=at)


def _before(patient_id: UUID, standing: Sequence[Pause]) -> _Before:
    rows = PlanItem.objects.filter(
        patient_id=patient_id,
        series__in={each.series for each in standing},
        version__effective_at__isnull=False,
    ).order_by("version__effective_at")
    items = {row.series: row for row in rows}
    parts = PlanPart.objects.filter(
        item__patient_id=patient_id, part__in={each.part for each in standing if each.part}
    )
    return _Before(items, {row.part: row for row in parts})


def _new_in(version: PlanVersion) -> tuple[list[PlanItem], list[PlanPart]]:
    """Return the items and parts that this patient was never assigned under the same id.

    What was there before has its own pauses, and what a clinician let go on is not stopped again.
    """
    earlier = PlanItem.objects.filter(
        patient_id=version.patient_id, version__effective_at__isnull=False
    ).exclude(version=version)
    items = PlanItem.objects.filter(version=version).order_by("position")
    parts = PlanPart.objects.filter(item__in=items).select_related("item").order_by("position")
    known = PlanPart.objects.filter(item__in=earlier).values("part")
    return (
        list(items.exclude(series__in=earlier.values("series"))),
        list(parts.exclude(part__in=known)),
    )


def _like_item(
    standing: Pause, before: _Before, items: Sequence[PlanItem], *, whole: bool
) -> Iterator[Target]:
    """Yield the new items that are the stopped one again, or that its rule stops as well.

    whole: nobody has let anything go on yet of what its flag stopped.
    """
    stopped = before.items.get(standing.series)
    rule = rulebook.rules().get(standing.reason)
    reach = rule.pause if rule and whole else Reach.ITEM
    for item in items:
        if (stopped and item.exercise_id == stopped.exercise_id) or _is_within(reach, item):
            yield item.series, None


def _is_within(reach: Reach, item: PlanItem) -> bool:
    if reach == Reach.STIMULATION:
        return stimulates(item.modality)
    return reach in (Reach.TRAINING, Reach.LIMB) and item.kind == ItemKind.TRAINING


def _like_part(known: PlanPart | None, parts: Sequence[PlanPart]) -> Iterator[Target]:
    """Yield the new parts that move the same joint or work on the same muscle, on its side."""
    if known is None:
        return
    joint = joint_of(known.motion, known.side)
    for part in parts:
        same_joint = bool(joint[0]) and joint_of(part.motion, part.side) == joint
        same_muscle = bool(known.muscle) and part.muscle == known.muscle
        if same_joint or (same_muscle and part.side == known.side):
            yield part.item.series, part.part
