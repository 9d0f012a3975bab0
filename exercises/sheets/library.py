"""Every sheet of the content folder, read as one whole."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from exercises.sheets import catalogue, diet, terms
from exercises.sheets.documents import Document, Mapped, SharedTerm
from exercises.sheets.drawings import Drawing, DrawingWords, Electrodes
from exercises.sheets.guidance import Conflict, Guidance, LeftBehind, SentenceGroup, TimeWindow
from exercises.sheets.instruments import Instrument
from exercises.sheets.reading import (
    BrokenContentError,
    ContentError,
    read_defaults_and_items,
    read_item,
    read_items,
    read_rows,
    shape,
)

Item = TypeVar("Item", bound=terms.Sheet)


@dataclass(frozen=True, slots=True)
class Placed(Generic[Item]):
    """An item and the sheet it stands in, so that an error can name the place."""

    file: str
    key: str
    item: Item

    def error(self, field_name: str, problem: str) -> ContentError:
        return ContentError(file=self.file, item=self.key, field=field_name, problem=problem)


Shelf = dict[str, Placed[Item]]


@dataclass(slots=True)
class Library:
    fingerprint: str
    dose_fields: Shelf[terms.DoseField] = field(default_factory=dict)
    choice_fields: Shelf[terms.ChoiceField] = field(default_factory=dict)
    motions: Shelf[terms.Motion] = field(default_factory=dict)
    muscles: Shelf[terms.Muscle] = field(default_factory=dict)
    modalities: Shelf[terms.Modality] = field(default_factory=dict)
    gate_questions: Shelf[terms.GateQuestion] = field(default_factory=dict)
    skip_reasons: Shelf[terms.Reason] = field(default_factory=dict)
    stop_reasons: Shelf[terms.Reason] = field(default_factory=dict)
    symptoms: Shelf[terms.Symptom] = field(default_factory=dict)
    conditions: Shelf[terms.Condition] = field(default_factory=dict)
    sources: Shelf[catalogue.Source] = field(default_factory=dict)
    precautions: Shelf[catalogue.Precaution] = field(default_factory=dict)
    contraindications: Shelf[catalogue.Contraindication] = field(default_factory=dict)
    exercises: Shelf[catalogue.Exercise] = field(default_factory=dict)
    protocols: Shelf[catalogue.Protocol] = field(default_factory=dict)
    allergens: Shelf[diet.Allergen] = field(default_factory=dict)
    foods: Shelf[diet.Food] = field(default_factory=dict)
    recipes: Shelf[diet.Recipe] = field(default_factory=dict)
    substances: Shelf[diet.Substance] = field(default_factory=dict)
    interactions: Shelf[diet.Interaction] = field(default_factory=dict)
    guidance: Shelf[Guidance] = field(default_factory=dict)
    time_windows: Shelf[TimeWindow] = field(default_factory=dict)
    conflicts: Shelf[Conflict] = field(default_factory=dict)
    left_behind: Shelf[LeftBehind] = field(default_factory=dict)
    instruments: Shelf[Instrument] = field(default_factory=dict)
    drawings: Shelf[Drawing] = field(default_factory=dict)
    electrodes: Shelf[Electrodes] = field(default_factory=dict)
    drawing_words: Shelf[DrawingWords] = field(default_factory=dict)
    documents: Shelf[Document] = field(default_factory=dict)
    source_map: Shelf[Mapped] = field(default_factory=dict)
    shared_terms: Shelf[SharedTerm] = field(default_factory=dict)
    reading: Shelf[SentenceGroup] = field(default_factory=dict)

    def named(self, kind: str, ref: str) -> terms.Text:
        """Return the names of a side of a conflict; KeyError when there is no such item."""
        shelves: Mapping[str, Shelf[Any]] = {
            "guidance": self.guidance,
            "food": self.foods,
            "recipe": self.recipes,
            "exercise": self.exercises,
        }
        names: terms.Text = shelves[kind][ref].item.names
        return names


KINDS: Mapping[str, type[terms.Sheet]] = {
    "dose_fields": terms.DoseField,
    "choice_fields": terms.ChoiceField,
    "motions": terms.Motion,
    "muscles": terms.Muscle,
    "modalities": terms.Modality,
    "gate_questions": terms.GateQuestion,
    "skip_reasons": terms.Reason,
    "stop_reasons": terms.Reason,
    "symptoms": terms.Symptom,
    "conditions": terms.Condition,
    "sources": catalogue.Source,
    "precautions": catalogue.Precaution,
    "contraindications": catalogue.Contraindication,
    "exercises": catalogue.Exercise,
    "protocols": catalogue.Protocol,
    "allergens": diet.Allergen,
    "foods": diet.Food,
    "recipes": diet.Recipe,
    "substances": diet.Substance,
    "interactions": diet.Interaction,
    "guidance": Guidance,
    "time_windows": TimeWindow,
    "conflicts": Conflict,
    "left_behind": LeftBehind,
    "instruments": Instrument,
    "drawings": Drawing,
    "electrodes": Electrodes,
    "drawing_words": DrawingWords,
    "documents": Document,
    "source_map": Mapped,
    "shared_terms": SharedTerm,
    "reading": SentenceGroup,
}
FOLDERS = {
    "exercises": "slug",
    "protocols": "slug",
    "guidance": "slug",
    "recipes": "slug",
    "left_behind": "code",
    "reading": "",
}
"""Shelves that are folders of sheets, each with defaults and items; a protocol is a sheet of
its own, and the rows of a reading table have no name but their number."""


def read_library(root: Path) -> Library:
    """Read every sheet below `root`; BrokenContentError lists all that has the wrong shape."""
    library = Library(fingerprint=fingerprint(root))
    errors: list[ContentError] = []
    for shelf_name in KINDS:
        _fill(getattr(library, shelf_name), root, shelf_name, errors)
    if errors:
        raise BrokenContentError(errors)
    return library


def read_shelf(root: Path, shelf_name: str) -> Shelf[Any]:
    """Read one kind of sheet alone, whatever the others look like."""
    shelf: Shelf[Any] = {}
    errors: list[ContentError] = []
    _fill(shelf, root, shelf_name, errors)
    if errors:
        raise BrokenContentError(errors)
    return shelf


def _fill(shelf: Shelf[Any], root: Path, shelf_name: str, errors: list[ContentError]) -> None:
    for placed in _placed(root, shelf_name, KINDS[shelf_name], errors):
        if placed.key in shelf:
            first = shelf[placed.key].file
            errors.append(placed.error("code", f"is there twice, first in {first}"))
        shelf[placed.key] = placed


def fingerprint(root: Path) -> str:
    """Return the SHA-256 over the names and bytes of all sheets, in order."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.yaml")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _placed(
    root: Path, shelf_name: str, kind: type[terms.Sheet], errors: list[ContentError]
) -> Iterator[Placed[Any]]:
    for file in _files(root, shelf_name):
        try:
            pairs = list(_raw(root, shelf_name, file))
        except ContentError as error:
            errors.append(error)
            continue
        for key, raw in pairs:
            try:
                yield Placed(file, key, shape(kind, raw, file=file, item=key))
            except ContentError as error:
                errors.append(error)


def _files(root: Path, shelf_name: str) -> list[str]:
    if shelf_name not in FOLDERS:
        return [f"{shelf_name}.yaml"]
    return [f"{shelf_name}/{path.name}" for path in sorted((root / shelf_name).glob("*.yaml"))]


def _raw(root: Path, shelf_name: str, file: str) -> Iterable[tuple[str, dict[str, Any]]]:
    if shelf_name == "protocols":
        return [read_item(root, file, key="slug")]
    if shelf_name == "reading":
        return read_rows(root, file)
    if shelf_name in FOLDERS:
        return read_defaults_and_items(root, file, key=FOLDERS[shelf_name])
    return read_items(root, file, key="slug" if shelf_name == "source_map" else "code")
