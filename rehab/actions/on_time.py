"""What many are to be told at one moment is made ready before it, and leaves at it.

Claiming, looking and encrypting cost most of a message, and none of them has to wait for the
moment. So in the seconds before eight a worker claims what is due at eight, encrypts it, looks at
all of it a last time just before, and at eight only sends and notes. What it does not manage is due
like everything else, and drained. What is decided not to leave is decided when its time has come.

A worker process is occupied meanwhile, so a thread of it serves what else falls due, and while the
many leave it looks for alerts between them: those do not wait for anybody's eight o'clock.
"""

import logging
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic, sleep

from django.db import connection

from patients.access.walls import within_every_clinic
from patients.channels.exchange import Ready
from patients.channels.outgoing import CONNECTIONS
from patients.domain.roles import Channel
from rehab.actions.bundles import Bundle, bundles
from rehab.actions.delivery import (
    BATCH,
    FRESH_FOR,
    SENDS_FOR,
    TOGETHER,
    Drained,
    deliver,
    drain,
    put_back,
)
from rehab.actions.lanes import AT_ONCE_ELSEWHERE, UNRECORDED_AT_MOST, Lanes, made_ready
from rehab.actions.leaving import Leaving, Stopwatch
from rehab.actions.messages import message_of
from rehab.actions.next_channel import Untold
from rehab.actions.recording import note, record, settle_all, settle_due_again
from rehab.actions.results import kind
from rehab.actions.rising import tend_flags
from rehab.actions.sealing_ahead import with_sealed
from rehab.channels import POSTED, push
from rehab.channels.message import Sealed, TryAgain, Undeliverable
from rehab.domain.quiet import Send
from rehab.models.outbox import LEASE, Claim, claim, claim_along, claim_at

logger = logging.getLogger(__name__)

# Fewer are told within the second by what drains the queue.
MANY = 100
# The longest that anything is claimed before its moment; with SENDS_FOR well within the lease.
AHEAD_AT_MOST = timedelta(seconds=20)
STARTING = timedelta(seconds=3)
MADE_READY_A_SECOND = 3_000
# What is looked at so long before the moment is still fresh when it leaves.
LOOKS_AHEAD = FRESH_FOR - timedelta(seconds=1)
# Of one process: some 80 MB.
READY_AT_MOST = 30_000
# Looked at together in the midst of sending: few, so that what comes in meanwhile waits shortly.
PIECE = 25
SERVES_AT_ONCE = 100
# Each push service that is to be reached gets up to fifty connections.
PLACES_AT_MOST = 4
SERVES_EVERY = 0.5


def ahead(many: int) -> timedelta:
    """Return how long before their moment it is time to make so many ready."""
    return min(STARTING + timedelta(seconds=many / MADE_READY_A_SECOND), AHEAD_AT_MOST)


def send_on_time(moment: datetime, *, at: datetime) -> Drained:
    """Make ready what is due at `moment`, which is to come, and send it then.

    Runs as many times at once as anybody likes: each takes what no other has taken. What is looked
    at leaves within 5 seconds, or is looked at again.
    """
    peak = _Peak(moment, Stopwatch.begun(at))
    if not peak.take_some():
        return Drained()
    with _served_meanwhile(peak.watch) as leaves:
        while peak.has_time_for_more() and peak.take_some():
            pass
        peak.look_again()
        sleep(max((moment - peak.watch.now()).total_seconds(), 0))
        leaves.set()
        peak.send()
        settle_all()
        peak.decide_the_others()
    logger.info("sent on time", extra={**peak.counted})
    return Drained(**peak.counted)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A few bundles that were looked at together, and their requests where those could be made."""

    leaving: Sequence[tuple[Bundle, Ready | None]]
    fresh_until: datetime


@dataclass(slots=True)
class _Peak:
    """What one process sends at one moment.

    taken: claims that have to be looked at. bodies: what was encrypted, by delivery. pieces: looked
    at, in the order of looking. undecided: claims that are not to leave as things stand.
    reaching: connections are being opened.
    """

    moment: datetime
    watch: Stopwatch
    counted: Counter[str] = field(default_factory=Counter)
    taken: deque[list[Claim]] = field(default_factory=deque)
    bodies: dict[str, Sealed] = field(default_factory=dict)
    pieces: deque[_Piece] = field(default_factory=deque)
    undecided: list[Claim] = field(default_factory=list)
    reaching: bool = False
    _took: float = 0.0
    _looked: float = 0.0
    _alerts_at: float = 0.0

    def take_some(self) -> bool:
        """Claim a batch and encrypt what it would say; tell whether there was one."""
        began = monotonic()
        with within_every_clinic():
            claims = claim_at(self.moment, limit=BATCH, leased_until=self.watch.now() + LEASE)
            if not claims:
                return False
            claims += self._along(claims)
            claimed = monotonic()
            found = with_sealed(self._leaving_as_it_stands(claims))
        self._looked = monotonic() - claimed
        for each in found:
            self._encrypt(each)
        self.taken.append(claims)
        self._took = monotonic() - began
        return True

    def _along(self, claims: Sequence[Claim]) -> list[Claim]:
        """Claim what the same people are to be told by then, and what is to travel with it.

        By then nothing is early that is wanted at the moment itself.
        """
        now = self.watch.now()
        along = claim_along(claims, at=now, within=self.moment - now + TOGETHER, lease=LEASE)
        return [
            each._replace(early_from=None) if (each.early_from or now) <= self.moment else each
            for each in along
        ]

    def has_time_for_more(self) -> bool:
        """Tell whether one more batch can be taken, and all of them looked at, by the moment."""
        needed = timedelta(seconds=self._took) + self._looks_for(len(self.taken) + 1)
        full = len(self.taken) * BATCH >= READY_AT_MOST
        return not full and self.watch.now() + needed < self.moment

    def look_again(self) -> None:
        """Look at what was taken, so late that it is fresh at the moment and for a while after."""
        begins = self.moment - self._looks_for(len(self.taken))
        sleep(max((begins - self.watch.now()).total_seconds(), 0))
        while self.taken and self.watch.now() < self.moment:
            self.pieces.extend(self._looked_at(self.taken.popleft()))
            if not self.reaching:
                self._reach()

    def send(self) -> None:
        lanes: Lanes[Bundle] = Lanes()
        with lanes:
            leaving = Leaving(lanes, self.watch, self._note)
            while self._has_more() or leaving.goes_on():
                self._add_alerts(leaving)
                while self._has_more() and leaving.waiting() < UNRECORDED_AT_MOST:
                    self._add_some(leaving)
                leaving.turn()
                self._take_again(leaving.take_stale())
        self._put_back()

    def decide_the_others(self) -> None:
        """Their time has come: what was not to leave is looked at once more, and recorded."""
        if self.undecided:
            deliver(self.undecided, watch=self.watch, counted=self.counted)

    def _reach(self) -> None:
        """Connect to where the first ones go, and most others too, so that none waits for that."""
        made = [ready for piece in self.pieces for _, ready in piece.leaving if ready]
        for place, many in Counter(each.place for each in made).most_common(PLACES_AT_MOST):
            CONNECTIONS.reach(place, min(many, AT_ONCE_ELSEWHERE))
        self.reaching = True

    def _looks_for(self, batches: int) -> timedelta:
        """Return the time to look at so many batches, and to make their requests."""
        return min(timedelta(seconds=2 * self._looked * batches), LOOKS_AHEAD)

    def _has_more(self) -> bool:
        return bool(self.pieces or self.taken) and self.watch.elapsed() < SENDS_FOR

    def _add_alerts(self, leaving: Leaving) -> None:
        """Let alerts that fell due leave before everything else; looked for now and then."""
        if monotonic() < self._alerts_at:
            return
        self._alerts_at = monotonic() + SERVES_EVERY
        with within_every_clinic():
            alerts = claim(at=self.watch.now(), limit=SERVES_AT_ONCE, lease=LEASE, only_alerts=True)
        for piece in self._looked_at(alerts):
            for bundle, ready in piece.leaving:
                leaving.add(bundle, fresh_until=piece.fresh_until, ready=ready)

    def _add_some(self, leaving: Leaving) -> None:
        if self.pieces and self.pieces[0].fresh_until > self.watch.now():
            piece = self.pieces.popleft()
            for bundle, ready in piece.leaving:
                leaving.add(bundle, fresh_until=piece.fresh_until, ready=ready)
        elif self.pieces:
            stale = self.pieces.popleft()
            self._take_again([claim for bundle, _ in stale.leaving for claim in bundle.claims])
        else:
            claims = self.taken.popleft()
            self._take_again(claims[PIECE:])
            self.pieces.extend(self._looked_at(claims[:PIECE]))

    def _take_again(self, claims: list[Claim]) -> None:
        if claims:
            self.taken.appendleft(claims)

    def _looked_at(self, claims: Sequence[Claim]) -> Iterator[_Piece]:
        if not claims:
            return
        fresh_until = self.watch.now() + FRESH_FOR
        with within_every_clinic():
            found = self._leaving_as_it_stands(claims)
        leaves = {claim.id for each in found for claim in each.claims}
        self.undecided += [each for each in claims if each.id not in leaves]
        ready = [(each, self._made_ready(each)) for each in found]
        for first in range(0, len(ready), PIECE):
            yield _Piece(ready[first : first + PIECE], fresh_until)

    def _leaving_as_it_stands(self, claims: Sequence[Claim]) -> list[Bundle]:
        found, _silent = bundles(claims, at=self._then())
        return [
            replace(each, sealed=self.bodies.get(each.claim.id))
            for each in found
            if isinstance(each.decision, Send)
        ]

    def _then(self) -> datetime:
        """Return when it leaves: at the moment, or now where that is over."""
        return max(self.moment, self.watch.now())

    def _encrypt(self, bundle: Bundle) -> None:
        if bundle.claim.channel != Channel.PUSH or bundle.claim.channel not in POSTED:
            return
        try:
            message = message_of(bundle, at=self.moment)
            self.bodies[bundle.claim.id] = bundle.sealed or push.sealed(message)
        except Undeliverable:
            return  # found out again, and recorded, when its turn comes

    def _made_ready(self, bundle: Bundle) -> Ready | None:
        """Return its request; None where it is made as it leaves, or cannot be made at all."""
        if bundle.claim.channel not in POSTED:
            return None
        try:
            return made_ready(bundle.claim.channel, message_of(bundle, at=self._then()))
        except (Undeliverable, TryAgain):
            return None

    def _note(self, told: Sequence[Untold], at: datetime) -> None:
        note(told, at=at)
        self._count(told)

    def _put_back(self) -> None:
        """Time is up: what is left is due at once, for whoever is free."""
        claims = [each for some in self.taken for each in some]
        claims += [
            claim for each in self.pieces for bundle, _ in each.leaving for claim in bundle.claims
        ]
        at = self.watch.now()
        given_back = put_back(claims, at=at)
        record(given_back, at=at)
        self._count(given_back)

    def _count(self, told: Sequence[Untold]) -> None:
        self.counted.update(kind(each.finish) for each in told)


@contextmanager
def _served_meanwhile(watch: Stopwatch) -> Iterator[Event]:
    """Until the block ends, tend flags over a connection of its own and send what falls due.

    It sends no more once the event that it yields is set: then the block itself sends.
    """
    over, leaves = Event(), Event()

    def serve() -> None:
        try:
            while not over.wait(SERVES_EVERY):
                _serve(at=watch.now(), sends=not leaves.is_set())
        finally:
            connection.close()

    thread = Thread(target=serve, name="serve-meanwhile", daemon=True)
    thread.start()
    try:
        yield leaves
    finally:
        over.set()
        thread.join()


def _serve(*, at: datetime, sends: bool) -> None:
    try:
        tend_flags(at=at)
        if sends:
            drain(at=at, limit=SERVES_AT_ONCE)
        else:
            settle_due_again(at=at)
    except Exception:
        logger.exception("what fell due besides was not served")
