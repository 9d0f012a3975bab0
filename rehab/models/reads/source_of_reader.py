"""A source as one patient's reader meets it: only what that reader finds in their own lists."""

from collections.abc import Sequence
from dataclasses import dataclass

from exercises.models import Source, SourceSection
from exercises.models.content import ordered
from rehab.models.reads.content import KEYS, shelf
from rehab.models.reads.content_reader import Reader

DIET = frozenset({"food", "recipe"})
RELATION = {
    "guidance": "guidance",
    "exercise": "exercises",
    "food": "foods",
    "recipe": "recipes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """One item that rests on a section; kind and ref lead to its page."""

    kind: str
    ref: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSection:
    number: str
    name: str
    items: Sequence[Resting]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSource:
    """unread: nobody has read it yet."""

    code: str
    name: str
    about: str
    address: str
    published: str
    unread: bool
    is_document: bool
    sections: Sequence[ReadSection]


def source_for(reader: Reader, code: str) -> ReadSource | None:
    """Return a source with what this reader reads of each section; None for an unknown code."""
    source = (
        Source.objects.filter(code=code)
        .prefetch_related(ordered("sections", SourceSection.objects.current()))
        .first()
    )
    if source is None:
        return None
    language = reader.language
    resting = _resting(reader, source)
    return ReadSource(
        code=source.code,
        name=source.names[language],
        about=source.about[language] if source.about else "",
        address=source.address,
        published=source.published,
        unread=source.checked != "looked_up",
        is_document=source.kind == "document",
        sections=[
            ReadSection(
                number=each.number,
                name=each.names[language],
                items=resting.get(each.pk, []),
            )
            for each in source.sections.all()
        ],
    )


def _resting(reader: Reader, source: Source) -> dict[object, list[Resting]]:
    """Items by section: one statement a kind, filtered as every list of this reader is."""
    kinds = [kind for kind in KEYS if kind not in DIET or reader.may("see_diet")]
    found: dict[object, list[Resting]] = {}
    for kind in kinds:
        key = KEYS[kind]
        rows = shelf(kind, reader).visible().filter(sections__source=source)
        for section, ref, names in rows.values_list("sections", key, "names"):
            line = Resting(kind=kind, ref=ref, name=names[reader.language])
            found.setdefault(section, []).append(line)
    return found
