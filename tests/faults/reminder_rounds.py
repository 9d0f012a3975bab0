"""Faults at random, round after round, while reminders fall due: none is lost, few come twice.

A round makes reminders due and strikes once, at a random moment. After a series of rounds all of
it must have arrived within two minutes of the last fault's end. What happens in a series follows
from the seed and its number; the state file says how far it came, and the next start goes on there.
`make faults-long`, or `python -m tests.faults.reminder_rounds --help`.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from urllib.parse import quote

from bench.api import prepare, say, set_up_django
from bench.installation import SINK_IS_PRIVATE, Installation
from bench.push_sink import running_sink
from config.launcher.engines import temporary_engines
from tests.faults.reminder_faults import HOLE, QUICK, Fault, Scene
from tests.faults.silent_proxy import running_proxy

# A killed worker may have sent so much that it had not recorded yet.
TWICE_A_WORKER = 50
ALL_ARRIVE_WITHIN_SECONDS = 120
LONGEST_BEFORE_SECONDS = 6.0
STRIKES_IDLE = 0.25
SETTLES_SECONDS = 5.0
ROUNDS_A_SERIES = 8


@dataclass(slots=True)
class State:
    """What has been survived so far. series: the number of the next one."""

    seed: int
    rounds: int = 0
    holes: int = 0
    series: int = 0
    reminders: int = 0
    twice: int = 0
    slowest_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """lost: did not arrive in time. twice: came again; at_most: may have. failed: given up."""

    lost: int
    twice: int
    at_most: int
    failed: int = 0

    @property
    def holds(self) -> bool:
        return self.lost == 0 and self.failed == 0 and self.twice <= self.at_most


def judged(
    wanted: Collection[str], arrived: Iterable[str], *, cut_off: int, failed: int = 0
) -> Verdict:
    """Compare what was to arrive with what did. cut_off: workers struck in their work."""
    times = Counter(topic for topic in arrived if topic in wanted)
    again = sum(times.values()) - len(times)
    return Verdict(len(wanted) - len(times), again, TWICE_A_WORKER * cut_off, failed)


def chosen(random: Random, faults: Mapping[str, Fault], rounds: int) -> Iterator[tuple[str, Fault]]:
    """Yield as many faults as there are rounds: every kind once before any comes again."""
    bag: list[tuple[str, Fault]] = []
    for _ in range(rounds):
        if not bag:
            bag = list(faults.items())
            random.shuffle(bag)
        yield bag.pop()


class Rounds:
    """Series of rounds in one scene."""

    def __init__(self, scene: Scene, state: State) -> None:
        from django.utils import timezone

        from bench.crowd import make_crowd

        self.scene, self.state = scene, state
        self.crowd = make_crowd(at=timezone.now())

    def series(self, faults: Mapping[str, Fault], rounds: int, due: int) -> None:
        """Run one series; SystemExit where it did not end as it must."""
        random = Random(f"{self.state.seed}/{self.state.series}")
        wanted: set[str] = set()
        cut_off, before = 0, self.scene.sink.count()
        for name, fault in chosen(random, faults, rounds):
            wanted |= self._due(due)
            self._wait_to_strike(random)
            cut_off += fault(self.scene, random)
            say(f"{name}; {len(wanted):,} were due in this series")
        seconds = self._until_arrived(wanted, before=before)
        # What came last is recorded a moment later; what came twice may still be on its way.
        self.scene.live(SETTLES_SECONDS)
        arrived = [each.topic for each in self.scene.sink.taken(after=before)]
        verdict = judged(wanted, arrived, cut_off=cut_off, failed=self._failed())
        say(f"{seconds:.0f} s after the last fault: {verdict}")
        if not verdict.holds:
            raise SystemExit(f"Seed {self.state.seed}, series {self.state.series}: {verdict}")
        self.state.reminders += len(wanted)
        self.state.twice += verdict.twice
        self.state.slowest_seconds = max(self.state.slowest_seconds, round(seconds, 1))

    def _due(self, count: int) -> set[str]:
        """Make reminders for new patients due now. The database may have been away meanwhile."""
        from django.db import connections
        from django.utils import timezone

        from bench.crowd import topics

        connections.close_all()
        patients = self.crowd.grow(count, port=self.scene.to_sink.port)
        now = timezone.now()
        return topics(self.crowd.remind(patients, due_at=now, at=now))

    def _wait_to_strike(self, random: Random) -> None:
        """Mostly until messages are leaving, sometimes just some seconds."""
        if random.random() < STRIKES_IDLE:
            self.scene.live(random.uniform(0, LONGEST_BEFORE_SECONDS))
            return
        before, deadline = self.scene.sink.count(), time.monotonic() + 4 * LONGEST_BEFORE_SECONDS
        while self.scene.sink.count() == before and time.monotonic() < deadline:
            self.scene.live(0.1)
        self.scene.live(random.uniform(0, 0.3))

    def _until_arrived(self, wanted: set[str], *, before: int) -> float:
        began = time.monotonic()
        while (passed := time.monotonic() - began) < ALL_ARRIVE_WITHIN_SECONDS:
            if wanted <= {each.topic for each in self.scene.sink.taken(after=before)}:
                break
            self.scene.live(1)
        return passed

    def _failed(self) -> int:
        """Count what was given up or not sent: a fault must never end like that."""
        from django.db import connections

        from rehab.models import Delivery

        connections.close_all()
        with self.crowd.cast.inside():
            ended = Delivery.objects.filter(patient_id__in=self.crowd.patients)
            return ended.exclude(outcome__in=("", "sent")).count()


@contextmanager
def scene_in_temporary_folder() -> Iterator[Scene]:
    """Engines, two worker processes, beat, a sink, and a proxy on the way to each of the two."""
    with ExitStack() as stack:
        engines = stack.enter_context(temporary_engines())
        sink = stack.enter_context(running_sink())
        to_sink = stack.enter_context(running_proxy(str(sink.port)))
        to_valkey = stack.enter_context(running_proxy(str(engines.valkey.socket)))
        environment = {**prepare(engines), **SINK_IS_PRIVATE}
        set_up_django({**environment, **engines.owner_environment()})
        over_proxy = f"redis://:{quote(engines.secrets['valkey'])}@127.0.0.1:{to_valkey.port}/0"
        installation = Installation({**environment, "REDIS_URL": over_proxy})
        stack.callback(installation.stop)
        scene = Scene(engines, installation, sink, to_valkey, to_sink)
        scene.behave()
        installation.start()
        yield scene


def main() -> None:
    asked = arguments()
    state = State(asked.seed)
    if asked.state.exists():
        state = State(**json.loads(asked.state.read_text()))
        say(f"going on after {state.rounds} rounds and {state.holes} holes")
    with scene_in_temporary_folder() as scene:
        rounds = Rounds(scene, state)
        while state.rounds < asked.rounds or state.holes < asked.holes:
            left = min(asked.rounds - state.rounds, ROUNDS_A_SERIES)
            if left > 0:
                rounds.series(QUICK, left, asked.due)
                state.rounds += left
            else:
                rounds.series(HOLE, 1, asked.due)
                state.holes += 1
            state.series += 1
            keep(state, asked.state)
    say(f"survived: {state}")


def keep(state: State, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(state)))
    draft.replace(path)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=8, help="quick rounds")
    parser.add_argument("--holes", type=int, default=0, help="network holes of 90 seconds")
    parser.add_argument("--due", type=int, default=400, help="reminders due in each round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", type=Path, default=Path("var/faults.json"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
