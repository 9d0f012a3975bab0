"""Bones become outlines: which shapes belong together, and what lies in front of what."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from exercises.domain.drawing.anatomy import BONES
from exercises.domain.drawing.arm import FINGERS
from exercises.domain.drawing.camera import Camera
from exercises.domain.drawing.hulls import outline
from exercises.domain.drawing.posture import OTHER, bone_of, place
from exercises.domain.drawing.space import Frame, Point, turned

SMALL_MARKS_FROM = 9.0
"""Pixels a centimetre from which nails and creases of hands are drawn; a face always is."""
FINE = frozenset({"arm", "thumb", *FINGERS})

FINGER_BONES = tuple(name for name in BONES if name.split("_")[0] in FINGERS)
THUMB = ("thumb_base", "thumb_middle", "thumb_end")
SETS = {
    "trunk": ("pelvis", "chest"),
    "arm": ("upper_arm", "forearm", "hand", "mitten", *THUMB),
    "whole_hand": ("hand", *FINGER_BONES, *THUMB),
    "leg": ("thigh", "shank", "foot", "big_toe", "toes"),
    "whole_foot": ("foot", "big_toe", "toes"),
}


def named(names: Iterable[str]) -> tuple[str, ...]:
    """Return the bones that these names stand for; KeyError for a name nobody knows."""
    found: list[str] = []
    for name in names:
        side = OTHER if name.startswith(OTHER) else ""
        plain = name.removeprefix(OTHER)
        bones = SETS.get(plain) or (plain,)
        for bone in bones:
            BONES[bone]
            found.append(side + bone)
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Shape:
    """One outline made of several hulls, with the lines on its skin."""

    path: str
    marks: str
    nearness: float


def balls(frames: Mapping[str, Frame], names: Iterable[str]) -> Iterator[tuple[Point, float]]:
    for name in names:
        for hull in bone_of(name).hulls:
            for x, y, z, radius in hull:
                yield place(frames, name, (x, y, z)), radius


def shapes(frames: Mapping[str, Frame], names: Collection[str], camera: Camera) -> list[Shape]:
    """Return the outlines of these bones, the furthest first. Bones of one chain melt together.

    Legs melt into the trunk they hang on; arms, heads and thumbs keep an outline of their own.
    """
    chains: dict[str, list[str]] = {}
    for name in names:
        side = OTHER if name.startswith(OTHER) else ""
        chain = side + bone_of(name).chain
        if bone_of(name).chain == "leg" and "pelvis" in names:
            chain = "trunk"
        chains.setdefault(chain, []).append(name)
    made = [_shape(frames, bones, camera) for bones in chains.values()]
    return sorted(made, key=lambda shape: shape.nearness)


def _shape(frames: Mapping[str, Frame], names: list[str], camera: Camera) -> Shape:
    points = [point for point, _ in balls(frames, names)]
    return Shape(
        path="".join(_hulls(frames, names, camera)),
        marks="".join(_marks(frames, names, camera)),
        nearness=sum(camera.nearness(point) for point in points) / len(points),
    )


def _hulls(frames: Mapping[str, Frame], names: list[str], camera: Camera) -> Iterator[str]:
    for name in names:
        for hull in bone_of(name).hulls:
            yield outline(
                [camera.ball(place(frames, name, (x, y, z)), radius) for x, y, z, radius in hull]
            )


def _marks(frames: Mapping[str, Frame], names: list[str], camera: Camera) -> Iterator[str]:
    for name in names:
        if bone_of(name).chain in FINE and camera.scale < SMALL_MARKS_FROM:
            continue
        for mark in bone_of(name).marks:
            towards = turned(frames[name].turn, mark.faces)
            mirrored = -1 if name.startswith(OTHER) else 1
            if camera.nearness((mirrored * towards[0], towards[1], towards[2])) > 0.3:
                yield line([camera.see(place(frames, name, point)) for point in mark.points])


def line(points: Iterable[tuple[float, float]]) -> str:
    """Return the path of a line through points, in whole pixels."""
    return "M" + "L".join(f"{round(x)} {round(y)}" for x, y in points)
