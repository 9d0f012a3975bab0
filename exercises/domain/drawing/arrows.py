"""The arrow along which a limb moves."""

from collections.abc import Sequence
from itertools import pairwise
from math import atan2, cos, hypot, sin

SHORTEST_PX = 14
HEAD_PX = 26
HEAD_HALF_ANGLE = 0.5

Spot = tuple[float, float]


def arrow(track: Sequence[Spot]) -> tuple[str, str] | None:
    """Return the paths of the shaft and of the head along a track, None where nothing moves."""
    length = sum(_distance(a, b) for a, b in pairwise(track))
    if length < SHORTEST_PX:
        return None
    head = min(HEAD_PX, length * 0.6)
    end = track[-1]
    shaft = [spot for spot in track if _distance(spot, end) > head * 0.8]
    before = shaft[-1]
    return _smooth([*shaft, _between(before, end, head * 0.7)]), _head(before, end, head)


def _smooth(points: Sequence[Spot]) -> str:
    """A soft curve: through the middles, with the points themselves as its handles."""
    path = f"M{_at(points[0])}"
    for here, after in pairwise(points[1:]):
        path += f"Q{_at(here)} {_at(((here[0] + after[0]) / 2, (here[1] + after[1]) / 2))}"
    return f"{path}L{_at(points[-1])}"


def _head(before: Spot, end: Spot, size: float) -> str:
    angle = atan2(end[1] - before[1], end[0] - before[0])
    wings = [
        (end[0] - size * cos(angle + turn), end[1] - size * sin(angle + turn))
        for turn in (HEAD_HALF_ANGLE, -HEAD_HALF_ANGLE)
    ]
    return f"M{_at(end)}L{_at(wings[0])}L{_at(wings[1])}Z"


def _between(before: Spot, end: Spot, from_end: float) -> Spot:
    share = from_end / (_distance(before, end) or 1)
    return end[0] + (before[0] - end[0]) * share, end[1] + (before[1] - end[1]) * share


def _distance(a: Spot, b: Spot) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def _at(spot: Spot) -> str:
    return f"{round(spot[0])} {round(spot[1])}"
