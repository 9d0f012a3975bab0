"""Electrode pads on the skin, and their wires."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot

from exercises.domain.drawing.camera import HEIGHT, WIDTH, Camera
from exercises.domain.drawing.posture import bone_of, place
from exercises.domain.drawing.scene import Pad
from exercises.domain.drawing.space import Frame


@dataclass(frozen=True, slots=True)
class Patch:
    """A pad on the page: its middle, length and width in pixels, and its slant in degrees."""

    x: float
    y: float
    long: float
    wide: float
    slant: float


def patch(pad: Pad, frames: Mapping[str, Frame], eye: Camera) -> Patch:
    x, y, z = bone_of(pad.bone).tip
    begin = eye.see(place(frames, pad.bone, (0.0, 0.0, 0.0)))
    end = eye.see(place(frames, pad.bone, (x, y, z)))
    middle = eye.see(place(frames, pad.bone, (x * pad.along, y * pad.along, z * pad.along)))
    run, rise = end[0] - begin[0], end[1] - begin[1]
    length = hypot(run, rise) or 1.0
    half = max(ball[3] for hull in bone_of(pad.bone).hulls for ball in hull) * eye.scale
    return Patch(
        x=middle[0] - rise / length * half * pad.across,
        y=middle[1] + run / length * half * pad.across,
        long=pad.length_cm * eye.scale,
        wide=pad.width_cm * eye.scale,
        slant=degrees(atan2(rise, run)),
    )


def pads(patches: Sequence[Patch]) -> Iterator[str]:
    yield from _leads(patches)
    for each in patches:
        corner = f'x="{round(each.x - each.long / 2)}" y="{round(each.y - each.wide / 2)}"'
        size = f'width="{round(each.long)}" height="{round(each.wide)}"'
        round_off = f'rx="{round(each.wide / 5)}"'
        turned = f"rotate({round(each.slant)} {round(each.x)} {round(each.y)})"
        yield f'<rect class="pad" {corner} {size} {round_off} transform="{turned}"/>'


def _leads(patches: Sequence[Patch]) -> Iterator[str]:
    """All wires leave towards the nearer side of the page, away from the body."""
    to_left = sum(each.x for each in patches) <= WIDTH / 2 * len(patches)
    edge, bend = (0, -90) if to_left else (WIDTH, 90)
    for each in patches:
        near, far = f"{round(each.x) + bend} {round(each.y) + 4}", f"{edge - bend} {HEIGHT - 60}"
        path = f"M{round(each.x)} {round(each.y)}C{near} {far} {edge} {HEIGHT - 40}"
        yield f'<path class="lead" d="{path}"/>'
