"""What must agree inside a protocol, and between it and the rest of the catalogue."""

from collections.abc import Iterator

import msgspec

from exercises.sheets.catalogue import Dose, Protocol, ProtocolItem, ProtocolPart, Range
from exercises.sheets.library import Library, Placed
from exercises.sheets.reading import ContentError
from exercises.sheets.terms import DoseField, Modality

CARE_TOO = frozenset({"passive_range_of_motion"})
"""Gentle range set by the plan may be care; no other training may."""


def check_protocols(library: Library) -> Iterator[ContentError]:
    for placed in library.protocols.values():
        for code in placed.item.conditions:
            if code not in library.conditions:
                yield placed.error("conditions", f"{code!r} is not known")
        codes = [item.code for item in placed.item.items]
        if len(codes) != len(set(codes)):
            yield placed.error("items", "a code is there twice")
        for item in placed.item.items:
            yield from _check_item(placed, item, library)


def _check_item(
    placed: Placed[Protocol], item: ProtocolItem, library: Library
) -> Iterator[ContentError]:
    where = f"items.{item.code}"
    modality = library.modalities.get(item.modality)
    if modality is None:
        yield placed.error(f"{where}.modality", f"{item.modality!r} is not known")
        return
    if item.kind != modality.item.kind and item.modality not in CARE_TOO:
        yield placed.error(f"{where}.kind", f"{item.modality!r} is {modality.item.kind}")
    if not item.parts:
        yield placed.error(f"{where}.parts", "is empty")
    for number, part in enumerate(item.parts):
        yield from _check_part(placed, f"{where}.parts.{number}", item, part, library)
    yield from _check_dose(placed, f"{where}.dose", item.dose, modality.item, library)


def _check_part(
    placed: Placed[Protocol], where: str, item: ProtocolItem, part: ProtocolPart, library: Library
) -> Iterator[ContentError]:
    exercise = library.exercises.get(part.exercise)
    if exercise is None:
        yield placed.error(f"{where}.exercise", f"{part.exercise!r} is not known")
        return
    if exercise.item.use != "plan":
        yield placed.error(f"{where}.exercise", f"{part.exercise!r} may not be put into a plan")
    if exercise.item.modality != item.modality:
        yield placed.error(
            f"{where}.exercise", f"{part.exercise!r} is {exercise.item.modality}, not the item's"
        )
    if part.motion is not None and part.motion not in library.motions:
        yield placed.error(f"{where}.motion", f"{part.motion!r} is not known")
    if part.muscle is not None and part.muscle not in library.muscles:
        yield placed.error(f"{where}.muscle", f"{part.muscle!r} is not known")
    modality = library.modalities[item.modality].item
    yield from _check_dose(placed, f"{where}.dose", part.dose, modality, library)
    missing = modality.prescription_required - part.dose.keys() - item.dose.keys()
    for code in sorted(missing):
        yield placed.error(
            f"{where}.dose.{code}", "is missing; write null where no source gives it"
        )


def _check_dose(
    placed: Placed[Protocol], where: str, dose: Dose, modality: Modality, library: Library
) -> Iterator[ContentError]:
    for code, given in dose.items():
        if code not in modality.prescription_allowed:
            yield placed.error(f"{where}.{code}", f"{modality.code} does not prescribe it")
        elif given is not None:
            limits = _limits(library.dose_fields[code].item, modality)
            yield from _check_range(placed, f"{where}.{code}", given, limits)


def _limits(field: DoseField, modality: Modality) -> DoseField:
    change = modality.limits.get(field.code)
    if change is None:
        return field
    given = {k: v for k, v in msgspec.structs.asdict(change).items() if v is not None}
    return msgspec.structs.replace(field, **given)


def _check_range(
    placed: Placed[Protocol], where: str, given: Range, limits: DoseField
) -> Iterator[ContentError]:
    if given.low > given.high:
        yield placed.error(where, f"low {given.low:g} is above high {given.high:g}")
    if given.low < limits.hard_min or given.high > limits.hard_max:
        yield placed.error(
            where, f"outside what may be recorded ({limits.hard_min:g}-{limits.hard_max:g})"
        )
    if not given.citations:
        yield placed.error(where, "names no source; write null where no source gives it")
