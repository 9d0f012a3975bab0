"""Which joint each motion turns, about which axis, and to which side."""

from dataclasses import dataclass

from exercises.domain.drawing.arm import FINGERS
from exercises.domain.drawing.space import Axis


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
}
"""Angles of one joint are told apart by their motion: extension of elbow and knee is how much
bend is left, so it turns the same way as flexion."""

for _name in FINGERS:
    HINGES[f"{_name}_mcp.flexion"] = Hinge(f"{_name}_first", "z", 1)
    HINGES[f"{_name}_pip.flexion"] = Hinge(f"{_name}_middle", "z", 1)
    HINGES[f"{_name}_dip.flexion"] = Hinge(f"{_name}_end", "z", 1)
    HINGES[f"{_name}.spread"] = Hinge(f"{_name}_first", "x", -1)
