"""Line drawings of the catalogue, as SVG text: the one way for other apps to get one.

    from exercises import pictures
    pictures.drawing(motion="knee.flexion", side="left", end_degrees=70, language="en")

The SVG takes its colours from `static/exercises/drawings.css`. It prints no number: patients and
caregivers never see a normal angle, and in a plan the moving limb ends at the plan's own maximum.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec

from exercises import reference
from exercises.domain.drawing.picture import Words, draw_movement, draw_placement
from exercises.domain.drawing.scene import Arrow, Hand, Look, Movement, Pad, Placement
from exercises.sheets import drawings as sheets
from exercises.sheets.reading import CONTENT

STYLE = Path(__file__).parent / "static" / "exercises" / "drawings.css"
STYLE_OF_PAGES = ".drawn"

Side = Literal["left", "right", "both", "none", ""]


class NoDrawing(LookupError):
    """Nobody has drawn this motion or this muscle."""


def motions_drawn() -> Mapping[str, sheets.Drawing]:
    return reference.read_terms(CONTENT, "drawings.yaml", sheets.Drawing)


def muscles_drawn() -> Mapping[str, sheets.Electrodes]:
    return reference.read_terms(CONTENT, "electrodes.yaml", sheets.Electrodes)


def drawn_for(
    *, modality: str, motion: str | None, muscles: Iterable[str | None]
) -> list[dict[str, str]]:
    """Return what to draw for an exercise: `{"motion": …}` or a `{"muscle": …}` for each muscle.

    Pads are drawn for stimulation alone: a strength exercise names its muscles too.
    """
    known = reference.modalities().get(modality)
    if known is None:
        return []
    if known.part_kind == "motion" and motion in motions_drawn():
        return [{"motion": motion or ""}]
    if known.physics is None:
        return []
    return [{"muscle": each} for each in muscles if each and each in muscles_drawn()]


def drawing(
    *,
    motion: str | None = None,
    muscle: str | None = None,
    side: Side = "right",
    end_degrees: float | None = None,
    language: str,
    standalone: bool = False,
    occurrence: int = 0,
) -> str:
    """Return the SVG of a motion or of a muscle's electrode pads, with its text alternative.

    `motion` is a code of motions.yaml, `muscle` one of muscles.yaml; give exactly one.
    `side`: "left" mirrors; anything else draws the right side.
    `end_degrees`: the plan's maximum, neutral-zero degrees of that motion; None without a plan.
    A value outside the recordable range of the motion is drawn at the edge of that range.
    `language`: "zh-Hans" or "en". `standalone`: carry the style inside, for a file of its own;
    a page links `exercises/drawings.css` instead. `occurrence`: a number of its own for each
    drawing of a page that may show the same one twice, because ids must not repeat.

    NoDrawing for what nobody has drawn, ValueError unless exactly one of motion and muscle.
    """
    if (motion is None) == (muscle is None):
        raise ValueError("give a motion or a muscle")
    style = _style() if standalone else ""
    if motion is not None:
        drawn = _motion(motion, side, _recordable(motion, end_degrees), language, style)
    else:
        drawn = _muscle(muscle or "", side, language, style)
    return drawn.numbered(occurrence)


def title(
    *, motion: str | None = None, muscle: str | None = None, side: Side = "right", language: str
) -> str:
    """Return the name of a drawing, which is also the title inside it."""
    if motion is not None:
        name = reference.motions()[motion].labels[language]
    else:
        name = _say("electrodes", language, reference.muscles()[muscle or ""].labels[language])
    return _say(side, language, name) if side in {"left", "right"} else name


def _recordable(motion: str, end_degrees: float | None) -> float | None:
    known = reference.motions().get(motion)
    if end_degrees is None or known is None:
        return end_degrees
    return min(max(float(end_degrees), known.hard_min_degrees), known.hard_max_degrees)


@dataclass(frozen=True, slots=True)
class _Drawn:
    id: str
    svg: str

    def numbered(self, occurrence: int) -> str:
        return self.svg.replace(self.id, f"{self.id}-{occurrence}") if occurrence else self.svg


@lru_cache(maxsize=1024)
def _motion(code: str, side: Side, end: float | None, language: str, style: str) -> _Drawn:
    drawn = motions_drawn().get(code)
    if drawn is None:
        raise NoDrawing(code)
    told = [text[language] for text in (drawn.start, drawn.movement, drawn.hands)]
    told.append(_say("ends_without_plan" if end is None else "ends_with_plan", language))
    words = Words(
        id=_id(code, side, end, language),
        title=title(motion=code, side=side, language=language),
        description=_joined(told, language),
    )
    svg = draw_movement(
        _movement(drawn), words, end_degrees=end, mirrored=side == "left", style=style
    )
    return _Drawn(words.id, svg)


@lru_cache(maxsize=256)
def _muscle(code: str, side: Side, language: str, style: str) -> _Drawn:
    drawn = muscles_drawn().get(code)
    if drawn is None:
        raise NoDrawing(code)
    words = Words(
        id=_id(code, side, None, language),
        title=title(muscle=code, side=side, language=language),
        description=_joined([drawn.seen[language], drawn.pads_lie[language]], language),
    )
    pads = tuple(Pad(**msgspec.structs.asdict(pad)) for pad in drawn.pads)
    placement = Placement(look=_look(drawn), pads=pads)
    svg = draw_placement(placement, words, mirrored=side == "left", style=style)
    return _Drawn(words.id, svg)


def _movement(drawn: sheets.Drawing) -> Movement:
    return Movement(
        motion=drawn.code,
        look=_look(drawn),
        start=drawn.start_degrees,
        end=drawn.end_degrees,
        along_with=drawn.along_with,
        fingers=drawn.fingers,
        hands=tuple(Hand(**msgspec.structs.asdict(hand)) for hand in drawn.helper),
        arrow=Arrow(drawn.arrow.bone, drawn.arrow.at) if drawn.arrow else None,
    )


def _look(drawn: sheets.Seen) -> Look:
    same = ("view", "yaw", "pitch", "roll", "posture", "show", "fit", "largest", "support")
    return Look(**{name: getattr(drawn, name) for name in same})


def _say(code: str, language: str, name: str = "") -> str:
    words = reference.read_terms(CONTENT, "drawing_words.yaml", sheets.DrawingWords)
    return words[code].text[language].replace("{name}", name)


def _joined(sentences: list[str], language: str) -> str:
    return (" " if language == "en" else "").join(sentences)


def _id(*drawn: object) -> str:
    """The same drawing has the same id everywhere; no angle can be read from it."""
    return "d" + sha256(repr(drawn).encode()).hexdigest()[:8]


@lru_cache(maxsize=1)
def _style() -> str:
    """The colours of drawings without what only pages need."""
    return STYLE.read_text(encoding="utf-8").partition(STYLE_OF_PAGES)[0]
