"""Points, turns and frames in space.

Centimetres and degrees; x runs to the person's left, y up, z ahead.
"""

from dataclasses import dataclass
from math import cos, radians, sin
from typing import Literal

Axis = Literal["x", "y", "z"]
Point = tuple[float, float, float]
Turn = tuple[Point, Point, Point]
"""A rotation: what becomes of the three axes."""

NO_TURN: Turn = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def turn(axis: Axis, degrees: float) -> Turn:
    """Return the right-handed rotation by `degrees` about an axis."""
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return {
        "x": ((1.0, 0.0, 0.0), (0.0, c, s), (0.0, -s, c)),
        "y": ((c, 0.0, -s), (0.0, 1.0, 0.0), (s, 0.0, c)),
        "z": ((c, s, 0.0), (-s, c, 0.0), (0.0, 0.0, 1.0)),
    }[axis]


def turned(by: Turn, point: Point) -> Point:
    (ax, ay, az), (bx, by_, bz), (cx, cy, cz) = by
    x, y, z = point
    return (
        ax * x + bx * y + cx * z,
        ay * x + by_ * y + cy * z,
        az * x + bz * y + cz * z,
    )


def then(outer: Turn, inner: Turn) -> Turn:
    """Return the turn that does `inner` first, as seen from inside `outer`."""
    first, second, third = inner
    return (turned(outer, first), turned(outer, second), turned(outer, third))


def moved(point: Point, by: Point) -> Point:
    return (point[0] + by[0], point[1] + by[1], point[2] + by[2])


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a bone begins and how it is turned."""

    origin: Point = (0.0, 0.0, 0.0)
    turn: Turn = NO_TURN

    def place(self, point: Point) -> Point:
        """Return where a point of the bone is in the body."""
        return moved(self.origin, turned(self.turn, point))

    def inside(self, offset: Point, by: Turn) -> "Frame":
        """Return the frame of a bone that begins at `offset` of this one."""
        # Most bones are not turned in their joint, and a drawing has many.
        return Frame(self.place(offset), self.turn if by is NO_TURN else then(self.turn, by))
