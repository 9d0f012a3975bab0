"""The outline around a few circles, as an SVG path."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import acos, atan2, cos, hypot, pi, sin

STEPS = 180
FULL = 2 * pi


@dataclass(frozen=True, slots=True)
class Circle:
    """On the page: pixels, y downwards."""

    x: float
    y: float
    radius: float


def outline(circles: Sequence[Circle]) -> str:
    """Return the path of the convex hull of the circles, in whole pixels."""
    ring = _ring(circles)
    if len(ring) == 1:
        return _round(ring[0])
    corners = [
        _corner(ring[place - 1], each, ring[(place + 1) % len(ring)])
        for place, each in enumerate(ring)
    ]
    path = ""
    for (came, went), circle in zip(corners, ring, strict=True):
        path += ("L" if path else "M") + _at(circle, came)
        large = int((went - came) % FULL > pi)
        radius = max(round(circle.radius), 1)
        path += f"A{radius} {radius} 0 {large} 1 {_at(circle, went)}"
    return path + "Z"


def _ring(circles: Sequence[Circle]) -> list[Circle]:
    """The circles that touch the hull, in the order in which it meets them."""
    touched: list[Circle] = []
    for step in range(STEPS):
        angle = FULL * step / STEPS
        furthest = max(circles, key=lambda each: _reach(each, angle))
        if not touched or touched[-1] is not furthest:
            touched.append(furthest)
    if len(touched) > 1 and touched[0] is touched[-1]:
        touched.pop()
    return touched


def _reach(circle: Circle, angle: float) -> float:
    return circle.x * cos(angle) + circle.y * sin(angle) + circle.radius


def _corner(before: Circle, here: Circle, after: Circle) -> tuple[float, float]:
    """The angles at which the hull comes to a circle and leaves it."""
    return _tangent(before, here), _tangent(here, after)


def _tangent(start: Circle, end: Circle) -> float:
    """The direction in which the straight line from one circle to the next faces outwards."""
    distance = hypot(end.x - start.x, end.y - start.y) or 1e-9
    lean = max(-1.0, min(1.0, (start.radius - end.radius) / distance))
    return atan2(end.y - start.y, end.x - start.x) - acos(lean)


def _at(circle: Circle, angle: float) -> str:
    x = round(circle.x + circle.radius * cos(angle))
    y = round(circle.y + circle.radius * sin(angle))
    return f"{x} {y}"


def _round(circle: Circle) -> str:
    radius = max(round(circle.radius), 1)
    left, right, y = round(circle.x) - radius, round(circle.x) + radius, round(circle.y)
    return f"M{left} {y}A{radius} {radius} 0 1 1 {right} {y}A{radius} {radius} 0 1 1 {left} {y}Z"
