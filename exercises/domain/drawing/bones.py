"""What a mannequin is made of: bones of balls, and lines on its skin. Centimetres."""

from dataclasses import dataclass

from exercises.domain.drawing.space import Point

Ball = tuple[float, float, float, float]
"""x, y, z and radius, in the frame of the bone."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line on the skin, seen only from the side that `faces` points to."""

    points: tuple[Point, ...]
    faces: Point


@dataclass(frozen=True, slots=True)
class Bone:
    """`at`: where it begins in its parent; `hulls`: its shapes; `tip`: its far end."""

    parent: str | None
    at: Point
    hulls: tuple[tuple[Ball, ...], ...]
    chain: str
    tip: Point = (0.0, 0.0, 0.0)
    marks: tuple[Mark, ...] = ()
    paired: bool = True
