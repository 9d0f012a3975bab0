"""What many are to be told at one moment is made ready before it, and leaves at it.

Claiming, looking and encrypting cost most of a message, and none of them has to wait for the
moment. So in the seconds before eight a worker claims what is due at eight, makes its requests,
looks at all of it again just before, and at eight only sends and notes. What it does not manage is
due like everything else, and drained. What is decided not to leave is decided when its time has
come.

A worker process is occupied meanwhile, so a thread of it serves what else falls due, and while the
many leave it looks for alerts between them: those do not wait for anybody's eight o'clock.
"""

import logging
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic, sleep

from django.db import connection

from patients.access.walls import within_every_clinic
from patients.channels.outgoing import CONNECTIONS
from rehab.actions.bundles import Bundle
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
from rehab.actions.lanes import AT_ONCE_ELSEWHERE, UNRECORDED_AT_MOST, Lanes
from rehab.actions.leaving import Leaving, Stopwatch
from rehab.actions.looking_ahead import LookingAhead
from rehab.actions.making_ready import Looked, MakingReady
from rehab.actions.next_channel import Untold
from rehab.actions.recording import note, record, settle_all, settle_due_again
from rehab.actions.results import kind
from rehab.actions.rising import tend_flags
from rehab.models.outbox import LEASE, Claim, claim, claim_along, claim_at

logger = logging.getLogger(__name__)

# Fewer are told within the second by what drains the queue.
MANY = 100
# The longest that anything is claimed before its moment; with SENDS_FOR well within the lease.
AHEAD_AT_MOST = timedelta(seconds=20)
STARTING = timedelta(seconds=3)
MADE_READY_A_SECOND = 3_000
SENT_A_SECOND = 10_000
# What is looked at so long before the moment is still fresh when it leaves.
LOOKS_AHEAD = FRESH_FOR - timedelta(seconds=1)
# What follows what leaves now, and is not fresh for so long any more, is looked at again meanwhile.
SOON_STALE = timedelta(seconds=0.5)
# Of one process: some 80 MB.
READY_AT_MOST = 30_000
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
    watch = Stopwatch.begun(at)
    peak = _Peak(moment, watch, MakingReady(moment, watch, FRESH_FOR))
    if not peak.take_some():
        return Drained()
    with _served_meanwhile(peak.watch) as leaves:
        while peak.has_time_for_more() and peak.take_some():
            pass
        peak.look_again()
        sleep(max((moment - peak.watch.now()).total_seconds(), 0))
        leaves.set()
        peak.send()
        sleep(peak.rests())
        settle_all()
        peak.decide_the_others()
    logger.info("sent on time", extra={**peak.counted})
    return Drained(**peak.counted)


@dataclass(slots=True)
class _Peak:
    """What one process sends at one moment.

    taken: claims that have to be looked at. looked: what was looked at, in that order. undecided:
    claims that are not to leave as things stand.
    """

    moment: datetime
    watch: Stopwatch
    making: MakingReady
    counted: Counter[str] = field(default_factory=Counter)
    taken: deque[list[Claim]] = field(default_factory=deque)
    looked: deque[Looked] = field(default_factory=deque)
    undecided: list[Claim] = field(default_factory=list)
    _take_took: float = 0.0
    _look_took: float = 0.0
    _alerts_at: float = 0.0

    def take_some(self) -> bool:
        """Claim a batch and make what it would send; tell whether there was one."""
        began = monotonic()
        with within_every_clinic():
            claims = claim_at(self.moment, limit=BATCH, leased_until=self.watch.now() + LEASE)
            if not claims:
                return False
            claims += self._along(claims)
            claimed = monotonic()
            found = self.making.first_look(claims)
        self._look_took = monotonic() - claimed
        for each, sealed in found:
            self.making.make(each, sealed)
        self.taken.append(claims)
        self._take_took = monotonic() - began
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
        needed = timedelta(seconds=self._take_took) + self._looks_for(len(self.taken) + 1)
        full = len(self.taken) * BATCH >= READY_AT_MOST
        return not full and self.watch.now() + needed < self.moment

    def look_again(self) -> None:
        """Look at what was taken, so late that it is fresh at the moment and for a while after."""
        begins = self.moment - self._looks_for(len(self.taken))
        sleep(max((begins - self.watch.now()).total_seconds(), 0))
        while self.taken and self.watch.now() < self.moment:
            self._keep(self.making.look(self.taken.popleft()))
            if len(self.looked) == 1:
                self._reach()

    def send(self) -> None:
        lanes: Lanes[Bundle] = Lanes()
        with lanes, LookingAhead(self.making.look) as looks:
            leaving = Leaving(lanes, self.watch, self._note)
            while self._has_more(looks) or leaving.goes_on():
                if self._has_time():
                    self._add_alerts(leaving)
                    self._look_ahead(looks)
                while self._has_time() and self.looked and leaving.waiting() < UNRECORDED_AT_MOST:
                    self._add(self.looked.popleft(), leaving)
                if leaving.goes_on():
                    leaving.turn()
                else:
                    self._keep(looks.found(wait=None))
                self._take_again(leaving.take_stale())
            self._keep(looks.found(wait=None))
        self._put_back()

    def rests(self) -> float:
        """Return the seconds to leave the processors to who still sends: the more, the longer."""
        return min(self.counted["sent"] / SENT_A_SECOND, 1.0)

    def decide_the_others(self) -> None:
        """Their time has come: what was not to leave is looked at once more, and recorded."""
        if self.undecided:
            deliver(self.undecided, watch=self.watch, counted=self.counted)

    def _reach(self) -> None:
        """Connect to where the first ones go, and most others too, so that none waits for that."""
        made = [ready for looked in self.looked for _, ready in looked.leaving if ready]
        for place, many in Counter(each.place for each in made).most_common(PLACES_AT_MOST):
            CONNECTIONS.reach(place, min(many, AT_ONCE_ELSEWHERE))

    def _looks_for(self, batches: int) -> timedelta:
        """Return the time to look at so many batches, and to make their requests."""
        return min(timedelta(seconds=2 * self._look_took * batches), LOOKS_AHEAD)

    def _has_more(self, looks: LookingAhead) -> bool:
        return self._has_time() and (bool(self.looked or self.taken) or looks.is_under_way())

    def _has_time(self) -> bool:
        """Tell whether anything may still leave: never so late that its lease could end."""
        return self.watch.elapsed() < SENDS_FOR

    def _look_ahead(self, looks: LookingAhead) -> None:
        """Let the next batch be looked at while the last one that was looked at leaves."""
        self._keep(looks.found())
        while len(self.looked) > 1 and self.looked[1].fresh_until < self.watch.now() + SOON_STALE:
            self._take_again(self.looked[1].claims)
            del self.looked[1]
        if self.taken and not looks.is_under_way() and len(self.looked) <= 1:
            looks.begin(self.taken.popleft())

    def _keep(self, looked: Looked | None) -> None:
        if looked is not None:
            self.undecided += looked.undecided
            self.looked.append(looked)

    def _add(self, looked: Looked, leaving: Leaving) -> None:
        if looked.fresh_until <= self.watch.now():
            self._take_again(looked.claims)
            return
        until = min(looked.fresh_until, self.watch.at + SENDS_FOR)
        for bundle, ready in looked.leaving:
            leaving.add(bundle, fresh_until=until, ready=ready)

    def _add_alerts(self, leaving: Leaving) -> None:
        """Let alerts that fell due leave before everything else; looked for now and then."""
        if monotonic() < self._alerts_at:
            return
        self._alerts_at = monotonic() + SERVES_EVERY
        with within_every_clinic():
            alerts = claim(at=self.watch.now(), limit=SERVES_AT_ONCE, lease=LEASE, only_alerts=True)
        if alerts:
            looked = self.making.look(alerts)
            self.undecided += looked.undecided
            self._add(looked, leaving)

    def _take_again(self, claims: list[Claim]) -> None:
        if claims:
            self.taken.appendleft(claims)

    def _note(self, told: Sequence[Untold], at: datetime) -> None:
        note(told, at=at)
        self._count(told)

    def _put_back(self) -> None:
        """Time is up: what is left is due at once, for whoever is free."""
        claims = [each for some in self.taken for each in some]
        claims += [each for looked in self.looked for each in looked.claims]
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
