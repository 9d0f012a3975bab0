"""What a clinician asks for, before it is a plan: plain values, judged by `actions.plans`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDraft:
    """A joint motion or a muscle with its dose and its maximum.

    part: the id of an earlier version says "the same part of the body"; None makes a new one.
    dose, maximum: dose-field code -> number in the unit that the code names.
    """

    part: UUID | None = None
    exercise: str = ""
    motion: str = ""
    muscle: str = ""
    channel: int | None = None
    side: str = "none"
    dose: Mapping[str, float | int | str] = field(default_factory=dict)
    maximum: Mapping[str, float | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """One item. series: keep it to say "the same item as before"; None makes a new one.

    target: the dose of the whole session (minutes, cadence), dose-field code -> number.
    maximum: "sessions_per_day", "sessions_per_week" and session-wide dose fields. Beyond it is an
    overdose: recorded, and flagged at once.
    schedule: the JSON form of `rehab.domain.schedules`.
    reminded: the doer, then who next; reminded_by_slot: the same for single slots, by slot id.
    next_after_minutes: after so long without a log or a skip who comes next is told; None: never.
    """

    exercise: str
    schedule: Mapping[str, object]
    series: UUID | None = None
    kind: str = "training"
    title: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[PartDraft, ...] = ()
    target: Mapping[str, float | int] = field(default_factory=dict)
    maximum: Mapping[str, float | int] = field(default_factory=dict)
    zone: str = ""
    zone_policy: str = "home"
    starts_on: date | None = None
    ends_on: date | None = None
    reminded: tuple[UUID, ...] = ()
    reminded_by_slot: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    next_after_minutes: int | None = None
    wakes: bool = False
    instruction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideDraft:
    """A named person lets one item past one absolute gate, for a reason and until a day."""

    series: UUID
    gate: str
    reason: str
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """A whole plan or its next version."""

    title: str
    items: tuple[ItemDraft, ...]
    protocol: str = ""
    review_due_on: date | None = None
    training_expires_on: date | None = None
    note: str = ""
