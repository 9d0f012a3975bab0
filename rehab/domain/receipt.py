"""When a log was performed, sent and received (R4), and whether it was told twice (R3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rehab.domain.measures import Finding, finding

FUTURE_ALLOWED = timedelta(minutes=5)
LATE_AFTER = timedelta(hours=24)
BACK_DATED_AT_MOST = timedelta(days=7)
SAME_START_WITHIN = timedelta(minutes=5)
SKEW_OF_A_BROKEN_CLOCK = timedelta(hours=24)
DEVICE_AND_HAND_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the times of a log say about it; all instants, so that a clock change is no delay.

    late: received more than 24 hours after it was performed. needs_confirmation: performed more
    than 7 days before, which a clinician must confirm. clock_skew: how far the phone's clock was
    ahead of the server's when it sent the log (negative: behind), None if it did not say.
    """

    late: bool
    needs_confirmation: bool
    clock_skew: timedelta | None


def receipt(
    performed_at: datetime, received_at: datetime, client_sent_at: datetime | None = None
) -> Receipt:
    age = received_at - performed_at
    skew = None if client_sent_at is None else client_sent_at - received_at
    return Receipt(age > LATE_AFTER, age > BACK_DATED_AT_MOST, skew)


def moment_meant(
    performed_at: datetime, received_at: datetime, client_sent_at: datetime | None = None
) -> datetime:
    """Return when something was performed, for judging rights and for what begins then.

    A phone whose clock is wrong by more than a day (an empty battery: 1970, 2010) says by how much
    when it sends; then the server's clock decides. What is stored stays as told.
    """
    if client_sent_at is None:
        return performed_at
    skew = client_sent_at - received_at
    if abs(skew) <= SKEW_OF_A_BROKEN_CLOCK:
        return performed_at
    return min(performed_at - skew, received_at)


def judge_performed_at(performed_at: datetime, received_at: datetime) -> Finding | None:
    """Refuse what lies more than five minutes in the future; the server's time is offered."""
    if performed_at - received_at <= FUTURE_ALLOWED:
        return None
    now = received_at.astimezone(performed_at.tzinfo).isoformat(timespec="seconds")
    likely = [{"meaning": "just_now", "value": now}]
    return finding(
        "performed_at", "future", "refuse", value=performed_at.isoformat(), now=now, likely=likely
    )


def is_told_by_device_too(one: datetime, other: datetime) -> bool:
    """Tell whether what a device wrote and what a hand typed may be one session.

    Their values differ by nature, and people type when they are done: within the hour (proposed)
    both are stored, one is counted, and the person is asked.
    """
    return abs(one - other) <= DEVICE_AND_HAND_WITHIN


def is_near_duplicate(one: datetime, other: datetime, *, same_values: bool) -> bool:
    """Tell whether two logs of one item are probably one session told twice (R3).

    Start within five minutes and the same values, under different ids. Both are stored, one is
    counted, and the person is asked.
    """
    return same_values and abs(one - other) <= SAME_START_WITHIN
