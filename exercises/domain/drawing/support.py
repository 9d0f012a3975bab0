"""What a body lies on: a bed or a table from the side, a sheet with its pillow from above."""

from collections.abc import Iterable, Mapping

from exercises.domain.drawing.camera import HEIGHT, WIDTH, Camera
from exercises.domain.drawing.posture import place
from exercises.domain.drawing.scene import Support
from exercises.domain.drawing.shapes import balls
from exercises.domain.drawing.space import Frame

PILLOW_CM = 30


def support(kind: Support, frames: Mapping[str, Frame], resting: Iterable[str], eye: Camera) -> str:
    """What the body lies on: seen from the side it has an upper edge, from above it is a sheet."""
    if kind == "none":
        return ""
    if kind == "sheet":
        return _sheet(frames, resting, eye)
    seen = [eye.ball(point, radius) for point, radius in balls(frames, resting)]
    top = round(max(each.y + each.radius for each in seen))
    left, right = 0, WIDTH
    if kind == "table":
        left = round(min(each.x - each.radius for each in seen)) - 20
        right = round(max(each.x + each.radius for each in seen)) + 60
    return f'<rect class="bed" x="{left}" y="{top}" width="{right - left}" height="34" rx="14"/>'


def _sheet(frames: Mapping[str, Frame], resting: Iterable[str], eye: Camera) -> str:
    """A bed from above, with its pillow where the head lies."""
    sheet = f'<rect class="bed" x="20" y="20" width="{WIDTH - 40}" height="{HEIGHT - 40}" rx="30"/>'
    if "head" not in resting:
        return sheet
    x, y = eye.see(place(frames, "head", (0.0, 14.0, 0.0)))
    wide = PILLOW_CM * eye.scale
    corner = f'x="{round(x - wide / 2)}" y="{round(y - wide / 2)}"'
    size = f'width="{round(wide)}" height="{round(wide)}" rx="{round(wide / 5)}"'
    return f'{sheet}<rect class="pillow" {corner} {size}/>'
