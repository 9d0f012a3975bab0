"""The finished drawing: one SVG, about 640 by 480, whose colours come from classes alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from exercises.domain.drawing.arrows import arrow
from exercises.domain.drawing.camera import HEIGHT, WIDTH, Camera, camera
from exercises.domain.drawing.holding import HeldBy, held
from exercises.domain.drawing.pads import pads, patch
from exercises.domain.drawing.posture import (
    frame_of,
    path_between,
    stand,
    turned_bones,
    with_all_below,
)
from exercises.domain.drawing.scene import Arrow, Look, Movement, Placement
from exercises.domain.drawing.shapes import Shape, balls, named, shapes
from exercises.domain.drawing.space import Frame, Point
from exercises.domain.drawing.support import support

TRACK_STEPS = 10
STILL_DEGREES = 2.0
"""Below this much movement the start is not drawn beside the end."""

ARROWS = {
    "upper_arm": Arrow("hand", (0, -22, 0)),
    "forearm": Arrow("hand", (0, -22, 0)),
    "hand": Arrow("middle_end", (0, -4.5, 0)),
    "thigh": Arrow("foot", (0, -12, 4)),
    "shank": Arrow("foot", (0, -12, 4)),
    "foot": Arrow("foot", (0, -6, 21)),
    "big_toe": Arrow("big_toe", (0, 0, 8)),
    "head": Arrow("head", (0, 30, 0)),
    "thumb_base": Arrow("thumb_end", (0, -4.6, 1.8)),
    "thumb_middle": Arrow("thumb_end", (0, -4.6, 1.8)),
    "thumb_end": Arrow("thumb_end", (0, -4.6, 1.8)),
    "index_first": Arrow("index_end", (0, -4.6, 0)),
    "index_middle": Arrow("index_end", (0, -4.6, 0)),
    "index_end": Arrow("index_end", (0, -4.6, 0)),
}
"""Where the arrow runs unless the drawing says otherwise: a little beyond what moves."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a person hears instead of the picture. `id` is unique on the page."""

    id: str
    title: str
    description: str


def draw_movement(
    movement: Movement, words: Words, *, end_degrees: float | None, mirrored: bool, style: str = ""
) -> str:
    """Return the SVG of a passive movement, which ends at `end_degrees` (else at its own end).

    Degrees are those of the motion, neutral-zero. `mirrored` draws the left side.
    KeyError when the movement names a bone, motion or view that does not exist.
    """
    end = movement.end if end_degrees is None else end_degrees
    stage = _stage(movement, end)
    parts = [*_movement_parts(movement, stage, end, words.id)]
    return _svg(parts, words, mirrored=mirrored, style=style)


def draw_placement(placement: Placement, words: Words, *, mirrored: bool, style: str = "") -> str:
    """Return the SVG of electrode pads on the skin."""
    look = placement.look
    frames, shown = stand(look.posture), named(look.show)
    eye = _camera(look).fitted(balls(frames, named(look.fit or look.show)), look.largest)
    parts = [support(look.support, frames, shown, eye)]
    parts += _bodies("rest", shapes(frames, shown, eye), f"{words.id}r")
    parts += pads([patch(pad, frames, eye) for pad in placement.pads])
    return _svg(parts, words, mirrored=mirrored, style=style)


@dataclass(frozen=True, slots=True)
class _Stage:
    """The body before and after, and who of it moves."""

    start: Mapping[str, Frame]
    end: Mapping[str, Frame]
    resting: tuple[str, ...]
    moving: tuple[str, ...]
    eye: Camera


def _stage(movement: Movement, end: float) -> _Stage:
    look = movement.look
    turning = turned_bones(movement.motion, movement.fingers)
    for also in movement.along_with:
        turning += turned_bones(also)
    moves = with_all_below(turning)
    shown = named(look.show)
    framed = named(look.fit or look.show)
    start, own_end, final = (_frames(movement, at) for at in (movement.start, movement.end, end))
    seen = [*balls(start, framed), *balls(own_end, framed), *balls(final, framed)]
    seen += [(point, 0.0) for point in (*_track(movement, movement.end), *_track(movement, end))]
    return _Stage(
        start=start,
        end=final,
        resting=tuple(name for name in shown if name not in moves),
        moving=tuple(name for name in shown if name in moves),
        eye=_camera(look).fitted(seen, look.largest),
    )


def _frames(movement: Movement, degrees_now: float) -> dict[str, Frame]:
    return stand(_angles(movement, degrees_now), movement.fingers)


def _angles(movement: Movement, degrees_now: float) -> dict[str, float]:
    """The posture with the motion at an angle, and what turns along with it."""
    angles = dict(movement.look.posture)
    for motion, share in movement.along_with.items():
        angles[motion] = angles.get(motion, 0.0) + share * (degrees_now - movement.start)
    return {**angles, movement.motion: degrees_now}


def _movement_parts(movement: Movement, stage: _Stage, end: float, key: str) -> Iterator[str]:
    eye = stage.eye
    yield support(movement.look.support, stage.start, stage.resting, eye)
    yield from _bodies("rest", shapes(stage.start, stage.resting, eye), f"{key}r")
    if abs(end - movement.start) > STILL_DEGREES:
        yield from _bodies("ghost", shapes(stage.start, stage.moving, eye), f"{key}g")
    hands = [held(hand, stage.end, eye) for hand in movement.hands]
    yield from _melted((hand.behind for hand in hands), f"{key}b")
    yield from _bodies("moving", shapes(stage.end, stage.moving, eye), f"{key}m")
    yield from _melted((hand.front for hand in hands), f"{key}f")
    yield from _fingers(hands)
    yield from _arrow(movement, end, eye)


def _bodies(kind: str, found: Iterable[Shape], key: str) -> Iterator[str]:
    """Each shape twice: all outlines of a chain, then its skin over them, so that they melt."""
    for number, shape in enumerate(found):
        name = f"{key}{number}"
        yield f'<defs><path id="{name}" d="{shape.path}"/></defs>'
        yield f'<use href="#{name}" class="{kind} edge"/><use href="#{name}" class="{kind} skin"/>'
        if shape.marks and kind != "ghost":
            yield f'<path class="{kind} mark" d="{shape.marks}"/>'


def _melted(paths: Iterable[str], key: str) -> Iterator[str]:
    yield from _bodies("helper", [Shape(path, "", 0) for path in paths if path], key)


def _fingers(hands: Iterable[HeldBy]) -> Iterator[str]:
    for hand in hands:
        for kind, thick in (("finger-edge", hand.thick + 6), ("finger", hand.thick)):
            if hand.fingers:
                yield f'<path class="{kind}" d="{hand.fingers}" stroke-width="{thick}"/>'


def _arrow(movement: Movement, end: float, eye: Camera) -> Iterator[str]:
    drawn = arrow([eye.see(point) for point in _track(movement, end)])
    if drawn:
        yield f'<path class="way" d="{drawn[0]}"/><path class="way-head" d="{drawn[1]}"/>'


def _track(movement: Movement, end: float) -> list[Point]:
    """The way of the guiding point from the start to the end."""
    guide = movement.arrow or ARROWS[turned_bones(movement.motion, movement.fingers)[0]]
    return [
        frame_of(guide.bone, _angles(movement, angle), movement.fingers).place(guide.at)
        for angle in path_between(movement.start, end, TRACK_STEPS)
    ]


def _camera(look: Look) -> Camera:
    return camera(look.view, yaw=look.yaw, pitch=look.pitch, roll=look.roll)


def _svg(parts: Iterable[str], words: Words, *, mirrored: bool, style: str) -> str:
    key = escape(words.id)
    body = "".join(parts)
    if mirrored:
        body = f'<g transform="matrix(-1 0 0 1 {WIDTH} 0)">{body}</g>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" aria-labelledby="{key}-t" aria-describedby="{key}-d">'
        f'<title id="{key}-t">{escape(words.title)}</title>'
        f'<desc id="{key}-d">{escape(words.description)}</desc>'
        + (f"<style>{style}</style>" if style else "")
        + f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}" rx="28"/>{body}</svg>'
    )
