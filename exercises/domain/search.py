"""Words by which content is found, in Chinese and in English, without a dictionary.

A run of Chinese characters gives each character and each pair of neighbours: 被动活动 gives
被 动 活 and 被动 动活 活动. What a reader types asks for the pairs, or for the one character
where there is only one. English gives lower-cased words without the plural's ending; what a
reader types is the beginning of a word, so that "stretch" finds "stretching".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_PIECES = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_HAN_FIRST = re.compile(rf"[{_HAN}]")


def index_vector(texts: Iterable[str]) -> str:
    """Return the words of all `texts` as the text form of a tsvector, sorted as PostgreSQL does.

    Equal texts give equal vectors, whatever their order, and the database gives the same
    string back.
    """
    found = {word for text in texts for word in _indexed(text)}
    return " ".join(f"'{word}'" for word in sorted(found, key=str.encode))


def search_query(typed: str) -> str:
    """Return the text form of a tsquery that asks for everything typed; "" when there is no word.

    Words hold letters and digits only, so nothing typed can become an operator.
    """
    return " & ".join(dict.fromkeys(_asked(typed)))


def _indexed(text: str) -> Iterator[str]:
    for piece in _pieces(text):
        if _HAN_FIRST.match(piece):
            yield from piece
            yield from _pairs(piece)
        else:
            yield _singular(piece)


def _asked(typed: str) -> Iterator[str]:
    for piece in _pieces(typed):
        if not _HAN_FIRST.match(piece):
            yield f"'{_singular(piece)}':*"
        elif len(piece) == 1:
            yield f"'{piece}'"
        else:
            yield from (f"'{pair}'" for pair in _pairs(piece))


def _pieces(text: str) -> list[str]:
    """Full-width letters become plain ones and accents fall away before words are cut."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _PIECES.findall("".join(char for char in plain if not unicodedata.combining(char)))


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


def _singular(word: str) -> str:
    """Fold the commonest plurals: berries, dishes, eggs; never glass, virus or pelvis."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes", "zes", "toes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
