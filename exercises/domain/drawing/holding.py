"""The helper's hands: simple round shapes that show where to hold, and from which side."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot

from exercises.domain.drawing.camera import Camera
from exercises.domain.drawing.hulls import Circle, outline
from exercises.domain.drawing.posture import bone_of, place
from exercises.domain.drawing.scene import Hand
from exercises.domain.drawing.shapes import line
from exercises.domain.drawing.space import Frame

Way = tuple[float, float]
TOWARDS: dict[str, Way] = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
LARGEST_SCALE = 13.0
"""A helper's hand grows with the picture up to this, then stays: it must not hide what it holds."""


@dataclass(frozen=True, slots=True)
class HeldBy:
    """`behind` and `front`: outlines; `fingers`: lines of `thick` pixels, in front."""

    behind: str
    front: str
    fingers: str
    thick: int


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a limb is held: the middle, its half width, along it and out of it, pixels a cm."""

    middle: Way
    half: float
    along: Way
    out: Way
    unit: float

    def at(self, along: float, out: float) -> Way:
        """A place so many centimetres along the limb and out of its middle."""
        x, y = self.middle
        run, rise = along * self.unit, out * self.unit
        return (
            x + self.along[0] * run + self.out[0] * rise,
            y + self.along[1] * run + self.out[1] * rise,
        )

    def round(self, along: float, out: float, radius: float) -> Circle:
        return Circle(*self.at(along, out), radius * self.unit)


def held(hand: Hand, frames: Mapping[str, Frame], camera: Camera) -> HeldBy:
    spot = _spot(hand, frames, camera)
    return {"hold": _hold, "cup": _cup, "flat": _flat, "pinch": _pinch}[hand.grip](spot)


def _hold(spot: _Spot) -> HeldBy:
    edge = spot.half
    fingers = [
        line([spot.at(place, edge * 0.9 + 0.6), spot.at(place, -edge * 0.62)])
        for place in (-2.7, -0.9, 0.9, 2.7)
    ]
    return HeldBy("", _arm(spot, edge + 1.6), "".join(fingers), round(1.75 * spot.unit))


def _cup(spot: _Spot) -> HeldBy:
    edge = spot.half
    palm = outline(
        [spot.round(-3.6, edge * 0.25, 2.0), spot.round(3.6, edge * 0.25, 2.0),
         spot.round(-1.8, edge + 1.2, 2.4), spot.round(1.8, edge + 1.2, 2.4)]
    )  # fmt: skip
    thumb = line(
        [spot.at(-2.6, edge + 0.9), spot.at(-2.2, edge * 0.35), spot.at(-1.2, -edge * 0.15)]
    )
    return HeldBy(palm + _stub(spot, edge + 2.2), "", thumb, round(2.0 * spot.unit))


def _flat(spot: _Spot) -> HeldBy:
    fingers = [
        line([spot.at(place, 0.5), spot.at(place * 1.1, -6.0 + abs(place) * 0.4)])
        for place in (-2.7, -0.9, 0.9, 2.7)
    ]
    return HeldBy("", _arm(spot, 2.0), "".join(fingers), round(1.75 * spot.unit))


def _pinch(spot: _Spot) -> HeldBy:
    """Finger and thumb on both sides of the limb, the hand beyond them."""
    side = spot.half + 0.55
    palm = outline(
        [
            spot.round(side * 0.9, 6.4, 1.9),
            spot.round(-side * 0.9, 6.4, 1.9),
            spot.round(0, 8.4, 2.6),
        ]
    )
    fingers = [
        line(
            [
                spot.at(sign * (side + 0.5), 6.0),
                spot.at(sign * (side + 0.8), 3.0),
                spot.at(sign * side, 0.2),
            ]
        )
        for sign in (1, -1)
    ]
    return HeldBy("", palm + _stub(spot, 9.0), "".join(fingers), round(1.7 * spot.unit))


def _arm(spot: _Spot, out: float) -> str:
    palm = outline(
        [spot.round(-1.9, out, 2.0), spot.round(1.9, out, 2.0), spot.round(0, out + 3.2, 2.4)]
    )
    return palm + _stub(spot, out + 3.0)


def _stub(spot: _Spot, out: float) -> str:
    """The beginning of the helper's forearm."""
    return outline([spot.round(0, out, 2.3), spot.round(0.4, out + 7.5, 2.6)])


def _spot(hand: Hand, frames: Mapping[str, Frame], camera: Camera) -> _Spot:
    bone = bone_of(hand.bone)
    x, y, z = bone.tip
    begin = camera.see(place(frames, hand.bone, (0.0, 0.0, 0.0)))
    end = camera.see(place(frames, hand.bone, bone.tip))
    middle = camera.see(place(frames, hand.bone, (x * hand.along, y * hand.along, z * hand.along)))
    wanted = TOWARDS[hand.comes_from]
    along = _unit(end[0] - begin[0], end[1] - begin[1])
    across = _most_like(wanted, [(-along[1], along[0]), (along[1], -along[0])])
    if hand.grip == "pinch":
        across = wanted
        along = (-across[1], across[0])
    unit = min(camera.scale, LARGEST_SCALE)
    half = _half_width(hand, camera)
    shifted = middle[0] + across[0] * hand.across * half, middle[1] + across[1] * hand.across * half
    return _Spot(shifted, half / unit, along, across, unit)


def _half_width(hand: Hand, camera: Camera) -> float:
    """Half the width of the limb where it is held, in pixels."""
    bone = bone_of(hand.bone)
    x, y, z = (each * hand.along for each in bone.tip)
    nearest = min(
        (ball for hull in bone.hulls for ball in hull),
        key=lambda ball: (ball[0] - x) ** 2 + (ball[1] - y) ** 2 + (ball[2] - z) ** 2,
    )
    return nearest[3] * camera.scale


def _most_like(wanted: Way, ways: list[Way]) -> Way:
    return max(ways, key=lambda way: way[0] * wanted[0] + way[1] * wanted[1])


def _unit(x: float, y: float) -> Way:
    length = hypot(x, y)
    return (x / length, y / length) if length > 1e-6 else (1.0, 0.0)
