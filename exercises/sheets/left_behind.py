"""The documents' errors must not come back, in any text of the content."""

import re
from collections.abc import Iterator

from exercises.sheets.library import KINDS, Library
from exercises.sheets.placing import cited
from exercises.sheets.reading import ContentError
from exercises.sheets.walking import written

NOT_SEARCHED = frozenset({"left_behind", "documents", "shared_terms"})
"""The list itself, and headings of the documents as they stand there."""


def check_left_behind(library: Library) -> Iterator[ContentError]:
    patterns: list[tuple[str, re.Pattern[str]]] = []
    for code, placed in library.left_behind.items():
        yield from cited(placed, placed.item.citation, library)
        if not placed.item.patterns:
            yield placed.error("patterns", "is empty")
        for pattern in placed.item.patterns:
            try:
                patterns.append((code, re.compile(pattern)))
            except re.error as error:
                yield placed.error("patterns", f"{pattern!r} is not a pattern: {error}")
    yield from _come_back(library, patterns)


def _come_back(
    library: Library, patterns: list[tuple[str, re.Pattern[str]]]
) -> Iterator[ContentError]:
    if not patterns:
        return
    for shelf_name in KINDS.keys() - NOT_SEARCHED:
        for placed in getattr(library, shelf_name).values():
            for path, text in written(placed.item):
                for code, pattern in patterns:
                    if pattern.search(text):
                        yield placed.error(path, f"holds the error {code!r} of the documents")
