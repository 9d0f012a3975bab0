"""The documents' errors must not come back, in any text of the content."""

import re
from collections.abc import Iterator

from exercises.sheets.library import KINDS, Library, Placed
from exercises.sheets.placing import cited
from exercises.sheets.reading import ContentError
from exercises.sheets.walking import written

NOT_SEARCHED = frozenset({"left_behind", "documents", "shared_terms"})
"""The list itself, and headings of the documents as they stand there."""
_HAN = re.compile(r"[\u3400-\u9fff]")


def check_left_behind(library: Library) -> Iterator[ContentError]:
    texts = list(_texts(library))
    for code, placed in library.left_behind.items():
        yield from cited(placed, placed.item.citation, library)
        if not placed.item.patterns:
            yield placed.error("patterns", "is empty")
        for pattern in placed.item.patterns:
            try:
                searched = re.compile(pattern)
            except re.error as error:
                yield placed.error("patterns", f"{pattern!r} is not a pattern: {error}")
            else:
                yield from _come_back(code, searched, texts)


def _come_back(
    code: str, pattern: re.Pattern[str], texts: list[tuple[Placed, str, str, bool]]
) -> Iterator[ContentError]:
    chinese_only = bool(_HAN.search(pattern.pattern))
    for placed, path, text, chinese in texts:
        if (chinese or not chinese_only) and pattern.search(text):
            yield placed.error(path, f"holds the error {code!r} of the documents")


def _texts(library: Library) -> Iterator[tuple[Placed, str, str, bool]]:
    """Every sentence once, with its place and whether it is Chinese; codes and slugs are none."""
    seen: set[str] = set()
    for shelf_name in KINDS.keys() - NOT_SEARCHED:
        for placed in getattr(library, shelf_name).values():
            for path, text in written(placed.item):
                chinese = bool(_HAN.search(text))
                if text not in seen and (chinese or " " in text):
                    seen.add(text)
                    yield placed, path, text, chinese
