"""Structs for line drawings: how a passive motion and how electrode pads are shown."""

from typing import Annotated, Literal

import msgspec

from exercises.sheets.terms import Code, Sheet, Text

Degrees = Annotated[float, msgspec.Meta(ge=-360, le=360)]
MotionCode = Annotated[str, msgspec.Meta(pattern=r"^[a-z_0-9]+\.[a-z_0-9]+$")]
Place = tuple[float, float, float]


class HelperHand(Sheet, frozen=True, kw_only=True):
    """`along` the bone from 0 (its joint) to 1; `comes_from`: on the page of a right side."""

    bone: Code
    along: float
    comes_from: Literal["up", "down", "left", "right"]
    grip: Literal["cup", "hold", "under", "pinch"] = "hold"
    across: float = 0.0


class Guide(Sheet, frozen=True, kw_only=True):
    """The point whose way the arrow follows: in the frame of its bone, in centimetres."""

    bone: Code
    at: Place


class Seen(Sheet, frozen=True, kw_only=True):
    """`view` and how it is turned; `posture`: degrees by motion; `show`, `fit`: bones or sets.

    `fit` decides the frame, all of `show` where it is empty. Everything is for the right side.
    """

    view: Code
    yaw: Degrees = 0.0
    pitch: Degrees = 0.0
    roll: Degrees = 0.0
    posture: dict[str, Degrees] = {}
    show: tuple[Code, ...]
    fit: tuple[Code, ...] = ()
    largest: float = 30.0
    support: Literal["none", "bed", "sheet", "table"] = "none"


class Drawing(Seen, frozen=True, kw_only=True):
    """How one motion is drawn. `end_degrees` is an illustration, never the normal value.

    `start`, `movement`, `hands` are read aloud instead of the picture: no numbers in them.
    """

    code: MotionCode
    start_degrees: Degrees
    end_degrees: Degrees
    along_with: dict[str, float] = {}
    fingers: tuple[Code, ...] = ("index", "middle", "ring", "little")
    helper: tuple[HelperHand, ...]
    arrow: Guide | None = None
    start: Text
    movement: Text
    hands: Text


class ElectrodePad(Sheet, frozen=True, kw_only=True):
    """`along` the bone, `across` from -1 to 1 of its half width on the page."""

    bone: Code
    along: float
    across: float = 0.0
    length_cm: float = 6.0
    width_cm: float = 4.5


class Electrodes(Seen, frozen=True, kw_only=True):
    """Where the pads of a muscle lie. `seen`: from which side; `pads_lie`: in words."""

    code: Code
    pads: Annotated[tuple[ElectrodePad, ...], msgspec.Meta(min_length=2, max_length=4)]
    seen: Text
    pads_lie: Text


class DrawingWords(Sheet, frozen=True, kw_only=True):
    """A sentence that every drawing may say; {name} stands for the motion or the muscle."""

    code: Code
    text: Text
