"""The shape of the copy that a phone keeps; texts are there in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from rehab.domain.conditions import Value
from rehab.models.reads.agenda import Number
from rehab.models.reads.names import Text
from rehab.models.reads.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflinePatient:
    id: UUID
    name: str
    zone: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflinePlan:
    id: UUID
    title: str
    status: str
    version: int | None
    review_due_on: date | None
    training_expires_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflinePart:
    part: UUID
    label: Text
    motion: str
    muscle: str
    channel: int | None
    side: str
    dose: Mapping[str, Number]
    maximum: Mapping[str, Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineItem:
    """One item of one version; schedule: the JSON form that the plan was written in."""

    series: UUID
    version: int
    effective_at: datetime
    ended_at: datetime | None
    kind: str
    modality: str
    exercise: str
    title: Text
    instruction: str
    zone: str
    zone_label: Text
    zone_policy: str
    schedule: Mapping[str, object]
    starts_on: date
    ends_on: date | None
    target: Mapping[str, Number]
    maximum: Mapping[str, Number]
    gate_questions: Sequence[str]
    parts: Sequence[OfflinePart]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineOccurrence:
    """state as stored: a phone derives *missed* itself, when `closes_at` is past."""

    id: UUID
    series: UUID
    version: int
    on: date
    slot: str
    due_at: datetime
    opens_at: datetime
    closes_at: datetime
    state: str
    skip_reason: str
    snoozed_until: datetime | None
    superseded_by: UUID | None
    log: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflinePause:
    series: UUID
    part: UUID | None
    starts_at: datetime
    ended_at: datetime | None
    by: str | None
    reason: str
    flag: UUID | None
    rule: str | None
    text: Text
    instead: Text
    call: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineBody:
    """What the rules compare with; null for a viewer who may not see conditions."""

    baselines: Mapping[str, float | int | None]
    facts: Mapping[str, Value]
    insensate: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """The rules that a phone judges, word for word; `version` is that of the rule file."""

    version: int
    rules: Sequence[Mapping[str, object]]
    notices: Mapping[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyText:
    rule: str
    version: int
    text: Text
    instead: Text
    call: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineContact:
    clinic: str
    phone: str
    emergency_number: str
    unattended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineCopy:
    """lease_hours: how long the copy stays readable without contact. cursor: for `changes`."""

    patient: OfflinePatient
    scopes: Sequence[str]
    lease_hours: int
    first: date
    last: date
    cursor: str
    plan: OfflinePlan | None
    items: Sequence[OfflineItem]
    occurrences: Sequence[OfflineOccurrence]
    pauses: Sequence[OfflinePause]
    body: OfflineBody | None
    rules: RuleBook
    emergency: Sequence[EmergencyText]
    contact: OfflineContact
    vocabulary: Vocabulary
