"""From where a figure is seen, and how large."""

from collections.abc import Iterable
from dataclasses import dataclass

from exercises.domain.drawing.hulls import Circle
from exercises.domain.drawing.space import Point, Turn, then, turn, turned

WIDTH, HEIGHT, MARGIN = 640, 480, 44

VIEWS: dict[str, tuple[float, float, float]] = {
    "front": (0, 0, 0),
    "back": (180, 0, 0),
    "side": (90, 0, 0),
    "lying_from_side": (90, 0, 90),
    "lying_from_above": (0, 0, 90),
    "on_side_from_above": (90, 0, -90),
    "head_from_above": (180, 90, 0),
    "foot_inner_side": (-90, 0, 0),
    "from_the_feet": (0, -50, 0),
    "hand_back": (90, 0, 180),
    "hand_palm": (-90, 0, 180),
    "hand_thumb_side": (0, 0, -90),
}
"""Yaw, pitch and roll in degrees. Every view is of the right side; the left is its mirror image."""


@dataclass(frozen=True, slots=True)
class Camera:
    """`turn` faces the body to the reader; then `scale` pixels a centimetre, then the shift."""

    turn: Turn
    scale: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)

    def see(self, point: Point) -> tuple[float, float]:
        x, y, _ = turned(self.turn, point)
        return self.shift[0] + self.scale * x, self.shift[1] - self.scale * y

    def ball(self, point: Point, radius: float) -> Circle:
        return Circle(*self.see(point), radius * self.scale)

    def nearness(self, point: Point) -> float:
        return turned(self.turn, point)[2]

    def fitted(self, balls: Iterable[tuple[Point, float]], largest: float) -> "Camera":
        """Return the camera that shows all balls within the margin, at most `largest` px/cm."""
        seen = [Camera(self.turn).ball(point, radius) for point, radius in balls]
        left, right = min(c.x - c.radius for c in seen), max(c.x + c.radius for c in seen)
        top, bottom = min(c.y - c.radius for c in seen), max(c.y + c.radius for c in seen)
        room = (WIDTH - 2 * MARGIN) / (right - left), (HEIGHT - 2 * MARGIN) / (bottom - top)
        scale = min(*room, largest)
        shift = (WIDTH - scale * (left + right)) / 2, (HEIGHT - scale * (top + bottom)) / 2
        return Camera(self.turn, scale, shift)


def camera(view: str, *, yaw: float = 0, pitch: float = 0, roll: float = 0) -> Camera:
    """Return the camera of a view, turned a little further; KeyError for an unknown view."""
    base_yaw, base_pitch, base_roll = VIEWS[view]
    facing = then(turn("x", base_pitch + pitch), turn("y", base_yaw + yaw))
    return Camera(then(turn("z", base_roll + roll), facing))
