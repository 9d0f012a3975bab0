"""Whether a message may leave now: state first, then quiet hours, then the day's budget.

Quiet hours and budget hold back training reminders, notes, and flags of the next working day or
later. They never touch E0 and E1, nor a care item that the recipient agreed to be woken for. What
was held past its window is not sent, with the reason, and shows as "not reminded".
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from rehab.domain.recurrence import instant, local_time

DAY = timedelta(days=1)
URGENT = frozenset({"E0", "E1"})

Kind = Literal["training", "care", "flag", "note"]
HoldReason = Literal["quiet_hours", "budget_spent", "not_due_yet"]
State = Literal["due", "done", "paused", "cancelled", "acknowledged", "snoozed", "received", "read"]
DropReason = Literal[
    "done",
    "paused",
    "cancelled",
    "acknowledged",
    "snoozed",
    "received",
    "read",
    "consent_withdrawn",
    "relationship_ended",
    "contact_retired",
    "window_past",
    "held_past_window",
]


@dataclass(frozen=True, slots=True)
class Send:
    """It may leave now."""


@dataclass(frozen=True, slots=True)
class Hold:
    """It waits until a moment (UTC)."""

    until: datetime
    reason: HoldReason


@dataclass(frozen=True, slots=True)
class Drop:
    """It will not be sent, and why."""

    reason: DropReason


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """What is true of one message at the moment of sending, read again just before.

    kind: training or care reminder, a note from the clinic, or a flag of a `level`. state: of the
    occurrences that it speaks of, together; received when a device confirmed the same message
    already; read when the recipient has read the note. closes_at: after it the message says
    nothing useful (None: never). The clock times and the budget are the recipient's, in the
    recipient's zone. rides_along: it adds to a message that leaves anyway, so the budget does not
    count it.
    """

    kind: Kind
    level: str | None = None
    state: State = "due"
    consents: bool = True
    related: bool = True
    reachable: bool = True
    closes_at: datetime | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    zone: str = "UTC"
    may_wake: bool = False
    sent_today: int = 0
    daily_budget: int = 6
    rides_along: bool = False


def hold_until(
    now: datetime, quiet_from: time | None, quiet_until: time | None, zone: str
) -> datetime | None:
    """Return when the quiet hours that `now` falls in end (UTC), or None outside them.

    Hours may run over midnight; equal times mean none. On the night when an hour comes twice they
    end at the first of the two.
    """
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return None
    local = local_time(now, zone)
    if not _is_between(local.time().replace(fold=0), quiet_from, quiet_until):
        return None
    ends_today = local.time().replace(fold=0) < quiet_until
    ends_at = instant(local.date() if ends_today else local.date() + DAY, quiet_until, zone)
    return ends_at if ends_at > now else None


def send_decision(facts: MessageFacts, now: datetime) -> Send | Hold | Drop:
    """Decide about one message at the moment of sending."""
    reason = _drop_reason(facts, now)
    if reason is not None:
        return Drop(reason)
    hold = None if _is_exempt(facts) else _hold(facts, now)
    if hold is None:
        return Send()
    if facts.closes_at is not None and hold.until >= facts.closes_at:
        return Drop("held_past_window")
    return hold


def _drop_reason(facts: MessageFacts, now: datetime) -> DropReason | None:
    if not facts.related:
        return "relationship_ended"
    if not facts.consents:
        return "consent_withdrawn"
    if not facts.reachable:
        return "contact_retired"
    if facts.state != "due":
        return facts.state
    if facts.closes_at is not None and now >= facts.closes_at:
        return "window_past"
    return None


def _is_exempt(facts: MessageFacts) -> bool:
    urgent = facts.kind == "flag" and facts.level in URGENT
    return urgent or (facts.kind == "care" and facts.may_wake)


def _hold(facts: MessageFacts, now: datetime) -> Hold | None:
    quiet_ends = hold_until(now, facts.quiet_from, facts.quiet_until, facts.zone)
    if quiet_ends is not None:
        return Hold(quiet_ends, "quiet_hours")
    if facts.kind == "care" or facts.rides_along or facts.sent_today < facts.daily_budget:
        return None
    return Hold(_tomorrow(facts, now), "budget_spent")


def _tomorrow(facts: MessageFacts, now: datetime) -> datetime:
    """Return the first moment of the recipient's next day outside quiet hours."""
    midnight = instant(local_time(now, facts.zone).date() + DAY, time.min, facts.zone)
    return hold_until(midnight, facts.quiet_from, facts.quiet_until, facts.zone) or midnight


def _is_between(at: time, first: time, last: time) -> bool:
    if first < last:
        return first <= at < last
    return at >= first or at < last
