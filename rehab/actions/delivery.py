"""Sending what is due: claim, look again, send, record. It needs the database, not the broker."""

import logging
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import uniform
from time import monotonic
from uuid import UUID

from patients.access.walls import within_clinics, within_every_clinic
from rehab.actions.bundles import GONE, Bundle, bundles
from rehab.actions.lanes import UNRECORDED_AT_MOST, Lanes, Told
from rehab.actions.messages import message_of
from rehab.actions.next_channel import GAVE_UP, Untold, retire, tell_elsewhere
from rehab.actions.sealing_ahead import with_sealed
from rehab.channels.message import TryAgain, Undeliverable
from rehab.domain.quiet import Drop, Hold, Send
from rehab.models.outbox import LEASE, Claim, Finish, claim, claim_along, finish

logger = logging.getLogger(__name__)

BATCH = 500
# Recorded together: half of what may be unrecorded; less where a channel stands still otherwise, or
# where nothing more is heard for a moment.
RECORD_EVERY = UNRECORDED_AT_MOST // 2
GATHER_FOR = 0.02
LOOK_UP_EVERY = 0.5
# What is due within so long is said in the message that leaves now.
TOGETHER = timedelta(minutes=5)
# Well before the lease ends: see LEASE.
SENDS_FOR = timedelta(seconds=55)
# A state that was read longer ago is read again before anything leaves.
FRESH_FOR = timedelta(seconds=5)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = 12


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


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """The time of the work: the moment that it was told, and what has passed since."""

    at: datetime
    started: float

    def now(self) -> datetime:
        return self.at + self.elapsed()

    def elapsed(self) -> timedelta:
        return timedelta(seconds=monotonic() - self.started)


def drain(*, at: datetime, limit: int = BATCH) -> Drained:
    """Claim up to `limit` due deliveries and send what should still be sent.

    Runs as often and as many times at once as anybody likes: a row belongs to one claim at a time,
    and only who still holds it may finish it.
    """
    watch = Stopwatch(at, monotonic())
    with within_every_clinic():
        due = claim(at=at, limit=limit, lease=LEASE)
        due += claim_along(due, at=at, within=TOGETHER, lease=LEASE)
    counted: Counter[str] = Counter()
    if due:
        lanes: Lanes[Bundle] = Lanes()
        with lanes:
            _Batch(lanes, watch, counted).deliver(due)
        logger.info("drained", extra={"claimed": len(due), **counted})
    return Drained(**counted)


@dataclass(slots=True)
class _Batch:
    lanes: Lanes[Bundle]
    watch: Stopwatch
    counted: Counter[str]

    def deliver(self, claims: Sequence[Claim]) -> None:
        """Look, send what is fresh, and look again at what had to wait, until time is up."""
        waiting = list(claims)
        while waiting and self.watch.elapsed() < SENDS_FOR:
            with within_every_clinic():
                found, silent = bundles(waiting, at=self.watch.now())
                leaving = with_sealed([each for each in found if isinstance(each.decision, Send)])
            decided = [_not_now(each) for each in found if not isinstance(each.decision, Send)]
            gone = [Untold(Finish(each, "not_sent", GONE)) for each in silent]
            fresh_until = self.watch.now() + FRESH_FOR
            self._record([*decided, *gone])
            waiting = self._send(leaving, fresh_until=fresh_until)
        self._record([Untold(Finish(each, "", "put_back", self.watch.now())) for each in waiting])

    def _send(self, leaving: Sequence[Bundle], *, fresh_until: datetime) -> list[Claim]:
        """Send what begins before `fresh_until`; return the claims of all else."""
        waiting = _by_channel(leaving)
        stale: list[Bundle] = []
        told: list[Told[Bundle]] = []
        while any(waiting.values()) or told or self.lanes.is_busy():
            if self.watch.now() >= fresh_until:
                stale += [each for queue in waiting.values() for each in queue]
                waiting = {}
            self._begin(waiting)
            full = self.lanes.is_full()
            news = self.lanes.told(wait=(0 if full else GATHER_FOR) if told else LOOK_UP_EVERY)
            told += news
            if told and (full or len(told) >= RECORD_EVERY or not news):
                self._record_sent(told)
                told = []
        return [claim for bundle in stale for claim in bundle.claims]

    def _begin(self, waiting: Mapping[str, "deque[Bundle]"]) -> None:
        """Let as many leave on each channel as may."""
        for channel, queue in waiting.items():
            while queue and self.lanes.has_room(channel):
                bundle = queue.popleft()
                self.lanes.send(channel, bundle, partial(message_of, bundle, at=self.watch.now()))

    def _record_sent(self, told: Sequence[Told[Bundle]]) -> None:
        at = self.watch.now()
        self._record(
            [
                Untold(finish, each.sending.others)
                for each in told
                for finish in _finishes(each, at=at)
            ]
        )
        for each in told:
            self.lanes.recorded(each.channel)

    def _record(self, told: Sequence[Untold]) -> None:
        """Record in one short transaction what is still ours, and what follows from it."""
        if not told:
            return
        at = self.watch.now()
        with within_clinics(map(UUID, {each.finish.claim.clinic_id for each in told})):
            ours = finish([each.finish for each in told], at=at)
            held = [each for each in told if each.finish.claim.id in ours]
            retire([each.finish for each in held], at=at)
            tell_elsewhere(held, at=at)
        self.counted.update(_kind(each.finish) for each in told)


def _not_now(bundle: Bundle) -> Untold:
    match bundle.decision:
        case Drop(reason):
            return Untold(Finish(bundle.claim, "not_sent", reason), bundle.others)
        case Hold(until, reason):
            return Untold(Finish(bundle.claim, "", reason, until, held=True))
        case Send():
            raise AssertionError("this one leaves")


def _by_channel(leaving: Iterable[Bundle]) -> dict[str, deque[Bundle]]:
    queues: dict[str, deque[Bundle]] = defaultdict(deque)
    for each in leaving:
        queues[each.claim.channel].append(each)
    return queues


def _finishes(told: Told[Bundle], *, at: datetime) -> Iterator[Finish]:
    """Yield what became of each claim that a message spoke for."""
    bundle = told.sending
    main = _finish(bundle.claim, told.failed, at=at)
    yield main
    for claimed in bundle.carried:
        if main.outcome == "sent":
            yield Finish(claimed, "merged", bundle.claim.id)
        else:
            yield main._replace(claim=claimed)


def _finish(claimed: Claim, failed: Exception | None, *, at: datetime) -> Finish:
    match failed:
        case None:
            return Finish(claimed, "sent")
        case Undeliverable():
            return Finish(claimed, "failed", str(failed)[:60], failed=True)
        case TryAgain():
            wait = timedelta(seconds=failed.retry_after_seconds or 0)
            return _again(claimed, str(failed), at=at, at_least=wait)
        case _:
            logger.error("delivery failed", extra={"delivery": claimed.id}, exc_info=failed)
            return _again(claimed, type(failed).__name__, at=at)


def _again(held: Claim, reason: str, *, at: datetime, at_least: timedelta = timedelta()) -> Finish:
    """Try later, each time after about twice as long; give up in the end, and say so."""
    if held.failures + 1 >= GIVE_UP_AFTER:
        return Finish(held, "failed", f"{GAVE_UP}: {reason}"[:60], failed=True)
    pause = min(FIRST_RETRY * 2**held.failures, LONGEST_RETRY)
    pause *= uniform(0.8, 1.2)  # noqa: S311 - it spreads retries, it keeps no secret
    pause = max(pause, min(at_least, LONGEST_RETRY))
    return Finish(held, "", reason[:60], at + pause, failed=True)


def _kind(each: Finish) -> str:
    if each.reason in ("put_back", "not_due_yet"):
        return "put_back"
    if each.held:
        return "held"
    return {"sent": "sent", "merged": "merged", "not_sent": "dropped"}.get(each.outcome, "failed")


def total(drained: Iterable[Drained]) -> Drained:
    """Add up what several drains did."""
    counted: Counter[str] = Counter()
    for each in drained:
        counted.update({name: getattr(each, name) for name in Drained.__slots__})
    return Drained(**counted)
