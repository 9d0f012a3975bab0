"""Arm and hand of the right side, hanging, the palm towards the body.

In the frame of the hand the fingers point down (-y), the palm looks to +x and the thumb is at +z.
"""

from exercises.domain.drawing.bones import Bone, Mark
from exercises.domain.drawing.space import Point

FINGERS = ("index", "middle", "ring", "little")


def _finger(
    name: str, at: Point, lengths: tuple[float, float, float], thick: float
) -> dict[str, Bone]:
    """Three segments that grow thinner; `thick` is the radius at the knuckle."""
    first, middle, end = lengths
    slim, slimmer, tip = thick * 0.92, thick * 0.82, thick * 0.72
    crease = _crease(thick)
    return {
        f"{name}_first": _segment(name, "hand", at, first, (thick, slim)),
        f"{name}_middle": _segment(
            name, f"{name}_first", (0, -first, 0), middle, (slim, slimmer), crease
        ),
        f"{name}_end": _segment(
            *(name, f"{name}_middle", (0, -middle, 0), end - thick * 0.3, (slimmer, tip)),
            crease,
            _nail(thick, end),
        ),
    }


def _segment(
    finger: str, parent: str, at: Point, length: float, radii: tuple[float, float], *marks: Mark
) -> Bone:
    wide, narrow = radii
    hull = ((0.0, 0.0, 0.0, wide), (0.0, -length, 0.0, narrow))
    return Bone(parent, at, (hull,), chain=finger, tip=(0.0, -length, 0.0), marks=marks)


def _crease(thick: float) -> Mark:
    """Where a finger bends, on the side of the palm."""
    x, z = thick * 0.8, thick * 0.6
    return Mark(((x, 0.0, -z), (x, 0.0, z)), (1.0, 0.0, 0.0))


def _nail(thick: float, end: float) -> Mark:
    x, root, rim = -thick * 0.8, -end * 0.55, -end - 0.1
    return Mark(
        ((x, root, -0.45), (x, rim, -0.4), (x, rim, 0.4), (x, root, 0.45)), (-1.0, 0.0, 0.0)
    )


ARM: dict[str, Bone] = {
    "upper_arm": Bone(
        "chest",
        (-16.5, 32.5, 0),
        (((0, 0, 0, 5.4), (0, -10, 0, 4.6), (0, -28, 0, 3.9)),),
        chain="arm",
        tip=(0, -28, 0),
    ),
    "forearm": Bone(
        "upper_arm",
        (0, -28, 0),
        (((0, 0, 0, 3.9), (0, -7, 0, 3.9), (0, -25, 0, 2.5)),),
        chain="arm",
        tip=(0, -25, 0),
    ),
    "hand": Bone(
        "forearm",
        (0, -25, 0),
        (
            (
                (0, 0.4, 1.3, 1.7),
                (0, 0.4, -1.3, 1.7),
                (0, -8.4, 3.0, 1.15),
                (0, -8.9, 1.0, 1.15),
                (0, -8.5, -1.1, 1.15),
                (0, -7.6, -3.0, 1.05),
            ),
            ((0.2, -1.2, 1.6, 1.5), (0.5, -4.4, 2.9, 1.5), (0.1, -7.6, 2.6, 1.2)),
        ),
        chain="arm",
        tip=(0, -8.8, 0),
        marks=(
            Mark(((1.4, -1.6, 0.2), (1.5, -4.2, 0.9), (1.2, -6.6, 3.2)), (1, 0, 0)),
            Mark(((1.2, -6.4, -3.2), (1.3, -6.9, -1.0), (1.2, -7.6, 1.6)), (1, 0, 0)),
            *(
                Mark(
                    ((-1.1, y - 0.1, z - 0.55), (-1.2, y + 0.35, z), (-1.1, y - 0.1, z + 0.55)),
                    (-1, 0, 0),
                )
                for y, z in ((-8.4, 3.0), (-8.9, 1.0), (-8.5, -1.1), (-7.6, -3.0))
            ),
        ),
    ),
    **_finger("index", (0, -8.4, 3.0), (4.4, 2.7, 2.4), 1.02),
    **_finger("middle", (0, -8.9, 1.0), (4.9, 3.1, 2.5), 1.04),
    **_finger("ring", (0, -8.5, -1.1), (4.5, 2.9, 2.5), 1.0),
    **_finger("little", (0, -7.6, -3.0), (3.5, 2.1, 2.1), 0.9),
    "mitten": Bone(
        "hand",
        (0, -8.4, 0),
        (((0, 0, 2.4, 1.3), (0, 0, -2.2, 1.3), (0.4, -8.6, 1.8, 1.0), (0.4, -7.2, -2.0, 1.0)),),
        chain="arm",
        tip=(0.4, -9, 0),
    ),
    "thumb_base": Bone(
        "hand",
        (0.4, -2.0, 2.2),
        (((0, 0, 0, 1.6), (0.5, -3.2, 2.3, 1.25)),),
        chain="thumb",
        tip=(0.5, -3.2, 2.3),
    ),
    "thumb_middle": Bone(
        "thumb_base",
        (0.5, -3.2, 2.3),
        (((0, 0, 0, 1.2), (0, -2.7, 1.35, 1.02)),),
        chain="thumb",
        tip=(0, -2.7, 1.35),
    ),
    "thumb_end": Bone(
        "thumb_middle",
        (0, -2.7, 1.35),
        (((0, 0, 0, 1.05), (0, -2.2, 0.8, 0.85)),),
        chain="thumb",
        tip=(0, -2.2, 0.8),
        marks=(
            Mark(
                ((-0.8, -1.2, -0.1), (-0.8, -2.4, 0.35), (-0.8, -2.1, 1.25), (-0.8, -0.9, 0.85)),
                (-1, 0, 0),
            ),
        ),
    ),
}
