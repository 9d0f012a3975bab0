"""Cutting a document into sections and numbered sentences, and finding what was copied."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LONGEST_SHARED = 15
"""A run of this many Chinese characters may be the same by chance; one more may not."""

_NOT_HAN = re.compile(r"[^\u3400-\u4dbf\u4e00-\u9fff]+")
_SENTENCE = re.compile(r"[^。！？；;]*[。！？；;]+[”’\"'）)」』]*|[^。！？；;]+$")


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a piece of a document opens, and to which section the piece belongs.

    `inline`: the heading stands inside a line. `listed`: the piece is a list of words with
    spaces between them, each a sentence of its own. A section of None is not cut further.
    """

    opens: str
    section: str | None
    inline: bool = False
    listed: bool = False


def cut(text: str, headings: Sequence[Heading]) -> dict[str, list[str]] | None:
    """Return the sentences of each section, or None when a heading is not there in its turn.

    A section may have several pieces; its sentences are numbered through them from 1. All
    white space is removed, so that a document that only breaks its lines elsewhere gives the
    same sentences.
    """
    places = list(_places(text, headings))
    if len(places) < len(headings):
        return None
    ends = [start for start, _ in places[1:]] + [len(text)]
    found: dict[str, list[str]] = {}
    for heading, (_, start), end in zip(headings, places, ends, strict=True):
        if heading.section is not None:
            piece = text[start:end]
            words = piece.split() if heading.listed else _sentences(piece)
            found.setdefault(heading.section, []).extend(words)
    return found


def group_digest(sentences: Iterable[str]) -> str:
    """Return the first 12 hex digits of the SHA-256 over the sentences, one per line."""
    return hashlib.sha256("\n".join(sentences).encode()).hexdigest()[:12]


def han(text: str) -> str:
    """Only the Chinese characters: neither commas nor line breaks hide a copied passage."""
    return _NOT_HAN.sub("", text)


class Passages:
    """The documents' runs of Chinese characters, to look up what a text shares with them.

    `allowed` are terms and titles that anybody writes alike: they end a run.
    """

    def __init__(self, documents: Iterable[str], *, allowed: Iterable[str] = ()) -> None:
        terms = sorted({han(term) for term in allowed} - {""}, key=len, reverse=True)
        self._allowed = re.compile("|".join(terms)) if terms else None
        self._documents = "|".join(han(text) for text in documents)
        size = LONGEST_SHARED + 1
        self._runs = {
            run
            for piece in self._documents.split("|")
            for run in (piece[at : at + size] for at in range(len(piece) - size + 1))
        }

    def shared(self, text: str) -> Iterator[str]:
        """Yield each run of 16 or more characters that the text shares with a document."""
        size = LONGEST_SHARED + 1
        for piece in self._between_terms(text):
            at = 0
            while at + size <= len(piece):
                if piece[at : at + size] not in self._runs:
                    at += 1
                    continue
                end = at + size
                while end < len(piece) and piece[at : end + 1] in self._documents:
                    end += 1
                yield piece[at:end]
                at = end

    def longest(self, text: str) -> str:
        """Return the longest run that the text shares with a document, however short."""
        best = ""
        for piece in self._between_terms(text):
            for at in range(len(piece)):
                while (run := piece[at : at + len(best) + 1]) in self._documents and len(run) > len(
                    best
                ):
                    best = run
        return best

    def _between_terms(self, text: str) -> list[str]:
        plain = han(text)
        return self._allowed.split(plain) if self._allowed else [plain]


def _places(text: str, headings: Sequence[Heading]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each heading in turn; stop at the first that is not there."""
    after = 0
    for heading in headings:
        spaced = r"[^\S\n]*".join(map(re.escape, "".join(heading.opens.split())))
        pattern = spaced if heading.inline else rf"^[^\S\n]*{spaced}"
        found = re.compile(pattern, re.MULTILINE).search(text, after)
        if found is None:
            return
        after = found.end()
        yield found.span()


def _sentences(piece: str) -> list[str]:
    plain = "".join(piece.split())
    return [each for each in _SENTENCE.findall(plain) if re.search(r"\w", each)]
