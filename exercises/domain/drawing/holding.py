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
END_ON_PX = 12
"""A bone that looks shorter than this is seen from its end."""
TOWARDS: dict[str, Way] = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
SMALLEST_UNIT, LARGEST_UNIT, LARGEST_PINCH = 4.4, 9.0, 11.0
"""Pixels a centimetre of a helper's hand: always seen, and never hiding what it holds."""


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
    return {"hold": _hold, "cup": _cup, "under": _under, "pinch": _pinch}[hand.grip](spot)


def _hold(spot: _Spot) -> HeldBy:
    """Fingers across the limb, the palm at its edge."""
    edge = spot.half
    reach = max(-edge * 0.62, edge - 7.0)
    fingers = [
        line([spot.at(place, edge * 0.9 + 0.6), spot.at(place, reach + abs(place) * 0.25)])
        for place in (-2.7, -0.9, 0.9, 2.7)
    ]
    return HeldBy("", _arm(spot, edge + 1.6), "".join(fingers), round(1.75 * spot.unit))


def _cup(spot: _Spot) -> HeldBy:
    """The limb lies in the palm, the thumb in front of it."""
    edge = spot.half
    palm = outline(
        [
            spot.round(-3.2, edge * 0.5, 1.7),
            spot.round(3.2, edge * 0.5, 1.7),
            spot.round(-1.8, edge + 1.4, 2.2),
            spot.round(1.8, edge + 1.4, 2.2),
        ]
    )
    thumb = line([spot.at(-2.4, edge + 1.2), spot.at(-2.0, edge * 0.45), spot.at(-0.8, 0.0)])
    return HeldBy(palm + _stub(spot, edge + 2.2), "", thumb, round(1.9 * spot.unit))


def _under(spot: _Spot) -> HeldBy:
    """A flat palm behind what it carries; only its edge is seen."""
    edge = spot.half
    palm = outline(
        [
            spot.round(-4.2, edge - 0.6, 1.5),
            spot.round(4.2, edge - 0.6, 1.5),
            spot.round(-1.6, edge + 1.4, 1.9),
            spot.round(1.6, edge + 1.4, 1.9),
        ]
    )
    return HeldBy(palm + _stub(spot, edge + 1.8), "", "", 0)


def _pinch(spot: _Spot) -> HeldBy:
    """The thumb in front of a finger or toe, the forefinger behind it."""
    edge = spot.half
    palm = outline(
        [
            spot.round(-0.9, edge + 1.9, 1.5),
            spot.round(0.9, edge + 1.9, 1.5),
            spot.round(0, edge + 4.6, 2.1),
        ]
    )
    thumb = line([spot.at(0.2, edge + 1.6), spot.at(0.0, edge * 0.1 - 0.2)])
    behind = outline([spot.round(1.1, edge + 1.2, 0.9), spot.round(0.9, -edge - 0.35, 0.8)])
    return HeldBy(behind, palm + _stub(spot, edge + 4.6, length=3.5), thumb, round(1.9 * spot.unit))


def _arm(spot: _Spot, out: float) -> str:
    palm = outline(
        [spot.round(-1.9, out, 2.0), spot.round(1.9, out, 2.0), spot.round(0, out + 3.2, 2.4)]
    )
    return palm + _stub(spot, out + 3.0)


def _stub(spot: _Spot, out: float, length: float = 7.5) -> str:
    """The beginning of the helper's forearm."""
    return outline([spot.round(0, out, 2.3), spot.round(0.4, out + length, 2.6)])


def _spot(hand: Hand, frames: Mapping[str, Frame], camera: Camera) -> _Spot:
    x, y, z = bone_of(hand.bone).tip
    begin = camera.see(place(frames, hand.bone, (0.0, 0.0, 0.0)))
    end = camera.see(place(frames, hand.bone, (x, y, z)))
    middle = camera.see(place(frames, hand.bone, (x * hand.along, y * hand.along, z * hand.along)))
    out = _out_of(end[0] - begin[0], end[1] - begin[1], TOWARDS[hand.comes_from])
    along = (-out[1], out[0])
    largest = LARGEST_PINCH if hand.grip == "pinch" else LARGEST_UNIT
    unit = min(max(camera.scale, SMALLEST_UNIT), largest)
    half = _half_width(hand, camera)
    middle = middle[0] + along[0] * hand.across * half, middle[1] + along[1] * hand.across * half
    return _Spot(middle, half / unit, along, out, unit)


def _out_of(x: float, y: float, wanted: Way) -> Way:
    """The way out of a limb that runs along x, y: square to it, towards what is wanted."""
    length = hypot(x, y)
    if length < END_ON_PX:
        return wanted
    ways = ((-y / length, x / length), (y / length, -x / length))
    return max(ways, key=lambda way: way[0] * wanted[0] + way[1] * wanted[1])


def _half_width(hand: Hand, camera: Camera) -> float:
    """Half the width of the limb where it is held, in pixels."""
    bone = bone_of(hand.bone)
    x, y, z = (each * hand.along for each in bone.tip)
    nearest = min(
        (ball for hull in bone.hulls for ball in hull),
        key=lambda ball: (ball[0] - x) ** 2 + (ball[1] - y) ** 2 + (ball[2] - z) ** 2,
    )
    return nearest[3] * camera.scale
