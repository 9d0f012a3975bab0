"""What a phone sends about one session, decoded but not yet judged.

Clinical values are deliberately loose (`Value`): a value that can't be must be refused by name,
after the red flags in the same entry have been judged, and never by a parser that loses the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

Value = float | int | str | bool | None

TRANSPORT_FIELDS = frozenset({"client_sent_at", "confirmed", "stopped_by_rule"})
LIMBS = ("left_arm", "right_arm", "left_leg", "right_leg")
FIRST_YEAR, LAST_YEAR = 1900, 2200


def _refuse_loose(**moments: datetime | None) -> None:
    """Refuse a moment that no clock showed: without its offset, or centuries away.

    ValueError names the field. Nothing can be compared with such a moment.
    """
    for field_name, moment in moments.items():
        if moment is None:
            continue
        if moment.utcoffset() is None:
            raise ValueError(f"{field_name} needs its offset from UTC")
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValueError(f"{field_name} is not a moment of our time")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedValue:
    """What a person typed, before it became a canonical number: text and the unit beside it."""

    text: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEntry:
    """What one part got.

    outcome: done, partial or not_done. pain: 0-10 (numeric rating scale), "cannot_feel" or None.
    measures: dose-field code -> number in the unit that the code names; absent means not recorded.
    """

    part: UUID
    outcome: str = "done"
    pain: Value = None
    measures: Mapping[str, Value] = field(default_factory=dict)
    typed: Mapping[str, TypedValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEntry:
    """One session as the client tells it.

    performed_at: an instant with its offset; zone: the IANA zone of the clock that was read.
    as_planned: the two-tap log; it says done, and nothing about angle, pain, skin or settings.
    gate: question code -> answer code. measures: what is recorded once a session
    (pressures, cadence, power ...), dose-field code -> number in the unit that the code names.
    typed: what a person typed for one of them ("100.6", "°F"); read where there is no number.
    skin_before, skin_after: looked_fine, red, blister, burn, broken or not_looked.
    effort: 0-10 in our own words.
    limb: where the signs are: left_arm, right_arm, left_leg, right_leg; empty when not said.
    confirmed: codes of the soft findings that a person has confirmed.
    stopped_by_rule: codes of rules that stopped the session on the phone.
    """

    performed_at: datetime
    zone: str
    series: UUID | None = None
    occurrence: UUID | None = None
    client_sent_at: datetime | None = None
    source: str = "live"
    performer: str = "patient"
    performer_name: str = ""
    as_planned: bool = False
    parts: tuple[PartEntry, ...] = ()
    gate: Mapping[str, Value] = field(default_factory=dict)
    symptoms: tuple[str, ...] = ()
    measures: Mapping[str, Value] = field(default_factory=dict)
    typed: Mapping[str, TypedValue] = field(default_factory=dict)
    skin_before: str = ""
    skin_after: str = ""
    pain: Value = None
    effort: Value = None
    minutes: Value = None
    stop_reason: str = ""
    limb: str = ""
    device: str = ""
    note: str = ""
    confirmed: tuple[str, ...] = ()
    stopped_by_rule: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _refuse_loose(performed_at=self.performed_at, client_sent_at=self.client_sent_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipEntry:
    """An occurrence that will not be done, why, and the signs that went with it.

    measures: dose-field code -> number, such as systolic_before_mmhg. pain, limb: as in a session.
    """

    occurrence: UUID
    reason: str
    note: str = ""
    skipped_at: datetime | None = None
    symptoms: tuple[str, ...] = ()
    measures: Mapping[str, Value] = field(default_factory=dict)
    pain: Value = None
    limb: str = ""

    def __post_init__(self) -> None:
        _refuse_loose(skipped_at=self.skipped_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopEntry:
    """A person, or a rule on the phone, stopped an item: it takes effect at once.

    reason: in words, or the code of a reason to stop. stop_reason: that code, beside the words.
    limb: where it is, as in a session.
    """

    series: UUID
    stopped_at: datetime
    part: UUID | None = None
    reason: str = ""
    rule: str = ""
    rule_version: int | None = None
    stop_reason: str = ""
    limb: str = ""

    def __post_init__(self) -> None:
        _refuse_loose(stopped_at=self.stopped_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class OffPlanEntry:
    """Something outside the plan, or barred by it, that happened anyway."""

    description: str
    performed_at: datetime
    zone: str
    exercise: str = ""
    performer: str = "patient"
    pain: Value = None
    symptoms: tuple[str, ...] = ()
    limb: str = ""
    measures: Mapping[str, Value] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        _refuse_loose(performed_at=self.performed_at)
