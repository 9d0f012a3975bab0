"""What has been survived so far: a file for each series, and the table of all."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.faults.reminder_judge import Strike, Verdict


@dataclass(frozen=True, slots=True)
class Survived:
    """A series that ended as it must; the figures by fault. cut_off: worker processes.

    longest, through: seconds, as in Verdict.
    """

    number: int
    reminders: int
    rounds: Mapping[str, int]
    cut_off: Mapping[str, int]
    twice: Mapping[str, int]
    longest: Mapping[str, float]
    through: Mapping[str, float]

    @classmethod
    def of(
        cls, number: int, strikes: Sequence[Strike], verdict: Verdict, *, reminders: int
    ) -> "Survived":
        cut_off: Counter[str] = Counter()
        for each in strikes:
            cut_off[each.name] += each.cut_off
        rounds = Counter(each.name for each in strikes)
        longest, through = (
            {name: round(seconds, 1) for name, seconds in found.items()}
            for found in (verdict.longest, verdict.through)
        )
        return cls(number, reminders, dict(rounds), dict(cut_off), verdict.twice, longest, through)


def read(folder: Path) -> dict[int, Survived]:
    found = (Survived(**json.loads(each.read_text())) for each in sorted(folder.glob("*.json")))
    return {each.number: each for each in found}


def kept(survived: Survived, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{survived.number:07}.json"
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(survived)))
    draft.replace(path)


def table(series: Iterable[Survived]) -> str:
    """Add up everything by fault, as it stands in docs/reminders.md. Nothing of it was lost."""
    found = list(series)
    rounds, cut_off, twice = (
        _sum(getattr(each, name) for each in found) for name in ("rounds", "cut_off", "twice")
    )
    longest, through = (
        _most(getattr(each, name) for each in found) for name in ("longest", "through")
    )
    lines = [
        f"{name:22} {rounds[name]:6} {cut_off[name]:8} {twice[name]:6}"
        f" {longest[name]:9.1f} s {through.get(name, 0.0):9.1f} s"
        for name in sorted(longest)
    ]
    heads = ("rounds", "cut off", "twice", "the last", "waited for")
    head = "{:22} {:>6} {:>8} {:>6} {:>11} {:>11}".format("fault", *heads)
    many = sum(each.reminders for each in found)
    total = f"{sum(rounds.values())} rounds, {many:,} reminders, {sum(twice.values())} twice"
    return "\n".join([head, *lines, total])


def _sum(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    return sum((Counter(each) for each in counts), Counter())


def _most(seconds: Iterable[Mapping[str, float]]) -> dict[str, float]:
    most: dict[str, float] = {}
    for each in seconds:
        for name, value in each.items():
            most[name] = max(most.get(name, 0.0), value)
    return most
