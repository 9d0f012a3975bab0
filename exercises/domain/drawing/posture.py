"""A body in a posture: every bone in its place."""

from collections.abc import Iterable, Iterator, Mapping

from exercises.domain.drawing.anatomy import BONES
from exercises.domain.drawing.arm import FINGERS
from exercises.domain.drawing.bones import Bone
from exercises.domain.drawing.hinges import HINGES, Hinge
from exercises.domain.drawing.space import NO_TURN, Frame, Point, Turn, then, turn

OTHER = "other_"
"""A bone or a motion of the other side of the body begins with this."""
SPREAD = {"index.spread": 5.0, "middle.spread": 1.0, "ring.spread": -4.0, "little.spread": -9.0}
"""Fingers of a hand at rest lie a little apart, which also lets an outline tell them apart."""

Angles = Mapping[str, float]
"""Degrees by motion, the first turned first; `other_` before a motion turns the other side."""


def hinges(motion: str, fingers: Iterable[str] = FINGERS) -> list[str]:
    """Return the joints that a motion turns: all chosen fingers at once, else one.

    KeyError for a motion that the mannequin does not have.
    """
    joint = motion.partition(".")[0]
    if not joint.startswith("finger"):
        HINGES[motion]
        return [motion]
    # The knuckles extend past straight; the joints beyond them only have less bend left.
    sign = "-" if motion == "finger_mcp.extension" else ""
    found = [f"{sign}{finger}{joint.removeprefix('finger')}.flexion" for finger in fingers]
    for hinge in found:
        HINGES[hinge.lstrip("-")]
    return found


def turned_bones(motion: str, fingers: Iterable[str] = FINGERS) -> list[str]:
    return [HINGES[hinge.lstrip("-")].bone for hinge in hinges(motion, fingers)]


def with_all_below(bones: Iterable[str]) -> frozenset[str]:
    """Return these bones and every bone that hangs on them."""
    found = set(bones)
    for name, bone in BONES.items():
        if bone.parent in found:
            found.add(name)
    return frozenset(found)


def stand(angles: Angles, fingers: Iterable[str] = FINGERS) -> dict[str, Frame]:
    """Return the frame of every bone, the other side's under `other_` names."""
    chosen = tuple(fingers)
    own = SPREAD | {each: value for each, value in angles.items() if not each.startswith(OTHER)}
    other = {
        motion.removeprefix(OTHER): value
        for motion, value in angles.items()
        if motion.startswith(OTHER)
    }
    frames = _placed(own, chosen, BONES)
    middle = {name: value for name, value in own.items() if not _paired(name)}
    for name, frame in _placed({**middle, **SPREAD, **other}, FINGERS, BONES).items():
        if BONES[name].paired:
            frames[OTHER + name] = frame
    return frames


def frame_of(bone: str, angles: Angles, fingers: Iterable[str] = FINGERS) -> Frame:
    """Return the frame of one bone of this side, which costs less than a whole body."""
    chain = [bone]
    while parent := BONES[chain[-1]].parent:
        chain.append(parent)
    own = SPREAD | {each: value for each, value in angles.items() if not each.startswith(OTHER)}
    return _placed(own, tuple(fingers), reversed(chain))[bone]


def place(frames: Mapping[str, Frame], name: str, point: Point) -> Point:
    """Return where a point of a bone is; bones of the other side are mirrored."""
    x, y, z = frames[name].place(point)
    return (-x, y, z) if name.startswith(OTHER) else (x, y, z)


def bone_of(name: str) -> Bone:
    return BONES[name.removeprefix(OTHER)]


def _placed(angles: Angles, fingers: tuple[str, ...], names: Iterable[str]) -> dict[str, Frame]:
    """The frames of these bones, of which each comes after its parent."""
    turns: dict[str, Turn] = {}
    for hinge, degrees in _bend_then_twist(angles, fingers):
        before = turns.get(hinge.bone, NO_TURN)
        turns[hinge.bone] = then(before, turn(hinge.axis, degrees))
    frames: dict[str, Frame] = {}
    for name in names:
        bone = BONES[name]
        parent = frames[bone.parent] if bone.parent else Frame()
        frames[name] = parent.inside(bone.at, turns.get(name, NO_TURN))
    return frames


def _bend_then_twist(angles: Angles, fingers: tuple[str, ...]) -> list[tuple[Hinge, float]]:
    """A bone turns about its own length last, whatever the order in which the angles are named."""
    found = []
    for motion, degrees in angles.items():
        for joint in hinges(motion, fingers):
            hinge = HINGES[joint.lstrip("-")]
            sign = -hinge.sign if joint.startswith("-") else hinge.sign
            found.append((hinge, sign * degrees))
    return sorted(found, key=lambda pair: pair[0].axis == "y")


def _paired(motion: str) -> bool:
    return not motion.startswith("neck.")


def path_between(start: float, end: float, steps: int) -> Iterator[float]:
    """Yield the angles of a movement, first and last included."""
    for step in range(steps + 1):
        yield start + (end - start) * step / steps
