"""Checks that every sheet uses: is a code known, is a citation there?"""

from collections.abc import Iterable, Iterator, Mapping

from exercises.sheets.catalogue import Citation
from exercises.sheets.guidance import NotFor
from exercises.sheets.library import Library, Placed
from exercises.sheets.reading import ContentError


def known(
    placed: Placed, field: str, codes: Iterable[str | None], shelf: Mapping[str, object]
) -> Iterator[ContentError]:
    for code in codes:
        if code is not None and code not in shelf:
            yield placed.error(field, f"{code!r} is not known")


def cited(placed: Placed, citation: Citation, library: Library) -> Iterator[ContentError]:
    source = library.sources.get(citation.source)
    if source is None:
        yield placed.error("citations", f"source {citation.source!r} is not known")
        return
    sections = {section.number for section in source.item.sections} or {""}
    if citation.section not in sections:
        yield placed.error("citations", f"{citation.source!r} has no section {citation.section!r}")


def barred_for(placed: Placed, bars: Iterable[NotFor], library: Library) -> Iterator[ContentError]:
    codes = [bar.condition for bar in bars]
    yield from known(placed, "not_for", codes, library.conditions)
    yield from once(placed, "not_for", codes)


def once(placed: Placed, field: str, codes: Iterable[str]) -> Iterator[ContentError]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield placed.error(field, f"{code!r} is there twice")
        seen.add(code)
