"""Faults at random, round after round, while reminders fall due: none is lost, few come twice.

A series is one installation that gets a trickle of due reminders all the time, and in each of its
rounds a burst of them and a fault at a random moment. Half of the bursts are due at once, and the
fault strikes mostly while messages leave; the others are due at a moment some seconds ahead, and it
strikes while they are made ready or leave. The next round does not wait for the last one. Then
nothing more strikes, and everything must have arrived within two minutes, and nothing early.
Several installations at once ("lanes") go through different series. What happens in a series
follows from the seed and its number; the state folder has a file for each that was survived, and
the next start does the others. `make faults-long`, or
`python -m tests.faults.reminder_rounds --help`.
"""

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import quote

from bench.api import prepare, say, set_up_django
from bench.installation import SINK_IS_PRIVATE, Installation
from bench.push_sink import running_sink
from config.launcher.children import Child
from config.launcher.engines import temporary_engines
from config.launcher.services import ROOT
from tests.faults.reminder_faults import HOLE, QUICK, Fault, Scene
from tests.faults.reminder_judge import ALL_ARRIVE_WITHIN_SECONDS, Strike, Verdict, judged
from tests.faults.reminder_state import Survived, kept, read, table
from tests.faults.silent_proxy import running_proxy

LONGEST_BEFORE_SECONDS = 6.0
STRIKES_IDLE = 0.25
SETTLES_SECONDS = 5.0
ROUNDS_A_SERIES = 8
TRICKLES_EVERY_SECONDS = 1.0
# A burst that is announced is due after so many seconds; the fault may strike a second later.
ANNOUNCED_SECONDS = (3.0, 8.0)
LEAVES_SECONDS = 1.0
ANNOUNCED = 0.5
# The series of holes are numbered from here, so that more rounds leave their numbers alone.
FIRST_HOLE = 1_000_000


def chosen(random: Random, faults: Mapping[str, Fault], rounds: int) -> Iterator[tuple[str, Fault]]:
    """Yield as many faults as there are rounds: every kind once before any comes again."""
    bag: list[tuple[str, Fault]] = []
    for _ in range(rounds):
        if not bag:
            bag = list(faults.items())
            random.shuffle(bag)
        yield bag.pop()


def planned(rounds: int, holes: int) -> dict[int, tuple[Mapping[str, Fault], int]]:
    """Return every series: number -> its faults, and how many rounds it has."""
    quick = {
        first // ROUNDS_A_SERIES: (QUICK, min(ROUNDS_A_SERIES, rounds - first))
        for first in range(0, rounds, ROUNDS_A_SERIES)
    }
    return quick | {FIRST_HOLE + place: (HOLE, 1) for place in range(holes)}


class Rounds:
    """Series of rounds in one scene. due: reminders in a burst; trickle: reminders a second."""

    def __init__(self, scene: Scene, *, seed: int, due: int, trickle: int) -> None:
        from django.utils import timezone

        from bench.crowd import make_crowd

        self.scene, self.seed, self.due, self.trickle = scene, seed, due, trickle
        self.crowd = make_crowd(at=timezone.now())
        self.wanted: dict[str, float] = {}
        self.told_before = 0
        self.last_drop = 0.0

    def series(self, number: int, faults: Mapping[str, Fault], rounds: int) -> Survived:
        """Run one series; SystemExit where it did not end as it must."""
        random = Random(f"{self.seed}/{number}")
        self.told_before += len(self.wanted)
        self.wanted, strikes, before = {}, [], self.scene.sink.count()
        self.scene.meanwhile = self._drop
        for name, fault in chosen(random, faults, rounds):
            self._burst(random)
            began = time.time()
            cut_off = fault(self.scene, random)
            strikes.append(Strike(name, began, time.time(), cut_off))
            say(f"series {number}: {name}; {len(self.wanted):,} were due so far")
        self.scene.meanwhile = _nothing
        self._wait_for_all(before)
        verdict = judged(
            self.wanted, self.scene.sink.taken(after=before), strikes, failed=self._failed()
        )
        self._hold(number, verdict, strikes)
        return Survived.of(number, strikes, verdict, reminders=len(self.wanted))

    def _burst(self, random: Random) -> None:
        """Let many fall due, now or at a moment ahead, and wait until it is time to strike."""
        if random.random() < ANNOUNCED:
            ahead = random.uniform(*ANNOUNCED_SECONDS)
            self._remind(self.due, ahead=ahead)
            self.scene.live(random.uniform(0, ahead + LEAVES_SECONDS))
        else:
            self._remind(self.due)
            self._wait_to_strike(random)

    def _drop(self) -> None:
        """Let a few more fall due, about once a second."""
        if time.monotonic() - self.last_drop >= TRICKLES_EVERY_SECONDS:
            self.last_drop = time.monotonic()
            self._remind(self.trickle)

    def _remind(self, count: int, *, ahead: float = 0.0) -> None:
        """Make reminders due, for patients who were never told of anything.

        What arrived and was not recorded leaves again when its lease is over, maybe in the next
        series; one message would then speak of both.
        """
        from django.db import connections
        from django.utils import timezone

        from bench.crowd import topics

        connections.close_all()  # the database may have been away meanwhile
        first = self.told_before + len(self.wanted)
        if (missing := first + count - len(self.crowd.patients)) > 0:
            self.crowd.grow(missing + self.due, port=self.scene.to_sink.port)
        now = timezone.now()
        due_at = now + timedelta(seconds=ahead)
        told = self.crowd.remind(self.crowd.patients[first : first + count], due_at=due_at, at=now)
        self.wanted |= dict.fromkeys(topics(told), due_at.timestamp())

    def _wait_to_strike(self, random: Random) -> None:
        """Mostly until messages are leaving, sometimes just some seconds."""
        if random.random() < STRIKES_IDLE:
            self.scene.live(random.uniform(0, LONGEST_BEFORE_SECONDS))
            return
        before, deadline = self.scene.sink.count(), time.monotonic() + 4 * LONGEST_BEFORE_SECONDS
        while self.scene.sink.count() == before and time.monotonic() < deadline:
            self.scene.live(0.1)
        self.scene.live(random.uniform(0, 0.3))

    def _wait_for_all(self, before: int) -> None:
        """Wait until all have arrived or time is up; what came twice may still be on its way."""
        deadline = time.monotonic() + ALL_ARRIVE_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if self.wanted.keys() <= {each.topic for each in self.scene.sink.taken(after=before)}:
                break
            self.scene.live(1)
        self.scene.live(SETTLES_SECONDS)

    def _failed(self) -> dict[str, int]:
        """Count what was given up, not sent or said by another one, by what became of it: a fault
        must never end like that.
        """
        from django.db import connections

        from rehab.models import Delivery

        connections.close_all()
        with self.crowd.cast.inside():
            ended = Delivery.objects.filter(patient_id__in=self.crowd.patients)
            fates = ended.exclude(outcome__in=("", "sent")).values_list("outcome", flat=True)
            return dict(Counter(fates))

    def _hold(self, number: int, verdict: Verdict, strikes: list[Strike]) -> None:
        if not verdict.holds:
            struck = "\n".join(str(each) for each in strikes)
            raise SystemExit(f"Seed {self.seed}, series {number}: {verdict}\n{struck}")


def _nothing() -> None:
    """Nothing goes on besides."""


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


def live_through(asked: argparse.Namespace) -> None:
    """Go through the series of one lane that have not been survived yet."""
    plan = planned(asked.rounds, asked.holes)
    mine = list(plan)[asked.lane :: asked.lanes]
    if not (left := [number for number in mine if number not in read(asked.state)]):
        return
    with scene_in_temporary_folder() as scene:
        rounds = Rounds(scene, seed=asked.seed, due=asked.due, trickle=asked.trickle)
        for number in left:
            survived = rounds.series(number, *plan[number])
            kept(survived, asked.state)
            say(f"survived series {number}: {survived}")


def in_lanes(asked: argparse.Namespace) -> bool:
    """Run every lane in a process of its own; tell whether all of them survived."""
    lanes = [
        Child(
            f"lane {lane}",
            [sys.executable, "-m", "tests.faults.reminder_rounds", *sys.argv[1:], f"--lane={lane}"],
            folder=ROOT,
        )
        for lane in range(asked.lanes)
    ]
    with ExitStack() as stack:
        for lane in lanes:
            stack.callback(lane.stop)
            lane.start()
        while any(lane.running for lane in lanes):
            time.sleep(1)
        return all(lane.exit_code == 0 for lane in lanes)


def main() -> None:
    asked = arguments()
    # Asked to stop, it takes its engines down and erases them.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    if asked.lane is not None:
        live_through(asked)
        return
    survived = in_lanes(asked)
    print(table(read(asked.state).values()))
    if not survived:
        raise SystemExit("Not all was survived; the reason stands above.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=8, help="quick rounds")
    parser.add_argument("--holes", type=int, default=0, help="network holes of 90 seconds")
    parser.add_argument("--due", type=int, default=200, help="reminders due at once in each round")
    parser.add_argument("--trickle", type=int, default=10, help="reminders due in each second")
    parser.add_argument("--lanes", type=int, default=1, help="installations at the same time")
    parser.add_argument("--lane", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", type=Path, default=Path("var/faults"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
