"""Laying pauses over items and parts, and what they make of things due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from exercises import reference
from rehab.actions.facts import region_of
from rehab.actions.patient_row import PatientRow
from rehab.actions.weeks import fit_weeks
from rehab.domain.facts import PartSite, limbs_of
from rehab.domain.safety import WARMS
from rehab.domain.safety import Pause as Reach
from rehab.models import ItemKind, Pause, PlanItem, PlanPart
from rehab.models.item_days import Day, recompute
from rehab.models.timetable import apply_pauses

Target = tuple[UUID, UUID | None]
VIBRATES = ("whole_body_vibration",)


@dataclass(frozen=True, slots=True)
class NewPause:
    """A pause about to be written; part None means the whole item."""

    series: UUID
    part: UUID | None
    starts_at: datetime
    flag_id: UUID | None
    reason: str


def reach_of(
    patient_id: UUID,
    reach: Reach,
    *,
    series: UUID | None,
    part: UUID | None,
    at: datetime,
    limb: str = "",
) -> list[Target]:
    """Return which items and parts a rule's pause reaches; care only by item, part or limb.

    A part is paused with all others that move the same joint: what hurts is the joint (facts 2.7).
    limb: the one that somebody named (left_leg ...). A rule about a limb that nobody named, and
    that no part tells, reaches all training.
    """
    if reach == Reach.NONE:
        return []
    if reach in (Reach.STIMULATION, Reach.CURRENT_OR_HEAT):
        warm = reach == Reach.CURRENT_OR_HEAT
        return [(found, None) for found in _stimulating(patient_id, at=at, warm=warm)]
    if reach == Reach.LIMB and (limb or part):
        return _limb(patient_id, part, limb, at=at)
    if reach in (Reach.TRAINING, Reach.LIMB) or series is None:
        return [(found, None) for found in _training(patient_id, at=at)]
    if reach == Reach.ITEM or part is None:
        return [(series, None)]
    return [(series, part), *_same_joint(patient_id, part, at=at)]


def joint_of(motion: str, side: str) -> tuple[str, str]:
    """Return the joint that a motion moves, with its side; both empty for no motion."""
    joint = motion.partition(".")[0]
    return (joint, side) if joint else ("", "")


def stimulates(modality: str) -> bool:
    """Tell whether a modality sends current or vibration through the body."""
    return reference.modalities()[modality].physics is not None or modality in VIBRATES


def items_in_force(patient_id: UUID, *, at: datetime) -> Q:
    """Return the condition for plan items of the versions in force."""
    return Q(patient_id=patient_id, version__effective_at__lte=at) & (
        Q(version__ended_at__isnull=True) | Q(version__ended_at__gt=at)
    )


def pause(
    patient: PatientRow, pauses: Sequence[NewPause], *, at: datetime, by_id: UUID | None = None
) -> set[Day]:
    """Write pauses that do not stand yet, and mark what they make paused; return the days changed.

    What is told late may have begun earlier than the pause that stands: then it is a row too.
    """
    standing = list(Pause.objects.filter(patient_id=patient.id, ended_at__isnull=True))
    new = _not_standing(pauses, standing)
    Pause.objects.bulk_create([_row(patient, each, at=at, by_id=by_id) for each in new])
    if not new:
        return set()
    return settle_pauses([patient.id], since=min(each.starts_at for each in new), at=at)


def settle_pauses(patient_ids: Sequence[UUID], *, since: datetime, at: datetime) -> set[Day]:
    """Let unresolved things due agree with the pauses over them; return the days changed."""
    days = apply_pauses(patient_ids, since=since, at=at)
    days |= fit_weeks(patient_ids, since=since, at=at)
    recompute(days)
    return days


def _not_standing(pauses: Sequence[NewPause], standing: Sequence[Pause]) -> list[NewPause]:
    """Return the pauses that neither stand already nor follow from one before them."""
    known: list[Pause | NewPause] = list(standing)
    new = []
    for each in pauses:
        if not any(_covers(earlier, each) for earlier in known):
            known.append(each)
            new.append(each)
    return new


def _covers(standing: Pause | NewPause, new: NewPause) -> bool:
    """Tell whether a pause that stands says all that a new one would.

    A rule's pause is one to look at again before going on; a person's does not stand for it.
    """
    return (
        standing.series == new.series
        and standing.part in (new.part, None)
        and standing.starts_at <= new.starts_at
        and (new.flag_id is None or standing.flag_id is not None)
    )


def _row(patient: PatientRow, new: NewPause, *, at: datetime, by_id: UUID | None) -> Pause:
    return Pause(
        patient_id=patient.id,
        clinic_id=patient.clinic_id,
        series=new.series,
        part=new.part,
        starts_at=new.starts_at,
        started_by_id=by_id,
        flag_id=new.flag_id,
        reason=new.reason,
        recorded_at=at,
    )


def _training(patient_id: UUID, *, at: datetime) -> list[UUID]:
    items = PlanItem.objects.filter(items_in_force(patient_id, at=at), kind=ItemKind.TRAINING)
    return list(items.order_by("position").values_list("series", flat=True))


def _stimulating(patient_id: UUID, *, at: datetime, warm: bool) -> list[UUID]:
    """warm: whatever warms the skin as well."""
    items = PlanItem.objects.filter(items_in_force(patient_id, at=at)).order_by("position")
    return [
        item.series
        for item in items
        if stimulates(item.modality) or (warm and item.modality in WARMS)
    ]


def _limb(patient_id: UUID, part: UUID | None, limb: str, *, at: datetime) -> list[Target]:
    """Return every part that works on the named limb, or on the same limb as this part.

    Training that works on no single limb (a ride, standing) loads this one too: all of it.
    """
    in_force = PlanItem.objects.filter(items_in_force(patient_id, at=at))
    parts = list(PlanPart.objects.filter(item__in=in_force).select_related("item"))
    limbs = (
        frozenset({limb})
        if limb
        else next((_limbs(each) for each in parts if each.part == part), frozenset())
    )
    own = [
        (each.item.series, each.part) for each in parts if each.part == part or limbs & _limbs(each)
    ]
    return [*own, *(_on_no_limb(in_force, parts) if limb else ())]


def _same_joint(patient_id: UUID, part: UUID, *, at: datetime) -> list[Target]:
    """Return the other parts, of any item, that move the joint of this one."""
    in_force = PlanItem.objects.filter(items_in_force(patient_id, at=at))
    parts = list(PlanPart.objects.filter(item__in=in_force).select_related("item"))
    joint = next(
        (joint_of(each.motion, each.side) for each in parts if each.part == part), ("", "")
    )
    return [
        (each.item.series, each.part)
        for each in parts
        if joint[0] and each.part != part and joint_of(each.motion, each.side) == joint
    ]


def _on_no_limb(items: Iterable[PlanItem], parts: Sequence[PlanPart]) -> list[Target]:
    """Return training of which no part is about a single limb."""
    with_limb = {each.item_id for each in parts if _limbs(each)}
    return [
        (item.series, None)
        for item in items
        if item.kind == ItemKind.TRAINING and item.pk not in with_limb
    ]


def _limbs(part: PlanPart) -> frozenset[str]:
    region = region_of(part.motion, part.muscle)
    return limbs_of(PartSite(modality=part.item.modality, region=region, side=part.side))
