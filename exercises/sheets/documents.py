"""Structs for reading the documents again: which items they hold and where their sections open.

The documents themselves are not in this repository; see `manage.py check_passages`.
"""

from typing import Literal

from exercises.sheets.catalogue import Audience, EvidenceKind
from exercises.sheets.guidance import Category
from exercises.sheets.terms import Sheet, Slug, Text, Words

MUST_BE_READ: frozenset[str] = frozenset({"treatment", "prevention", "assessment", "diet"})


class Piece(Sheet, frozen=True, kw_only=True):
    """A heading, the section of the source that begins there, and what the piece is about.

    Pieces stand in the document's order, and a section may have several. `inline`: the heading
    stands inside a line. `listed`: words with spaces between them. No section: a heading only.
    """

    opens: Words
    section: str | None = None
    about: Literal["treatment", "prevention", "assessment", "diet", "mechanism", "background"]
    inline: bool = False
    listed: bool = False

    @property
    def must_be_read(self) -> bool:
        return self.section is not None and self.about in MUST_BE_READ


class Document(Sheet, frozen=True, kw_only=True):
    """How one of the documents is recognised (it has all these headings) and cut."""

    code: Slug
    pieces: tuple[Piece, ...]

    @property
    def sections_to_read(self) -> tuple[str, ...]:
        must = [piece.section for piece in self.pieces if piece.must_be_read and piece.section]
        return tuple(dict.fromkeys(must))


class SharedTerm(Sheet, frozen=True, kw_only=True):
    """A term or title that anybody writes alike; it ends a run of shared characters."""

    code: Slug
    term: Words
    because: Text


class Mapped(Sheet, frozen=True, kw_only=True):
    """An item that the documents hold, and to whom it may be shown.

    `audience` is that of the advice, and of the caution unless `caution` names another.
    `addenda`: found on a second reading.
    """

    slug: Slug
    source: Slug
    sections: tuple[str, ...]
    category: Category
    audience: Audience
    caution: Audience | None = None
    evidence: EvidenceKind
    addenda: bool = False
