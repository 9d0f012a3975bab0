"""The content held against the documents it began with: nothing copied, nothing left unread."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from exercises.domain.passages import Heading, Passages, cut, group_digest
from exercises.sheets.documents import Document
from exercises.sheets.guidance import SentenceGroup
from exercises.sheets.library import KINDS, Library, Placed, Shelf
from exercises.sheets.reading import ContentError
from exercises.sheets.walking import written

Sections = dict[str, list[str]]
_EMPTY = re.compile(r"""(?<=digest: )(""|'')""")


@dataclass(frozen=True, slots=True)
class Read:
    """A document as it was found: its text and its numbered sentences by section."""

    text: str
    sections: Sections


@dataclass(frozen=True, slots=True)
class Copied:
    """Characters that an item shares with a document."""

    place: str
    run: str


def find_documents(folder: Path, documents: Shelf[Document]) -> dict[str, Read]:
    """Return the documents in `folder` by source code; FileNotFoundError names what is missing.

    A document is known by having all of its headings in their order, whatever its file name.
    """
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    found: dict[str, Read] = {}
    for code, placed in documents.items():
        headings = [
            Heading(piece.opens, piece.section, piece.inline, piece.listed)
            for piece in placed.item.pieces
        ]
        for text in texts:
            if (sections := cut(text, headings)) is not None:
                found[code] = Read(text, sections)
    if missing := documents.keys() - found.keys():
        raise FileNotFoundError(f"not found in {folder}: {', '.join(sorted(missing))}")
    return found


def unread(library: Library, found: Mapping[str, Read]) -> Iterator[ContentError]:
    """Sentences of the parts that must be read which stand in no row, and rows that are off."""
    rows: dict[tuple[str, str], set[int]] = {}
    for placed in library.reading.values():
        item = placed.item
        sentences = sentences_of(item, found)
        if sentences is None:
            yield placed.error("sentences", f"{item.source} {item.section} has no such sentence")
            continue
        rows.setdefault((item.source, item.section), set()).update(item.sentences)
        if item.digest != (digest := group_digest(sentences)):
            yield placed.error("digest", f"is not {digest}: the document or the numbers differ")
    for code, document in library.documents.items():
        for section in document.item.sections_to_read:
            numbers = set(range(1, len(found[code].sections[section]) + 1))
            missing = sorted(numbers - rows.get((code, section), set()))
            if missing:
                yield ContentError(
                    file=f"reading/{code}.yaml",
                    item=section,
                    field="sentences",
                    problem=f"{len(missing)} of {len(numbers)} are in no row: {missing}",
                )


def sentences_of(group: SentenceGroup, found: Mapping[str, Read]) -> list[str] | None:
    """Return the text of a row's sentences; None when there is no such sentence."""
    read = found.get(group.source)
    section = read.sections.get(group.section, []) if read else []
    if not group.sentences or not all(1 <= n <= len(section) for n in group.sentences):
        return None
    return [section[number - 1] for number in group.sentences]


def passages(library: Library, found: Mapping[str, Read]) -> Passages:
    """What counts as copied. Titles of sources and sections are taken as they are."""
    titles = [
        titles.zh_hans
        for placed in library.sources.values()
        for titles in (placed.item.titles, *(each.titles for each in placed.item.sections))
    ]
    terms = [placed.item.term for placed in library.shared_terms.values()]
    headings = [
        piece.opens for placed in library.documents.values() for piece in placed.item.pieces
    ]
    allowed = [*terms, *(title for title in [*titles, *headings] if len(title) >= 6)]
    return Passages((read.text for read in found.values()), allowed=allowed)


def copied(library: Library, known: Passages) -> Iterator[Copied]:
    """Runs of 16 and more Chinese characters that any text of the content shares."""
    for place, text in _written(library):
        for run in known.shared(text):
            yield Copied(place, run)


def longest(library: Library, known: Passages) -> Copied:
    """The longest shared run, also when it is short enough."""
    return max(
        (Copied(place, known.longest(text)) for place, text in _written(library)),
        key=lambda each: len(each.run),
        default=Copied("-", ""),
    )


def with_digests(sheet: str, rows: Iterable[Placed[SentenceGroup]], read: Read) -> str:
    """Return the sheet with each empty digest filled in; a digest that is there stays."""
    empty = [row.item for row in rows if not row.item.digest]
    digests = [group_digest(sentences_of(row, {row.source: read}) or ()) for row in empty]
    if len(_EMPTY.findall(sheet)) != len(digests):
        raise ValueError('write an empty digest as digest: ""')
    given = iter(digests)
    return _EMPTY.sub(lambda _: f'"{next(given)}"', sheet)


def _written(library: Library) -> Iterator[tuple[str, str]]:
    for shelf_name in KINDS:
        for placed in getattr(library, shelf_name).values():
            for path, text in written(placed.item):
                yield f"{placed.file}: {placed.key}: {path}", text
