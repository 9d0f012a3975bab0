"""Letting messages leave: as many at once as may, each only while what is known of it is fresh.

What became of them is kept in sets. What keeps it is told by whoever sends: rows finished at once,
or a note first and the rows afterwards.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic, sleep
from typing import NamedTuple

from patients.channels.exchange import Ready
from rehab.actions.bundles import Bundle
from rehab.actions.lanes import UNRECORDED_AT_MOST, Lanes, Told
from rehab.actions.messages import message_of
from rehab.actions.next_channel import Untold
from rehab.actions.results import finishes
from rehab.models.outbox import Claim

# Kept together: as much as may be unrecorded; less where nothing more is heard for a moment, a
# short one where a channel stands still until something is kept.
KEEP_EVERY = UNRECORDED_AT_MOST
GATHER_FOR = 0.02
GATHER_SHORTLY = 0.001
LOOK_UP_EVERY = 0.5

Keeper = Callable[[Sequence[Untold], datetime], None]


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """The time of the work: the moment that it was told, and what has passed since."""

    at: datetime
    started: float

    @classmethod
    def begun(cls, at: datetime) -> "Stopwatch":
        return cls(at, monotonic())

    def now(self) -> datetime:
        return self.at + self.elapsed()

    def elapsed(self) -> timedelta:
        return timedelta(seconds=monotonic() - self.started)


class _Waiting(NamedTuple):
    """ready: its request, where that was made before."""

    bundle: Bundle
    fresh_until: datetime
    ready: Ready | None


@dataclass(slots=True)
class Leaving:
    """What waits to leave, what is on its way, and what is known of it and not kept yet."""

    lanes: Lanes[Bundle]
    watch: Stopwatch
    keep: Keeper
    _waiting: dict[str, deque[_Waiting]] = field(default_factory=lambda: defaultdict(deque))
    _told: list[Told[Bundle]] = field(default_factory=list)
    _stale: list[Claim] = field(default_factory=list)

    def add(self, bundle: Bundle, *, fresh_until: datetime, ready: Ready | None = None) -> None:
        """Let it leave in its turn: alerts before everything else."""
        queue, waiting = self._waiting[bundle.claim.channel], _Waiting(bundle, fresh_until, ready)
        if bundle.claim.urgent:
            queue.appendleft(waiting)
        else:
            queue.append(waiting)

    def waiting(self) -> int:
        return sum(map(len, self._waiting.values()))

    def goes_on(self) -> bool:
        """Tell whether there is anything to send, to hear of, or to keep."""
        return any(self._waiting.values()) or bool(self._told) or self.lanes.is_busy()

    def turn(self) -> None:
        """Let as many leave as may, hear what became of others, and keep it when it is worth it."""
        self._begin()
        if not self.lanes.is_busy() and not self._told:
            if self.waiting():
                sleep(GATHER_FOR)  # another thread has all the room there is
            return
        gather = GATHER_SHORTLY if self.lanes.is_full() else GATHER_FOR
        news = self.lanes.told(wait=gather if self._told else LOOK_UP_EVERY)
        self._told += news
        if self._told and (len(self._told) >= KEEP_EVERY or not news):
            self._keep_told()

    def take_stale(self) -> list[Claim]:
        """Return what waited for too long: it has to be looked at again."""
        stale, self._stale = self._stale, []
        return stale

    def _begin(self) -> None:
        now = self.watch.now()
        for channel, queue in self._waiting.items():
            while queue and self.lanes.has_room(channel):
                waiting = queue.popleft()
                if waiting.fresh_until <= now:
                    self._stale += waiting.bundle.claims
                else:
                    self._send(channel, waiting, now)
            while queue and queue[0].fresh_until <= now:
                self._stale += queue.popleft().bundle.claims

    def _send(self, channel: str, waiting: _Waiting, now: datetime) -> None:
        bundle = waiting.bundle
        if waiting.ready is not None:
            self.lanes.send_ready(channel, bundle, waiting.ready)
        else:
            self.lanes.send(channel, bundle, partial(message_of, bundle, at=now))

    def _keep_told(self) -> None:
        told, self._told = self._told, []
        at = self.watch.now()
        untold = list(_untold(told, at))
        self.keep(untold, at)
        for each in told:
            self.lanes.recorded(each.channel)


def _untold(told: Sequence[Told[Bundle]], at: datetime) -> Iterator[Untold]:
    for each in told:
        bundle = each.sending
        for finish in finishes(bundle.claim, bundle.carried, each.failed, at=at):
            yield Untold(finish, bundle.others)
