"""What an action answers about one entry: what became of it, and what must be shown at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from patients.domain.errors import FieldError


@dataclass(frozen=True, slots=True)
class Looked:
    """A fact that a rule looked at."""

    field: str
    value: float | int | str | bool | None


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    """A rule that fired, with the text for whoever holds the phone, in both languages.

    because: what it looked at, without what is known of the patient's conditions.
    """

    id: UUID
    rule: str
    version: int
    level: str
    text: Mapping[str, str]
    instead: Mapping[str, str]
    series: UUID | None
    part: UUID | None
    because: tuple[Looked, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class LogState:
    """A session log as it now stands."""

    id: UUID
    status: str
    revision: int
    placement: str
    occurrence: UUID | None
    outcome: str
    marks: tuple[str, ...]
    duplicate_of: UUID | None


@dataclass(frozen=True, slots=True)
class Answer:
    """status: what HTTP would say; state: recorded, unchanged, pending, quarantined, conflict,

    refused or confirm_required. errors name the field, the code and the way out.
    """

    id: UUID
    status: int
    state: str
    log: LogState | None = None
    errors: tuple[FieldError, ...] = ()
    flags: tuple[RaisedFlag, ...] = field(default=())
