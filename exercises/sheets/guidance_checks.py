"""What must agree between guidance, windows, conflicts and the rest of the catalogue."""

from collections.abc import Iterator

from exercises.sheets.guidance import Conflict, Guidance
from exercises.sheets.library import Library, Placed
from exercises.sheets.placing import barred_for, known, once
from exercises.sheets.reading import ContentError


def check_guidance(library: Library) -> Iterator[ContentError]:
    for placed in library.guidance.values():
        item = placed.item
        yield from known(placed, "applies_to", item.applies_to, library.conditions)
        yield from barred_for(placed, item.not_for, library)
        yield from known(placed, "modality", [item.modality], library.modalities)
        yield from known(placed, "same_as", [item.same_as], library.guidance)
        for name in ("exercises", "recipes", "foods", "instruments"):
            shown = getattr(item.shows, name)
            yield from known(placed, f"shows.{name}", shown, getattr(library, name))
            yield from once(placed, f"shows.{name}", shown)
        yield from _never_planned(placed, library)
    for window in library.time_windows.values():
        yield from known(window, "modality", [window.item.modality], library.modalities)


def _never_planned(placed: Placed[Guidance], library: Library) -> Iterator[ContentError]:
    """Drugs, surgery and research lead to nothing that could be put into a plan."""
    if placed.item.planned:
        return
    for slug in placed.item.shows.exercises:
        exercise = library.exercises.get(slug)
        if exercise and exercise.item.use == "plan":
            yield placed.error("shows.exercises", f"{slug!r} may be put into a plan")


def check_conflicts(library: Library) -> Iterator[ContentError]:
    for placed in library.conflicts.values():
        item = placed.item
        if len(item.sides) < 2:
            yield placed.error("sides", "needs two")
        yield from once(placed, "sides", [f"{side.kind} {side.ref}" for side in item.sides])
        for side in item.sides:
            try:
                library.named(side.kind, side.ref)
            except KeyError:
                yield placed.error("sides", f"{side.kind} {side.ref!r} is not known")
        yield from _resolution(placed)


def _resolution(placed: Placed[Conflict]) -> Iterator[ContentError]:
    item = placed.item
    given = [value is not None for value in (item.resolved, item.resolved_by, item.resolved_on)]
    if any(given) and not all(given):
        yield placed.error("resolved", "needs words, a name and a date together")


def check_reading(library: Library) -> Iterator[ContentError]:
    """Every row says where its sentences went, or why they went nowhere."""
    for placed in library.reading.values():
        item = placed.item
        yield from known(placed, "source", [item.source], library.documents)
        yield from known(placed, "items", item.items, library.guidance)
        if bool(item.items) == (item.none_because is not None):
            yield placed.error("items", "name items or say none_because, and not both")
        if not item.sentences:
            yield placed.error("sentences", "is empty")
