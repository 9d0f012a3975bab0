"""Reminders survive what happens to the processes that send them. `make faults-long` goes on."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from bench.push_sink import Arrival
from tests.faults.reminder_faults import QUICK
from tests.faults.reminder_judge import ALL_ARRIVE_WITHIN_SECONDS, TWICE_A_WORKER, Strike, judged
from tests.faults.reminder_rounds import chosen, planned
from tests.faults.reminder_state import read
from tests.launched import ROOT


def test_one_round_of_each_quick_fault_loses_no_reminder(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.faults.reminder_rounds", "--seed", "20"]
    options = ["--rounds", str(len(QUICK)), "--due", "100", "--state", str(tmp_path / "state")]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, env=bare(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (survived,) = read(tmp_path / "state").values()
    assert survived.rounds == dict.fromkeys(QUICK, 1)
    assert survived.reminders >= 100 * len(QUICK)


def bare() -> dict[str, str]:
    """An environment in which the rounds start engines of their own."""
    import os

    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


KILL = Strike("killed", began=10, ended=10, cut_off=1)
HANG = Strike("hanging", began=30, ended=40)
SOON = [("a", 5.0), ("b", 9.0)]
BY_LAST = 40.0 + ALL_ARRIVE_WITHIN_SECONDS


@pytest.mark.parametrize(
    ("arrived", "strikes", "failed", "holds"),
    [
        (SOON, [], 0, True),
        (SOON[:1], [KILL], 0, False),
        ([("a", 3.9), ("b", 9.0)], [], 0, False),
        (SOON, [], 1, False),
        ([*SOON, ("from another series", 7.0)], [], 0, True),
        # What comes again is counted against the fault that followed its first arrival.
        ([*SOON, ("b", 100.0)], [], 0, False),
        ([*SOON, ("b", 100.0)], [HANG], 0, False),
        ([*SOON, ("b", 100.0)], [KILL], 0, True),
        ([*SOON, ("b", 100.0), ("b", 101.0)], [KILL], 0, False),
        ([("a", 5.0), ("b", 16.0), ("b", 100.0)], [KILL], 0, False),
        # Two minutes after the end of the last fault, and no fault that still goes on counts.
        ([("a", 5.0), ("b", BY_LAST)], [KILL, HANG], 0, True),
        ([("a", 5.0), ("b", BY_LAST + 0.1)], [KILL, HANG], 0, False),
        ([("a", 5.0), ("b", 135.0)], [KILL, Strike("hanging", 131, 140)], 0, False),
        ([("a", 5.0), ("b", 135.0)], [], 0, False),
    ],
)
def test_a_series_holds_only_where_all_came_in_time_and_few_came_twice(
    arrived: list[tuple[str, float]], strikes: list[Strike], failed: int, holds: bool
) -> None:
    came = [Arrival(topic, at) for topic, at in arrived]
    assert (
        judged(
            {"a": 4.0, "b": 4.0}, came, strikes, failed={"failed": failed} if failed else {}
        ).holds
        is holds
    )


@pytest.mark.parametrize(("again", "holds"), [(TWICE_A_WORKER, True), (TWICE_A_WORKER + 1, False)])
def test_a_killed_worker_lets_fifty_come_again(again: int, holds: bool) -> None:
    topics = [str(number) for number in range(again)]
    came = [Arrival(topic, at) for topic in topics for at in (9.9, 100.0)]
    assert judged(dict.fromkeys(topics, 4.0), came, [KILL], failed={}).holds is holds


def test_a_verdict_tells_how_long_what_waited_through_a_fault_took() -> None:
    verdict = judged({"a": 4.0}, [Arrival("a", 95.0)], [KILL, HANG], failed={})
    assert verdict.longest == {"killed": 0.0, "hanging": 55.0}
    assert verdict.through == {"killed": 85.0, "hanging": 55.0}


def test_more_rounds_leave_the_series_before_them_alone() -> None:
    some, more = planned(20, 1), planned(200, 5)
    assert [rounds for _, rounds in some.values()] == [8, 8, 4, 1]
    assert sum(rounds for faults, rounds in more.values() if faults is QUICK) == 200
    assert len(more) == 25 + 5
    assert set(some) <= set(more)


def test_every_fault_comes_once_before_any_comes_again() -> None:
    names = [name for name, _ in chosen(Random(3), QUICK, 2 * len(QUICK))]
    assert sorted(names[: len(QUICK)]) == sorted(names[len(QUICK) :]) == sorted(QUICK)


def test_a_series_can_be_played_again() -> None:
    def played() -> list[str]:
        return [name for name, _ in chosen(Random("20/3"), QUICK, 8)]

    assert played() == played()
