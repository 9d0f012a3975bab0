"""What must agree between drawings, the mannequin, and what is drawn."""

from collections.abc import Iterable, Iterator
from typing import Any

from exercises.domain.drawing.anatomy import BONES
from exercises.domain.drawing.camera import VIEWS
from exercises.domain.drawing.posture import OTHER, hinges
from exercises.domain.drawing.shapes import SETS
from exercises.sheets.library import Library, Placed
from exercises.sheets.placing import known
from exercises.sheets.reading import ContentError

BONES_AND_SETS = {side + name: None for side in ("", OTHER) for name in (*BONES, *SETS)}


def check_drawings(library: Library) -> Iterator[ContentError]:
    for motion in library.motions.values():
        yield from known(motion, "drawing", [motion.key], library.drawings)
    for drawing in library.drawings.values():
        item = drawing.item
        yield from known(drawing, "code", [drawing.key], library.motions)
        yield from _seen(drawing)
        yield from _bends(drawing, "along_with", item.along_with)
        yield from known(drawing, "helper", [hand.bone for hand in item.helper], BONES_AND_SETS)
        if item.arrow:
            yield from known(drawing, "arrow", [item.arrow.bone], BONES_AND_SETS)
        yield from _illustrates(drawing, library)
    yield from _check_electrodes(library)


def _check_electrodes(library: Library) -> Iterator[ContentError]:
    for electrodes in library.electrodes.values():
        yield from known(electrodes, "code", [electrodes.key], library.muscles)
        yield from _seen(electrodes)
        bones = [pad.bone for pad in electrodes.item.pads]
        yield from known(electrodes, "pads", bones, BONES_AND_SETS)
    for exercise in library.exercises.values():
        item = exercise.item
        modality = library.modalities.get(item.modality)
        if modality and modality.item.physics is not None:
            muscles = [each for each in (item.muscle, *item.other_muscles) if each]
            yield from known(exercise, "electrodes", muscles, library.electrodes)


def _seen(placed: Placed[Any]) -> Iterator[ContentError]:
    item = placed.item
    yield from known(placed, "view", [item.view], VIEWS)
    yield from known(placed, "show", item.show, BONES_AND_SETS)
    yield from known(placed, "fit", item.fit, BONES_AND_SETS)
    yield from _bends(placed, "posture", item.posture)


def _bends(placed: Placed[Any], field: str, motions: Iterable[str]) -> Iterator[ContentError]:
    for motion in motions:
        try:
            hinges(motion.removeprefix(OTHER))
        except KeyError:
            yield placed.error(field, f"{motion!r} is not known")


def _illustrates(placed: Placed[Any], library: Library) -> Iterator[ContentError]:
    """Without a plan a drawing stops short of the normal value, which patients never see."""
    motion = library.motions.get(placed.key)
    if motion is None:
        return
    item, normal = placed.item, motion.item.normal_degrees
    onwards = item.end_degrees > item.start_degrees
    if (item.end_degrees >= normal) if onwards else (item.end_degrees <= normal):
        yield placed.error("end_degrees", "shows the normal value or more")
