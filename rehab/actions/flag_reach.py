"""What of an item the pause of a flag reaches, before anything of it is written."""

from uuid import UUID

from rehab.actions.facts import site_of
from rehab.actions.pausing import joint_of, stimulates
from rehab.domain.facts import limbs_of
from rehab.domain.safety import Pause
from rehab.models import ItemKind, SafetyFlag
from rehab.models.briefing import KnownItem, KnownPause


def known_pauses(flag: SafetyFlag, reach: Pause, item: KnownItem, limb: str) -> list[KnownPause]:
    """Return what later entries of the same batch must know of a pause (this item's own)."""
    return [
        KnownPause(series=item.series, part=part, starts_at=flag.occurred_at, ended_at=None)
        for part in _parts_reached(flag, reach, item, limb)
    ]


def _parts_reached(flag: SafetyFlag, reach: Pause, item: KnownItem, limb: str) -> list[UUID | None]:
    """Return the parts of this item that a pause reaches; None stands for all of it."""
    if reach == Pause.NONE:
        return []
    if reach == Pause.LIMB and limb:
        return [each.part for each in item.parts if limb in limbs_of(site_of(item, each))]
    if reach == Pause.STIMULATION:
        return [None] if stimulates(item.modality) else []
    if reach in (Pause.PART, Pause.LIMB) and flag.part is not None:
        return [flag.part, *_of_the_same_joint(flag.part, item)]
    by_kind = reach in (Pause.TRAINING, Pause.LIMB)
    return [] if by_kind and item.kind == ItemKind.CARE else [None]


def _of_the_same_joint(part: UUID, item: KnownItem) -> list[UUID]:
    joints = {each.part: joint_of(each.motion, each.side) for each in item.parts}
    wanted = joints.get(part, ("", ""))
    return [
        each for each, joint in joints.items() if wanted[0] and each != part and joint == wanted
    ]
