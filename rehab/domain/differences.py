"""What changed between two wordings of one text, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

# A Chinese character is a word of its own; so is a run of spaces, and each other sign.
_WORDS = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; changed: it does not stand in the other wording."""

    text: str
    changed: bool


def differences(before: str, after: str) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """Return both wordings in pieces; the pieces of each, joined, are that wording."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    kept_old = {block.a + step for block in blocks for step in range(block.size)}
    kept_new = {block.b + step for block in blocks for step in range(block.size)}
    return list(_pieces(old, kept_old)), list(_pieces(new, kept_new))


def _pieces(words: Sequence[str], kept: set[int]) -> Iterator[Piece]:
    for changed, run in groupby(enumerate(words), key=lambda each: each[0] not in kept):
        yield Piece("".join(word for _place, word in run), changed)
