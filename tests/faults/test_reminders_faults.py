"""Reminders survive what happens to the processes that send them. `make faults-long` goes on."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.faults.reminder_faults import QUICK
from tests.faults.reminder_rounds import TWICE_A_WORKER, chosen, judged
from tests.launched import ROOT


def test_one_round_of_each_quick_fault_loses_no_reminder(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    command = [sys.executable, "-m", "tests.faults.reminder_rounds", "--seed", "20"]
    options = ["--rounds", str(len(QUICK)), "--due", "200", "--state", str(state)]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, env=bare(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    survived = json.loads(state.read_text())
    assert survived["rounds"] == len(QUICK)
    assert survived["reminders"] == 200 * len(QUICK)


def bare() -> dict[str, str]:
    """An environment in which the rounds start engines of their own."""
    import os

    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


@pytest.mark.parametrize(
    ("arrived", "cut_off", "failed", "holds"),
    [
        (["a", "b"], 0, 0, True),
        (["a"], 0, 0, False),
        (["a", "b", "b"], 0, 0, False),
        (["a", "b", *["b"] * TWICE_A_WORKER], 1, 0, True),
        (["a", "b", *["b"] * (TWICE_A_WORKER + 1)], 1, 0, False),
        (["a", "b", "from another series"], 0, 0, True),
        (["a", "b"], 0, 1, False),
    ],
)
def test_a_series_holds_only_where_all_came_and_few_came_twice(
    arrived: list[str], cut_off: int, failed: int, holds: bool
) -> None:
    assert judged({"a", "b"}, arrived, cut_off=cut_off, failed=failed).holds is holds


def test_every_fault_comes_once_before_any_comes_again() -> None:
    names = [name for name, _ in chosen(Random(3), QUICK, 2 * len(QUICK))]
    assert sorted(names[: len(QUICK)]) == sorted(names[len(QUICK) :]) == sorted(QUICK)


def test_a_series_can_be_played_again() -> None:
    def played() -> list[str]:
        return [name for name, _ in chosen(Random("20/3"), QUICK, 8)]

    assert played() == played()
