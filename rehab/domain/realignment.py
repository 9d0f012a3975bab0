"""What becomes of one thing due when its clock changes: a journey, or a new law about time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rehab.domain.recurrence import Due

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Times:
    """When a stored slot is due, reminded and open; all in UTC."""

    due_at: datetime
    remind_at: datetime | None
    opens_at: datetime
    closes_at: datetime


def realigned(stored: Times, anew: Due | None, at: datetime) -> Times | None:
    """Return the times that an unresolved slot has from `at` on; None: it is called off.

    anew: the same date and slot on the changed clock, None where that clock has no such date.

    - What was reminded, or came due, does not come again. Its window may only grow.
    - What is still to come moves to the changed clock. Where that time is past already but its
      window is open, its reminder leaves with the next minute.
    - What lay wholly in the hours that the change jumped over is called off: nobody owes it.
    """
    told_at = stored.due_at if stored.remind_at is None else stored.remind_at
    if told_at <= at:
        later = stored.closes_at if anew is None else max(stored.closes_at, anew.closes_at)
        return replace(stored, closes_at=later)
    if anew is None or anew.closes_at <= at:
        return None
    return Times(anew.due_at, _still_ahead(anew.remind_at, at), anew.opens_at, anew.closes_at)


def _still_ahead(remind_at: datetime | None, at: datetime) -> datetime | None:
    if remind_at is None or remind_at > at:
        return remind_at
    return at.replace(second=0, microsecond=0) + MINUTE
