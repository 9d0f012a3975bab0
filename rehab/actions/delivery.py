"""Sending what is due: claim, look again, send, record. It needs the database, not the broker."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from patients.access.walls import within_every_clinic
from rehab.actions.bundles import GONE, Bundle, bundles
from rehab.actions.lanes import Lanes
from rehab.actions.leaving import Leaving, Stopwatch
from rehab.actions.next_channel import Untold
from rehab.actions.recording import record, settle_due_again
from rehab.actions.results import kind
from rehab.actions.sealing_ahead import with_sealed
from rehab.domain.quiet import Drop, Hold, Send
from rehab.models.outbox import LEASE, Claim, Finish, claim, claim_along

logger = logging.getLogger(__name__)

BATCH = 500
# What is due within so long is said in the message that leaves now.
TOGETHER = timedelta(minutes=5)
# Well before the lease ends: see LEASE.
SENDS_FOR = timedelta(seconds=55)
# A state that was read longer ago is read again before anything leaves.
FRESH_FOR = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Drained:
    """What one drain did. merged: said in a message with another one; put_back: not its time yet,

    or no time left.
    """

    sent: int = 0
    merged: int = 0
    held: int = 0
    dropped: int = 0
    failed: int = 0
    put_back: int = 0

    @property
    def claimed(self) -> int:
        return sum(getattr(self, name) for name in self.__slots__)


def drain(*, at: datetime, limit: int = BATCH) -> Drained:
    """Claim up to `limit` due deliveries and send what should still be sent.

    Runs as often and as many times at once as anybody likes: a row belongs to one claim at a time,
    and only who still holds it may finish it.
    """
    watch = Stopwatch.begun(at)
    due = _claim_due(at=at, limit=limit)
    if not due and settle_due_again(at=at):
        due = _claim_due(at=at, limit=limit)
    counted: Counter[str] = Counter()
    if due:
        deliver(due, watch=watch, counted=counted)
        logger.info("drained", extra={"claimed": len(due), **counted})
    return Drained(**counted)


def _claim_due(*, at: datetime, limit: int) -> list[Claim]:
    with within_every_clinic():
        due = claim(at=at, limit=limit, lease=LEASE)
        return due + claim_along(due, at=at, within=TOGETHER, lease=LEASE)


def deliver(claims: Sequence[Claim], *, watch: Stopwatch, counted: Counter[str]) -> None:
    """Look, send what is fresh, and look again at what had to wait, until time is up."""
    lanes: Lanes[Bundle] = Lanes()
    with lanes:
        leaving = Leaving(lanes, watch, lambda told, at: _record(told, at=at, counted=counted))
        waiting = list(claims)
        while waiting and watch.elapsed() < SENDS_FOR:
            with within_every_clinic():
                found, silent = bundles(waiting, at=watch.now())
                ready = with_sealed([each for each in found if isinstance(each.decision, Send)])
            fresh_until = watch.now() + FRESH_FOR
            decided = [not_now(each) for each in found if not isinstance(each.decision, Send)]
            gone = [Untold(Finish(each, "not_sent", GONE)) for each in silent]
            _record([*decided, *gone], at=watch.now(), counted=counted)
            for each in ready:
                leaving.add(each, fresh_until=fresh_until)
            while leaving.goes_on():
                leaving.turn()
            waiting = leaving.take_stale()
    _record(put_back(waiting, at=watch.now()), at=watch.now(), counted=counted)


def _record(told: Sequence[Untold], *, at: datetime, counted: Counter[str]) -> None:
    record(told, at=at)
    counted.update(kind(each.finish) for each in told)


def not_now(bundle: Bundle) -> Untold:
    """Return what becomes of a claim that was decided not to leave."""
    match bundle.decision:
        case Drop(reason):
            return Untold(Finish(bundle.claim, "not_sent", reason), bundle.others)
        case Hold(until, reason):
            return Untold(Finish(bundle.claim, "", reason, until, held=True))
        case Send():
            raise AssertionError("this one leaves")


def put_back(claims: Iterable[Claim], *, at: datetime) -> list[Untold]:
    """Give back what there is no time for: it is due again at once."""
    return [Untold(Finish(each, "", "put_back", at)) for each in claims]


def total(drained: Iterable[Drained]) -> Drained:
    """Add up what several drains did."""
    counted: Counter[str] = Counter()
    for each in drained:
        counted.update({name: getattr(each, name) for name in Drained.__slots__})
    return Drained(**counted)
