"""Walking through an item: every text and every citation in it, with its path."""

from collections.abc import Iterator

import msgspec

from exercises.sheets.catalogue import Citation
from exercises.sheets.terms import Sheet, Text


def texts(node: object, path: str = "") -> Iterator[tuple[str, Text]]:
    if isinstance(node, Text):
        yield path, node
        return
    for step, inner in _inside(node):
        yield from texts(inner, f"{path}.{step}".lstrip("."))


def citations(node: object) -> Iterator[Citation]:
    if isinstance(node, Citation):
        yield node
        return
    for _, inner in _inside(node):
        yield from citations(inner)


def written(node: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string of an item, texts in both languages, other names and patterns among them."""
    if isinstance(node, str):
        yield path, node
        return
    for step, inner in _inside(node):
        yield from written(inner, f"{path}.{step}".lstrip("."))


def _inside(node: object) -> Iterator[tuple[str, object]]:
    if isinstance(node, Sheet):
        for name in msgspec.structs.asdict(node):
            yield name, getattr(node, name)
    elif isinstance(node, tuple):
        for number, inner in enumerate(node):
            yield str(number), inner
    elif isinstance(node, dict):
        yield from node.items()
