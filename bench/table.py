"""The table that the benchmark prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.client import Run
from bench.statements import Statements

HEADINGS = (
    *("call", "req/s", "p50 ms", "p99 ms", "SQL", "trips", "bytes"),
    *("floor req/s", "p50 ms", "ratio", "own SQL", "aim"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """All runs of one call, of its own statements alone where they were, and of its floor."""

    name: str
    aim: str
    product: Sequence[Run]
    own: Sequence[Run]
    floor: Sequence[Run]
    statements: Statements

    @property
    def ratio(self) -> float:
        """Return the median of each run's ratio to the run of the floor right after it."""
        return _ratio(self.product, self.floor)

    def row(self) -> tuple[str, ...]:
        return (
            self.name,
            f"{_middle(self.product):,.0f}",
            f"{median(run.percentile(0.5) for run in self.product):.1f}",
            f"{median(run.percentile(0.99) for run in self.product):.1f}",
            str(self.statements.statements),
            str(self.statements.round_trips),
            f"{median(median(run.sizes) for run in self.product):,.0f}",
            f"{_middle(self.floor):,.0f}",
            f"{median(run.percentile(0.5) for run in self.floor):.1f}",
            f"{self.ratio:.2f}",
            f"{_ratio(self.own, self.floor):.2f}" if self.own else "",
            self.aim,
        )


def _ratio(some: Sequence[Run], floor: Sequence[Run]) -> float:
    pairs = zip(some, floor, strict=True)
    return median(each.per_second / bare.per_second for each, bare in pairs)


def _middle(runs: Sequence[Run]) -> float:
    return median(run.per_second for run in runs)


def table(measured: Sequence[Measured]) -> str:
    rows = [HEADINGS, *(each.row() for each in measured)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *numbers, last = zip(row, widths, strict=True)
    cells = [first[0].ljust(first[1]), *(text.rjust(width) for text, width in numbers)]
    return "  ".join([*cells, last[0].ljust(last[1])]).rstrip()
