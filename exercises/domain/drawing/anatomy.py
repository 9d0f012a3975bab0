"""The mannequin: bones, the balls they are made of, and which joint each motion turns.

Sizes are those of nobody in particular. Bones are those of the right side; the left is their
mirror image. Standing, arms hanging, palms towards the body: every angle is zero.
"""

from dataclasses import dataclass

from exercises.domain.drawing.space import Axis, Point

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


@dataclass(frozen=True, slots=True)
class Hinge:
    """Which bone a motion turns, about which of its axes, and to which side."""

    bone: str
    axis: Axis
    sign: int


HINGES = {
    "shoulder.flexion": Hinge("upper_arm", "x", -1),
    "shoulder.extension": Hinge("upper_arm", "x", 1),
    "shoulder.abduction": Hinge("upper_arm", "z", -1),
    "shoulder.adduction": Hinge("upper_arm", "z", 1),
    "shoulder.internal_rotation": Hinge("upper_arm", "y", 1),
    "shoulder.external_rotation": Hinge("upper_arm", "y", -1),
    "elbow.flexion": Hinge("forearm", "x", -1),
    "elbow.extension": Hinge("forearm", "x", -1),
    "forearm.pronation": Hinge("forearm", "y", 1),
    "forearm.supination": Hinge("forearm", "y", -1),
    "wrist.flexion": Hinge("hand", "z", 1),
    "wrist.extension": Hinge("hand", "z", -1),
    "wrist.radial_deviation": Hinge("hand", "x", -1),
    "wrist.ulnar_deviation": Hinge("hand", "x", 1),
    "thumb_cmc.abduction": Hinge("thumb_base", "z", 1),
    "thumb_cmc.extension": Hinge("thumb_base", "x", -1),
    "thumb_mcp.flexion": Hinge("thumb_middle", "x", 1),
    "thumb_ip.flexion": Hinge("thumb_end", "x", 1),
    "hip.flexion": Hinge("thigh", "x", -1),
    "hip.extension": Hinge("thigh", "x", 1),
    "hip.abduction": Hinge("thigh", "z", -1),
    "hip.adduction": Hinge("thigh", "z", 1),
    "hip.internal_rotation": Hinge("thigh", "y", 1),
    "hip.external_rotation": Hinge("thigh", "y", -1),
    "knee.flexion": Hinge("shank", "x", 1),
    "knee.extension": Hinge("shank", "x", 1),
    "ankle.dorsiflexion": Hinge("foot", "x", -1),
    "ankle.plantarflexion": Hinge("foot", "x", 1),
    "foot.inversion": Hinge("foot", "z", 1),
    "foot.eversion": Hinge("foot", "z", -1),
    "big_toe_mtp.extension": Hinge("big_toe", "x", -1),
    "big_toe_mtp.flexion": Hinge("big_toe", "x", 1),
    "neck.flexion": Hinge("head", "x", 1),
    "neck.extension": Hinge("head", "x", -1),
    "neck.lateral_flexion": Hinge("head", "z", 1),
    "neck.rotation": Hinge("head", "y", -1),
    "trunk.flexion": Hinge("chest", "x", 1),
}
"""Angles of one joint are told apart by their motion: extension of elbow and knee is how much
bend is left, so it turns the same way as flexion."""


def _finger(
    name: str, at: Point, lengths: tuple[float, float, float], thick: float
) -> dict[str, Bone]:
    first, middle, end = lengths
    nail = Mark(
        (
            (-thick * 0.8, -end * 0.55, -0.45),
            (-thick * 0.8, -end - 0.1, -0.4),
            (-thick * 0.8, -end - 0.1, 0.4),
            (-thick * 0.8, -end * 0.55, 0.45),
        ),
        (-1.0, 0.0, 0.0),
    )
    crease = Mark(
        ((thick * 0.8, 0.0, -thick * 0.6), (thick * 0.8, 0.0, thick * 0.6)), (1.0, 0.0, 0.0)
    )
    rows = (
        ("first", "hand", at, first, thick, thick * 0.92, ()),
        (
            "middle",
            f"{name}_first",
            (0.0, -first, 0.0),
            middle,
            thick * 0.92,
            thick * 0.82,
            (crease,),
        ),
        (
            "end",
            f"{name}_middle",
            (0.0, -middle, 0.0),
            end - thick * 0.3,
            thick * 0.82,
            thick * 0.72,
            (crease, nail),
        ),
    )
    return {
        f"{name}_{part}": Bone(
            parent,
            begin,
            (((0.0, 0.0, 0.0, wide), (0.0, -length, 0.0, narrow)),),
            chain=name,
            tip=(0.0, -length, 0.0),
            marks=marks,
        )
        for part, parent, begin, length, wide, narrow, marks in rows
    }


def _ear(side: int) -> tuple[Point, ...]:
    rim = ((17.0, -1.4), (17.2, -2.6), (16.0, -3.4), (14.2, -2.8), (13.2, -1.6), (13.6, -0.8))
    return tuple((side * 8.6, y, z) for y, z in rim)


BONES: dict[str, Bone] = {
    "pelvis": Bone(
        None,
        (0, 0, 0),
        (((-8, -1, 0, 8.6), (8, -1, 0, 8.6), (-7, 12, 0, 7.6), (7, 12, 0, 7.6)),),
        chain="trunk",
        tip=(0, 12, 0),
        paired=False,
        marks=(
            Mark(((-12.5, -8, -4), (-8.5, -10, -7), (-3, -8.5, -7)), (0, 0, -1)),
            Mark(((12.5, -8, -4), (8.5, -10, -7), (3, -8.5, -7)), (0, 0, -1)),
            Mark(((0, 4, -8.6), (0, -7, -8.6)), (0, 0, -1)),
            Mark(((-0.6, 9, 8), (0.6, 9, 8)), (0, 0, 1)),
        ),
    ),
    "chest": Bone(
        "pelvis",
        (0, 12, 0),
        (
            ((-7, 0, 0, 7.6), (7, 0, 0, 7.6), (-9.5, 18, 0.5, 8.2), (9.5, 18, 0.5, 8.2)),
            (
                (-9.5, 18, 0.5, 8.2),
                (9.5, 18, 0.5, 8.2),
                (-14, 33, 0, 5.2),
                (14, 33, 0, 5.2),
                (0, 36.5, 0, 4.6),
            ),
        ),
        chain="trunk",
        tip=(0, 38, 0),
        paired=False,
        marks=(
            Mark(((-4, 28, -8), (-5, 20, -8), (-9.5, 17, -8)), (0, 0, -1)),
            Mark(((4, 28, -8), (5, 20, -8), (9.5, 17, -8)), (0, 0, -1)),
            Mark(((-2.5, 33.5, 5), (-8, 35, 5), (-13, 35.6, 4)), (0, 0, 1)),
            Mark(((2.5, 33.5, 5), (8, 35, 5), (13, 35.6, 4)), (0, 0, 1)),
        ),
    ),
    "head": Bone(
        "chest",
        (0, 38, 0),
        (
            ((0, 0.5, -0.6, 4.6), (0, 8, 0.2, 4.8)),
            ((0, 17.6, -0.4, 8.8), (0, 13, 2.6, 6.6), (0, 9.2, 4.6, 3.6)),
            ((0, 15.5, 8.0, 0.9), (0, 12.6, 9.7, 1.1)),
            ((-8.3, 15.6, -1.2, 1.1), (-7.9, 13.4, -0.9, 0.8)),
            ((8.3, 15.6, -1.2, 1.1), (7.9, 13.4, -0.9, 0.8)),
        ),
        chain="head",
        tip=(0, 26, 0),
        paired=False,
        marks=(
            Mark(((-3.1, 15.2, 8.4), (-3.1, 16.6, 8.3)), (-0.5, 0, 1)),
            Mark(((3.1, 15.2, 8.4), (3.1, 16.6, 8.3)), (0.5, 0, 1)),
            Mark(((-2.2, 9.8, 7.8), (0, 9.2, 8.2), (2.2, 9.8, 7.8)), (0, 0, 1)),
            Mark(((-3.3, 6.8, 5), (-1.8, 5.7, 6), (1.8, 5.7, 6), (3.3, 6.8, 5)), (0, 0, 1)),
            *(Mark(_ear(side), (side, 0, 0)) for side in (-1, 1)),
        ),
    ),
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
    "thigh": Bone(
        "pelvis",
        (-9, -4, 0),
        (((0, 0, 0, 8.2), (0, -14, 0.3, 7.0), (0, -40, 0, 5.2)),),
        chain="leg",
        tip=(0, -40, 0),
    ),
    "shank": Bone(
        "thigh",
        (0, -40, 0),
        (((0, 0, 0, 5.2), (0, -10, -0.9, 5.2), (0, -39, 0, 3.1)),),
        marks=(
            Mark(
                (
                    (-2.4, 2.6, 4.5),
                    (-1.8, -1.6, 5),
                    (0, -2.6, 5.2),
                    (1.8, -1.6, 5),
                    (2.4, 2.6, 4.5),
                ),
                (0, 0, 1),
            ),
            Mark(((-3, 0, -4.6), (0, -0.8, -5.2), (3, 0, -4.6)), (0, 0, -1)),
        ),
        chain="leg",
        tip=(0, -39, 0),
    ),
    "foot": Bone(
        "shank",
        (0, -39, 0),
        (
            ((0, 0, 0, 3.2), (0, -4, -3.2, 3.0), (0.2, -3.2, 5, 2.6)),
            (
                (0, -4, -3.2, 3.0),
                (0.2, -2.6, 4, 2.6),
                (2.0, -5.4, 11.5, 1.7),
                (-2.6, -5.6, 10.2, 1.5),
            ),
        ),
        chain="leg",
        tip=(0, -5, 12),
    ),
    "big_toe": Bone(
        "foot",
        (2.1, -5.4, 11.5),
        (((0, 0, 0, 1.65), (0.1, -0.1, 4.0, 1.4)),),
        chain="leg",
        tip=(0, 0, 4.0),
        marks=(
            Mark(
                ((-0.7, 1.1, 3.6), (-0.6, 1.1, 4.9), (0.7, 1.1, 4.9), (0.8, 1.1, 3.6)), (0, 1, 0.4)
            ),
        ),
    ),
    "toes": Bone(
        "foot",
        (0, -5.5, 11),
        (
            ((0.35, 0, 0.2, 1.2), (0.35, -0.1, 3.9, 1.05)),
            ((-0.85, 0, 0, 1.15), (-0.85, -0.15, 3.2, 1.0)),
            ((-1.95, 0, -0.3, 1.1), (-1.95, -0.2, 2.3, 0.95)),
            ((-2.95, 0, -0.7, 1.0), (-2.95, -0.25, 1.3, 0.9)),
        ),
        chain="leg",
        tip=(0, 0, 4),
    ),
}

for _name in ("index", "middle", "ring", "little"):
    HINGES[f"{_name}_mcp.flexion"] = Hinge(f"{_name}_first", "z", 1)
    HINGES[f"{_name}_pip.flexion"] = Hinge(f"{_name}_middle", "z", 1)
    HINGES[f"{_name}_dip.flexion"] = Hinge(f"{_name}_end", "z", 1)
    HINGES[f"{_name}.spread"] = Hinge(f"{_name}_first", "x", -1)
