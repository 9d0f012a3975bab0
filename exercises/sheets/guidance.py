"""Structs for what the documents say and what we say about it: guidance, windows, conflicts."""

import datetime as dt
from typing import Literal

from exercises.sheets.catalogue import Audience, Citation, Evidence
from exercises.sheets.terms import Code, Sheet, Slug, Text, Words

Category = Literal[
    "self_care_home",
    "caregiver_assisted",
    "clinic_only",
    "drug_rx",
    "research_only",
    "diet_do",
    "diet_avoid",
    "recipe",
    "lifestyle",
    "tcm",
    "assessment",
    "warning",
]
NEVER_PLANNED: frozenset[str] = frozenset({"drug_rx", "research_only"})


class NotFor(Sheet, frozen=True, kw_only=True):
    """With this condition the advice is not shown; the reason is."""

    condition: Code
    because: Text


class LaterEvidence(Sheet, frozen=True, kw_only=True):
    """What contradicts or corrects the document's claim."""

    says: Text
    citations: tuple[Citation, ...]


class Shows(Sheet, frozen=True, kw_only=True):
    """Where else in the catalogue the item lives; every slug and code must exist."""

    exercises: tuple[Slug, ...] = ()
    recipes: tuple[Slug, ...] = ()
    foods: tuple[Code, ...] = ()
    instruments: tuple[Code, ...] = ()


class Guidance(Sheet, frozen=True, kw_only=True):
    """One item of the documents, under the slug it keeps for ever.

    `claim`: what the document says, in our words. `advice`: what we say about it, to the
    reader of `advice_audience`; `caution`: what to beware of, to the reader of
    `caution_audience`. Archive is kept for provenance and never shown.
    `taught_by_clinic`: assigned and taught by the clinic; `place`: where it is done.
    `applies_to`: only with one of these conditions; empty is everybody.
    `modality`: under which it may be recorded, whatever its advice audience.
    """

    slug: Slug
    category: Category
    topic: Literal[
        "movement",
        "stimulation",
        "standing_and_bone",
        "strength",
        "skin_and_position",
        "daily_life",
        "eating",
        "swallowing",
        "traditional",
        "checking",
        "medicine",
        "surgery",
        "research",
        "about",
    ]
    names: Text
    claim: Text
    advice: Text
    caution: Text | None
    advice_audience: Audience
    caution_audience: Audience
    place: Literal["home", "clinic", "anywhere"]
    taught_by_clinic: bool = False
    applies_to: tuple[Code, ...] = ()
    not_for: tuple[NotFor, ...] = ()
    modality: Code | None = None
    shows: Shows = Shows()
    same_as: Slug | None = None
    evidence: Evidence
    later_evidence: tuple[LaterEvidence, ...] = ()
    citations: tuple[Citation, ...]
    owner: Words
    last_reviewed: dt.date | None
    reviewed_by: Words | None = None

    @property
    def planned(self) -> bool:
        """May anything of it become a plan item? Never drugs, surgery or research."""
        return self.category not in NEVER_PLANNED and self.topic not in {
            "medicine",
            "surgery",
            "research",
        }


class TimeWindow(Sheet, frozen=True, kw_only=True):
    """A span that a document names and what the tracker does with it; null use is none.

    `counts`: what the weeks or days are counted from.
    """

    code: Code
    names: Text
    claim: Text
    use: Text | None
    counts: Literal["injury", "plan_start", "last_session", "none"]
    weeks: int | None = None
    days: int | None = None
    modality: Code | None = None
    audience: Audience
    citations: tuple[Citation, ...]
    owner: Words


class ConflictSide(Sheet, frozen=True, kw_only=True):
    """One of two claims that clash. `hidden`: its advice is not shown to patients."""

    kind: Literal["guidance", "food", "recipe", "exercise"]
    ref: Words
    hidden: bool


class Conflict(Sheet, frozen=True, kw_only=True):
    """Two claims that clash. It hides advice, never a caution, until somebody resolves it."""

    code: Code
    texts: Text
    sides: tuple[ConflictSide, ...]
    citations: tuple[Citation, ...]
    resolved: Text | None = None
    resolved_by: Words | None = None
    resolved_on: dt.date | None = None
    owner: Words


class SentenceGroup(Sheet, frozen=True, kw_only=True):
    """A second reader's line: sentences of a document's section, and where they went.

    Sentences are numbered from 1 in their section, as `check_passages` prints them; the
    digest is the first 12 hexadecimal digits of the SHA-256 over their text, so that a
    changed document is noticed without keeping its words.
    """

    source: Slug
    section: str
    sentences: tuple[int, ...]
    digest: str
    items: tuple[Slug, ...] = ()
    none_because: Text | None = None


class LeftBehind(Sheet, frozen=True, kw_only=True):
    """An error of a document that must not come back.

    `patterns`: regular expressions, searched in every text of the content, each language.
    """

    code: Code
    citation: Citation
    kind: Words
    problem: Text
    instead: Text
    patterns: tuple[Words, ...]
