"""Sending what is due: claim, look again, send, record. It needs the database, not the broker."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from queue import SimpleQueue
from random import uniform
from time import monotonic

from patients.access.walls import within_every_clinic
from rehab.actions.bundles import GONE, Bundle, bundles
from rehab.actions.lanes import UNRECORDED_AT_MOST, Lanes
from rehab.actions.messages import message_of
from rehab.actions.next_channel import GAVE_UP, Untold, retire, tell_elsewhere
from rehab.actions.sealing_ahead import with_sealed
from rehab.channels import Sender
from rehab.channels.message import TryAgain, Undeliverable
from rehab.domain.quiet import Drop, Hold, Send
from rehab.models.outbox import Claim, Finish, claim, claim_along, finish

logger = logging.getLogger(__name__)

BATCH = 500
# Half of what may be unrecorded, so that one half is under way while the other is recorded.
RECORD_EVERY = UNRECORDED_AT_MOST // 2
# What is due within so long is said in the message that leaves now.
TOGETHER = timedelta(minutes=5)
# A worker that dies gives its rows back after the lease, so it is short. No send begins so late
# that it could outlast it: a channel answers or fails within 20 to 30 seconds.
LEASE = timedelta(seconds=90)
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
        with Lanes() as lanes:
            _Batch(lanes, watch, counted).deliver(due)
        logger.info("drained", extra={"claimed": len(due), **counted})
    return Drained(**counted)


@dataclass(slots=True)
class _Batch:
    lanes: Lanes
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
        results: SimpleQueue[tuple[Bundle, list[Finish]]] = SimpleQueue()
        for bundle in leaving:
            self.lanes.give(bundle.claim.channel, self._job(bundle, results, fresh_until))
        stale: list[Claim] = []
        told: list[tuple[Bundle, list[Finish]]] = []
        for _ in leaving:
            bundle, finishes = results.get()
            if finishes:
                told.append((bundle, finishes))
            else:
                stale += bundle.claims
                self.lanes.recorded(bundle.claim.channel)
            if len(told) >= RECORD_EVERY:
                self._record_sent(told)
                told = []
        self._record_sent(told)
        return stale

    def _job(
        self,
        bundle: Bundle,
        results: "SimpleQueue[tuple[Bundle, list[Finish]]]",
        fresh_until: datetime,
    ) -> Callable[[Callable[[], Sender]], None]:
        def run(sender: Callable[[], Sender]) -> None:
            if self.watch.now() >= fresh_until:
                results.put((bundle, []))
            else:
                results.put((bundle, list(_sent(bundle, sender, self.watch))))

        return run

    def _record_sent(self, told: Sequence[tuple[Bundle, list[Finish]]]) -> None:
        self._record(
            [Untold(each, bundle.others) for bundle, finishes in told for each in finishes]
        )
        for bundle, _ in told:
            self.lanes.recorded(bundle.claim.channel)

    def _record(self, told: Sequence[Untold]) -> None:
        """Record in one short transaction what is still ours, and what follows from it."""
        if not told:
            return
        at = self.watch.now()
        with within_every_clinic():
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


def _sent(bundle: Bundle, sender: Callable[[], Sender], watch: Stopwatch) -> Iterator[Finish]:
    """Send one message; yield what became of each claim that it speaks for."""
    main = _attempt(bundle, sender, watch)
    yield main
    for claimed in bundle.carried:
        if main.outcome == "sent":
            yield Finish(claimed, "merged", str(bundle.claim.id))
        else:
            yield replace(main, claim=claimed)


def _attempt(bundle: Bundle, sender: Callable[[], Sender], watch: Stopwatch) -> Finish:
    try:
        sender()(message_of(bundle, at=watch.now()))
    except Undeliverable as refused:
        return Finish(bundle.claim, "failed", str(refused)[:60], failed=True)
    except TryAgain as failed:
        wait = timedelta(seconds=failed.retry_after_seconds or 0)
        return _again(bundle.claim, str(failed), at=watch.now(), at_least=wait)
    except Exception as broken:  # one message that cannot be made must not hold up the others
        logger.exception("delivery failed", extra={"delivery": str(bundle.claim.id)})
        return _again(bundle.claim, type(broken).__name__, at=watch.now())
    return Finish(bundle.claim, "sent")


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
