"""One moment at which many are due, and when each message arrived."""

import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from bench.crowd import Crowd, topics
from bench.installation import Installation, children_of, cpu_seconds, postgres_pids
from bench.phones import phone_of
from bench.push_sink import Arrival, Sink
from config.launcher.engines import Engines
from rehab.actions.sealing_ahead import seal_ahead

# The worker has been at work before: the first messages cost connections and caches.
_WARM = 1_000
# What a crowded machine manages; the product has days for it.
_WRITTEN_A_SECOND = 2_000
# Then beat seals ahead what is due soon.
_BEAT_SEALS_AFTER_SECONDS = 60
_PATIENCE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Peak:
    """late: seconds after the due time, sorted, one for each reminder. repeated: came twice.

    cpu_seconds: what the workers, PostgreSQL and the push service used meanwhile, by name. ahead:
    what they used for it before the moment. opened: of how many the body was kept and opened with
    the key of the phone it was for.
    """

    due_at: datetime
    late: Sequence[float]
    repeated: int
    cpu_seconds: Mapping[str, float]
    ahead: Mapping[str, float]
    opened: int

    @property
    def per_second(self) -> float:
        return len(self.late) / (self.late[-1] - self.late[0])

    @property
    def cpu_milliseconds(self) -> Mapping[str, float]:
        """Return what one message cost each of them; the push service is on the same cores."""
        return self._each(self.cpu_seconds)

    @property
    def milliseconds_ahead(self) -> Mapping[str, float]:
        """Return what one message cost each of them before its moment."""
        return self._each(self.ahead)

    def _each(self, seconds: Mapping[str, float]) -> Mapping[str, float]:
        return {name: 1000 * spent / len(self.late) for name, spent in seconds.items()}

    def within(self, share: float) -> float:
        return self.late[min(int(len(self.late) * share), len(self.late) - 1)]


def peak(
    crowd: Crowd,
    sink: Sink,
    engines: Engines,
    environment: Mapping[str, str],
    *,
    workers: int,
    sealed_a_second: float | None,
) -> Peak:
    """Start worker and beat anew, warm them, and let everybody be due at one moment.

    sealed_a_second: encrypt before, and leave time for so many a second; None: beat is younger than
    its first round of sealing, so none is.
    """
    installation = Installation(environment, workers)
    installation.start()
    young_until = timezone.now() + timedelta(seconds=_BEAT_SEALS_AFTER_SECONDS)
    try:
        _warm(crowd, sink)
        found = _peak(crowd, sink, engines, installation, sealed_a_second)
    finally:
        installation.stop()
    assert sealed_a_second or found.due_at < young_until, "some may have been sealed ahead"
    return found


def _warm(crowd: Crowd, sink: Sink) -> None:
    before, now = len(sink.taken()), timezone.now()
    some = crowd.remind(crowd.patients[:_WARM], due_at=now, at=now)
    _arrivals(topics(some), sink, after=before)


def _peak(
    crowd: Crowd,
    sink: Sink,
    engines: Engines,
    installation: Installation,
    sealed_a_second: float | None,
) -> Peak:
    count = len(crowd.patients)
    seconds = 5 + count / _WRITTEN_A_SECOND + (count / sealed_a_second if sealed_a_second else 0)
    before, now = len(sink.taken()), timezone.now()
    due_at = now + timedelta(seconds=seconds)
    wanted = topics(crowd.remind(crowd.patients, due_at=due_at, at=now))
    written = _spent(installation, engines, sink)
    while sealed_a_second and seal_ahead(at=timezone.now()):
        pass
    assert timezone.now() < due_at, "preparing took longer than there was time"
    time.sleep(max((due_at - timezone.now()).total_seconds() - 0.2, 0))
    sink.kept()
    before_it = _spent(installation, engines, sink)
    arrivals = _arrivals(wanted, sink, after=before)
    spent = _between(before_it, _spent(installation, engines, sink))
    first = {each.topic: each.at for each in reversed(arrivals)}
    late = sorted(at - due_at.timestamp() for at in first.values())
    ahead = _between(written, before_it)
    return Peak(due_at, late, len(arrivals) - len(first), spent, ahead, _opened(sink))


def _between(before: Mapping[str, float], after: Mapping[str, float]) -> Mapping[str, float]:
    return {name: seconds - before[name] for name, seconds in after.items()}


def _spent(installation: Installation, engines: Engines, sink: Sink) -> dict[str, float]:
    worker = installation.pid("worker")
    assert worker
    return {
        "workers": cpu_seconds([worker, *children_of(worker)]),
        "PostgreSQL": cpu_seconds(postgres_pids(engines)),
        "push service": cpu_seconds([sink.pid]),
    }


def _opened(sink: Sink) -> int:
    """Open what was kept as a browser does; an error where a phone could not have read it."""
    kept = sink.kept()
    for each in kept:
        shown = json.loads(phone_of(UUID(each.target.rpartition("/")[2])).open(each.body))
        assert shown["title"], "a message without words"
    return len(kept)


def _arrivals(wanted: Collection[str], sink: Sink, *, after: int) -> list[Arrival]:
    """Wait until all have arrived, and until nothing more comes of them."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        time.sleep(1)
        if sink.count() - after >= len(wanted):
            arrivals = [each for each in sink.taken(after=after) if each.topic in wanted]
            if len({each.topic for each in arrivals}) == len(wanted):
                time.sleep(2)
                return [each for each in sink.taken(after=after) if each.topic in wanted]
    raise SystemExit(f"Not all arrived within {_PATIENCE_SECONDS} seconds.")
