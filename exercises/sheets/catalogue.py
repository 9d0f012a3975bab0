"""Structs for what the catalogue offers: sources, precautions, exercises and protocols."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from exercises.sheets.terms import Code, Sheet, Slug, Text, Words

Audience = Literal["patient", "clinician", "archive"]
EvidenceKind = Literal[
    "human-trial",
    "human-uncontrolled",
    "human-case",
    "human-unspecified",
    "animal",
    "in-vitro",
    "review-statement",
    "none",
]
IsoDate = Annotated[str, msgspec.Meta(pattern=r"^\d{4}(-\d{2}-\d{2})?$")]


class Section(Sheet, frozen=True, kw_only=True):
    number: Words
    titles: Text


class Source(Sheet, frozen=True, kw_only=True):
    """Something a statement rests on. `checked`: has anybody looked it up?"""

    code: Slug
    kind: Literal[
        "document",
        "systematic-review",
        "human-study",
        "guideline",
        "standard",
        "review",
        "textbook",
        "teaching",
        "manufacturer",
    ]
    titles: Text
    about: Text | None = None
    address: str = ""
    published: IsoDate | None = None
    checked: Literal["looked_up", "to_verify"]
    sections: tuple[Section, ...] = ()


class Citation(Sheet, frozen=True, kw_only=True):
    """A source, and the section of it where it has sections."""

    source: Slug
    section: str = ""


class Evidence(Sheet, frozen=True, kw_only=True):
    """`detail`: what was found; `says`: what we make of it; `n`: people in the best study."""

    kind: EvidenceKind
    detail: Text
    says: Text
    n: int | None = None


class Precaution(Sheet, frozen=True, kw_only=True):
    code: Code
    does: Literal["inform", "ask_clinician", "pause_part", "bar"]
    texts: Text
    conditions: tuple[Code, ...] = ()
    citations: tuple[Citation, ...]
    owner: Words


class Contraindication(Sheet, frozen=True, kw_only=True):
    """A condition that bars (absolute) or warns (relative) for some modalities."""

    code: Code
    condition: Code
    modalities: tuple[Code, ...]
    level: Literal["absolute", "relative"]
    where: Literal["anywhere", "limb", "trunk_pelvis", "site"]
    texts: Text
    citations: tuple[Citation, ...]
    owner: Words


class Exercise(Sheet, frozen=True, kw_only=True):
    """`use`: may it be put into a plan, only be recorded, or only be read?"""

    slug: Slug
    modality: Code
    motion: str | None = None
    muscle: Code | None = None
    other_muscles: tuple[Code, ...] = ()
    names: Text
    summary: Text
    opening: tuple[Text, ...] = ()
    steps: tuple[Text, ...]
    closing: tuple[Text, ...] = ()
    stop_at: tuple[Text, ...]
    precautions: tuple[Code, ...]
    performed_by: tuple[Literal["patient", "caregiver", "aide", "clinician"], ...]
    taught_by_clinic: bool = False
    place: Literal["home", "clinic"]
    use: Literal["plan", "record", "read"]
    evidence: Evidence
    advice_audience: Audience
    caution_audience: Audience
    citations: tuple[Citation, ...]
    owner: Words
    last_reviewed: dt.date | None
    reviewed_by: Words | None = None

    @property
    def all_steps(self) -> tuple[Text, ...]:
        return (*self.opening, *self.steps, *self.closing)


class Range(Sheet, frozen=True, kw_only=True):
    """What a source gives for a dose field; shown to clinicians, never filled in for them."""

    low: float
    high: float
    citations: tuple[Citation, ...]
    note: Text | None = None


Dose = dict[Code, Range | None]


class ProtocolPart(Sheet, frozen=True, kw_only=True):
    exercise: Slug
    motion: str | None = None
    muscle: Code | None = None
    side: Literal["affected", "both", "none"]
    dose: Dose = {}


class Slot(Sheet, frozen=True, kw_only=True):
    id: Code
    at: Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Weekly(Sheet, frozen=True, kw_only=True, tag_field="rule", tag="weekly"):
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...]
    slots: tuple[Slot, ...]


class EveryNDays(Sheet, frozen=True, kw_only=True, tag_field="rule", tag="every_n_days"):
    n: Annotated[int, msgspec.Meta(ge=1)]
    slots: tuple[Slot, ...]


class TimesPerWeek(Sheet, frozen=True, kw_only=True, tag_field="rule", tag="times_per_week"):
    n: Annotated[int, msgspec.Meta(ge=1, le=21)]


class ProtocolItem(Sheet, frozen=True, kw_only=True):
    """One future plan item. A dose field that is null has no source: the clinician fills it."""

    code: Slug
    names: Text
    kind: Literal["training", "care"]
    modality: Code
    optional: bool = False
    parts: tuple[ProtocolPart, ...]
    dose: Dose
    notes: Text | None = None
    sessions_per_day: Range | None = None
    sessions_per_week: Range | None = None
    schedule: Weekly | EveryNDays | TimesPerWeek | None


class Gate(Sheet, frozen=True, kw_only=True):
    """Something the clinician confirms before assigning the protocol."""

    code: Code
    texts: Text


class Milestone(Sheet, frozen=True, kw_only=True):
    week: Annotated[int, msgspec.Meta(ge=1, le=104)]
    texts: Text


class Protocol(Sheet, frozen=True, kw_only=True):
    slug: Slug
    names: Text
    summary: Text
    conditions: tuple[Code, ...]
    phase_weeks: Annotated[int, msgspec.Meta(ge=1, le=104)]
    review_after_weeks: Annotated[int, msgspec.Meta(ge=1, le=26)]
    training_expires_after_weeks: Annotated[int, msgspec.Meta(ge=1, le=26)]
    evidence: Evidence
    citations: tuple[Citation, ...]
    gates: tuple[Gate, ...]
    barred: tuple[Text, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    owner: Words
    last_reviewed: dt.date | None
    reviewed_by: Words | None = None
    items: tuple[ProtocolItem, ...]
