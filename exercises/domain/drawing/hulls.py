"""The outline around a few circles, as an SVG path."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import acos, atan2, cos, hypot, pi, sin

FULL = 2 * pi
STEPS = 90
ALL_ROUND = tuple((cos(FULL * step / STEPS), sin(FULL * step / STEPS)) for step in range(STEPS))
SLACK_PX = 0.5
"""A circle that sticks out of another by less than this is not seen."""

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Circle:
    """On the page: pixels, y downwards."""

    x: float
    y: float
    radius: float


def outline(circles: Sequence[Circle]) -> str:
    """Return the path of the convex hull of the circles, in whole pixels."""
    ring = _ring(_not_hidden(circles))
    if len(ring) == 1:
        return _round(ring[0])
    pen = Pen()
    for place, circle in enumerate(ring):
        came, went = _corner(ring[place - 1], circle, ring[(place + 1) % len(ring)])
        pen.line(_on(circle, came))
        pen.arc(circle.radius, _on(circle, went), large=(went - came) % FULL > pi)
    return pen.path + "z"


class Pen:
    """Writes a path in steps from where it is, which is shorter than in places."""

    def __init__(self) -> None:
        self.path = ""
        self._at = (0, 0)

    def line(self, spot: Spot) -> None:
        step = self._step(spot)
        if not self.path:
            self.path = f"M{step}"
        elif step != "0 0":
            self.path += f"l{step}"

    def arc(self, radius: float, spot: Spot, *, large: bool) -> None:
        step = self._step(spot)
        if step != "0 0":
            size = max(round(radius), 1)
            self.path += f"a{size} {size} 0 {int(large)} 1 {step}"

    def _step(self, spot: Spot) -> str:
        new = round(spot[0]), round(spot[1])
        step = new[0] - self._at[0], new[1] - self._at[1]
        self._at = new
        return f"{step[0]} {step[1]}"


def _not_hidden(circles: Sequence[Circle]) -> list[Circle]:
    """Leave out circles inside others: from the side, left and right lie in one place."""
    kept: list[Circle] = []
    for circle in sorted(circles, key=lambda each: -each.radius):
        room = circle.radius - SLACK_PX
        if not any(hypot(c.x - circle.x, c.y - circle.y) + room <= c.radius for c in kept):
            kept.append(circle)
    return kept


def _ring(circles: Sequence[Circle]) -> list[Circle]:
    """The circles that touch the hull, in the order in which it meets them."""
    touched: list[Circle] = []
    for right, down in ALL_ROUND:
        furthest = max(circles, key=lambda c: c.x * right + c.y * down + c.radius)
        if not touched or touched[-1] is not furthest:
            touched.append(furthest)
    if len(touched) > 1 and touched[0] is touched[-1]:
        touched.pop()
    return touched


def _corner(before: Circle, here: Circle, after: Circle) -> tuple[float, float]:
    """The angles at which the hull comes to a circle and leaves it."""
    return _tangent(before, here), _tangent(here, after)


def _tangent(start: Circle, end: Circle) -> float:
    """The direction in which the straight line from one circle to the next faces outwards."""
    distance = hypot(end.x - start.x, end.y - start.y) or 1e-9
    lean = max(-1.0, min(1.0, (start.radius - end.radius) / distance))
    return atan2(end.y - start.y, end.x - start.x) - acos(lean)


def _on(circle: Circle, angle: float) -> Spot:
    return circle.x + circle.radius * cos(angle), circle.y + circle.radius * sin(angle)


def _round(circle: Circle) -> str:
    size = max(round(circle.radius), 1)
    half = f"a{size} {size} 0 1 1"
    return f"M{round(circle.x) - size} {round(circle.y)}{half} {2 * size} 0{half} {-2 * size} 0z"
