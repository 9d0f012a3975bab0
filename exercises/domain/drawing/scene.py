"""What a drawing is asked to show: plain data, without words."""

from dataclasses import dataclass, field
from typing import Literal

Support = Literal["none", "bed", "sheet", "table"]
Grip = Literal["cup", "hold", "under", "pinch"]
Towards = Literal["up", "down", "left", "right"]


@dataclass(frozen=True, slots=True)
class Hand:
    """A helper's hand on a bone: `along` runs from 0 at its joint to 1 at its far end.

    `comes_from` is where the helper's arm is, on the page of a right side.
    """

    bone: str
    along: float
    comes_from: Towards
    grip: Grip = "hold"
    across: float = 0.0


@dataclass(frozen=True, slots=True)
class Arrow:
    """The arrow follows a point of a bone: `at` is in its frame, in centimetres."""

    bone: str
    at: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Pad:
    """An electrode: `along` the bone as above, `across` from -1 to 1 of its width on the page."""

    bone: str
    along: float
    across: float = 0.0
    length_cm: float = 6.0
    width_cm: float = 4.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """From where, how the body lies, which bones are shown, and which decide the frame."""

    view: str
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    posture: dict[str, float] = field(default_factory=dict)
    show: tuple[str, ...] = ()
    fit: tuple[str, ...] = ()
    largest: float = 30.0
    support: Support = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One motion from `start` to `end` degrees; `along_with`: joints that turn by a share of it."""

    motion: str
    look: Look
    start: float
    end: float
    along_with: dict[str, float] = field(default_factory=dict)
    fingers: tuple[str, ...] = ("index", "middle", "ring", "little")
    hands: tuple[Hand, ...] = ()
    arrow: Arrow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Electrode pads on a body that does not move."""

    look: Look
    pads: tuple[Pad, ...]
