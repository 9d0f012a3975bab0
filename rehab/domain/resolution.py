"""Which log resolves which occurrence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

# Half of the shortest gap over which midnight divides two windows: what was named and done this
# soon after its time belongs to it, even past midnight. Nothing else is carried over days.
NAMED_WITHIN = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An occurrence of the item that a log might resolve; its window is [opens_at, closes_at).

    `open` means that no log, skip, pause or cancellation has resolved it.
    """

    id: UUID
    slot: str
    on: date
    due_at: datetime
    opens_at: datetime
    closes_at: datetime
    open: bool


def choose(
    named: str | None,
    performed_at: datetime,
    candidates: Sequence[Candidate],
    local_date: date,
) -> UUID | None:
    """Return the occurrence that a log resolves, or None: it is extra.

    The slot it names (`named` is an occurrence id, or a slot id of the local date); else the
    window that holds `performed_at`; else the nearest open slot of `local_date`, the date of
    `performed_at` in the item's zone, never the phone's. One log per occurrence: only open
    candidates are taken, the earliest first.
    """
    ready = sorted((each for each in candidates if each.open), key=_order)
    return (
        _first(each for each in ready if _is_named(each, named, performed_at, local_date))
        or _first(each for each in ready if _holds(each, performed_at))
        or _nearest([each for each in ready if each.on == local_date], performed_at)
    )


def resolves(named: Candidate, performed_at: datetime, local_date: date) -> bool:
    """Tell whether a log resolves the occurrence whose id it names; then `choose` says the same."""
    return named.open and _is_near(named, performed_at, local_date)


def _order(candidate: Candidate) -> tuple[datetime, int, str]:
    # The length first: slot "10" of n a week comes after slot "9".
    return candidate.due_at, len(candidate.slot), candidate.slot


def _first(candidates: Iterable[Candidate]) -> UUID | None:
    return next((each.id for each in candidates), None)


def _is_named(
    candidate: Candidate, named: str | None, performed_at: datetime, local_date: date
) -> bool:
    if named == candidate.slot:
        return candidate.on == local_date
    return named == str(candidate.id) and _is_near(candidate, performed_at, local_date)


def _is_near(candidate: Candidate, performed_at: datetime, local_date: date) -> bool:
    """Tell whether a log that names an occurrence may be meant for it."""
    return (
        candidate.on == local_date
        or _holds(candidate, performed_at)
        or abs(performed_at - candidate.due_at) <= NAMED_WITHIN
    )


def _holds(candidate: Candidate, performed_at: datetime) -> bool:
    return candidate.opens_at <= performed_at < candidate.closes_at


def _nearest(candidates: Sequence[Candidate], performed_at: datetime) -> UUID | None:
    def distance(candidate: Candidate) -> timedelta:
        return abs(candidate.due_at - performed_at)

    return min(candidates, key=distance).id if candidates else None
