"""Small charts over some weeks: whole numbers for an SVG template, and words beside them.

What was done while paused or told from memory is drawn hollow; a change of the plan is a line from
top to bottom, a pause a shaded band. Nothing here judges: no streak, no badge, no colour for bad.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rehab.web.presenters import doses

# As wide as a phone, so that the letters on it stay as large as they are drawn.
WIDTH, HEIGHT = 340, 140
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 18, 22
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a chart covers, from a Monday to a Sunday."""

    first: date
    last: date

    def x(self, on: date, ahead: float = 0) -> int:
        days = max((self.last - self.first).days, 1)
        share = min(max(((on - self.first).days + ahead) / days, 0), 1)
        return LEFT + round((WIDTH - LEFT - RIGHT) * share)

    def mondays(self) -> list[date]:
        weeks = ((self.last - self.first).days + 1) // 7
        return [self.first + count * WEEK for count in range(max(weeks, 1))]

    def holds(self, on: date) -> bool:
        return self.first <= on <= self.last


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A change of the plan on one day. label: short enough to stand above the chart."""

    on: date
    label: str


@dataclass(frozen=True, slots=True)
class Held:
    """Days on which the item was paused; until: null while it still is."""

    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Block:
    kind: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Text:
    """anchor: which end of the words stands at x, so that none are cut off at an edge."""

    x: int
    y: int
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Dot:
    """kind: told, or hollow. low, high: where the whisker of that week ends."""

    kind: str
    x: int
    y: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Level:
    """A level across the chart: the own baseline, the plan's maximum, a target."""

    kind: str
    y: int


@dataclass(frozen=True, slots=True)
class Chart:
    """kinds: what is drawn, for the legend. marks: where the plan changed."""

    id: str
    title: str
    description: str
    blocks: Sequence[Block]
    dots: Sequence[Dot]
    line: str
    levels: Sequence[Level]
    marks: Sequence[Text]
    held: Sequence[Block]
    axis: Sequence[Text]
    days: Sequence[Text]
    kinds: Sequence[str]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    base: int = HEIGHT - BOTTOM
    top: int = TOP


@dataclass(frozen=True, slots=True)
class Bar:
    """What is stacked in one week under one version, from the bottom."""

    monday: date
    counts: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Value:
    """One week's value, lowest and highest; hollow: told while paused or from memory."""

    monday: date
    value: float
    lowest: float
    highest: float
    hollow: bool


def bars(
    name: str, title: str, description: str, told: Sequence[Bar], span: Span,
    *, plan: Sequence[PlanLine], held: Sequence[Held],
) -> Chart:  # fmt: skip
    most = max((sum(count for _kind, count in bar.counts) for bar in told), default=0) or 1
    beside: dict[date, int] = {}
    blocks: list[Block] = []
    step = max(span.x(span.first + WEEK) - LEFT, 6)
    for bar in told:
        place = beside.get(bar.monday, 0)
        beside[bar.monday] = place + 1
        among = sum(each.monday == bar.monday for each in told)
        width = max(min(step * 7 // 10, 40) // among, 3)
        blocks += _stack(bar, span.x(bar.monday) + step * 3 // 20 + place * width, width, most)
    return Chart(
        id=name,
        title=title,
        description=description,
        blocks=blocks,
        dots=(),
        line="",
        levels=(),
        marks=_marks(plan, span),
        held=_held(held, span),
        axis=[Text(0, _y(count, 0, most), str(count)) for count in sorted({0, most})],
        days=_days(span),
        kinds=list(dict.fromkeys(block.kind for block in blocks)),
    )


def values(
    name: str, title: str, description: str, told: Sequence[Value], span: Span,
    *, plan: Sequence[PlanLine] = (), held: Sequence[Held] = (),
    levels: Sequence[tuple[str, float]] = (),
) -> Chart | None:  # fmt: skip
    """Return a line through the values of the weeks; None for fewer than two."""
    if len(told) < 2:
        return None
    shown = [number for each in told for number in (each.lowest, each.highest, each.value)]
    shown += [level for _kind, level in levels]
    low, high = min(shown), max(shown)
    dots = [
        Dot(
            "hollow" if each.hollow else "told",
            span.x(each.monday, 3.5),
            _y(each.value, low, high),
            _y(each.lowest, low, high),
            _y(each.highest, low, high),
        )
        for each in told
    ]
    return Chart(
        id=name,
        title=title,
        description=description,
        blocks=(),
        dots=dots,
        line=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        levels=[Level(kind, _y(level, low, high)) for kind, level in levels],
        marks=_marks(plan, span),
        held=_held(held, span),
        axis=[
            Text(0, _y(number, low, high), doses.number(round(number, 1)))
            for number in sorted({low, high})
        ],
        days=_days(span),
        kinds=["hollow"] if any(each.hollow for each in told) else [],
    )


def _stack(bar: Bar, x: int, width: int, most: int) -> Iterable[Block]:
    below = 0
    for kind, count in bar.counts:
        if count:
            top = _y(below + count, 0, most)
            yield Block(kind, x, top, width, _y(below, 0, most) - top)
            below += count


def _y(value: float, low: float, high: float) -> int:
    """Where a value stands; one that never changed stands in the middle."""
    room = HEIGHT - TOP - BOTTOM
    share = (value - low) / (high - low) if high > low else 0.5
    return HEIGHT - BOTTOM - round(room * share)


def _marks(plan: Sequence[PlanLine], span: Span) -> list[Text]:
    """The lines of the plan; words that would run into each other stand once."""
    found: list[Text] = []
    for each in sorted(plan, key=lambda line: line.on):
        if span.holds(each.on):
            x = span.x(each.on)
            close = bool(found) and x - found[-1].x < 26
            edge = "start" if x < LEFT + 30 else "end" if x > WIDTH - 36 else "middle"
            found.append(Text(x, TOP - 6, "" if close else each.label, edge))
    return found


def _held(held: Sequence[Held], span: Span) -> list[Block]:
    bands = []
    for each in held:
        until = each.until or span.last
        if until >= span.first and each.since <= span.last:
            x = span.x(each.since)
            width = max(span.x(until) - x, 2)
            bands.append(Block("held", x, TOP, width, HEIGHT - TOP - BOTTOM))
    return bands


def _days(span: Span) -> list[Text]:
    """The first day of each week, as many as have room."""
    mondays = span.mondays()
    every = max(-(-len(mondays) // 6), 1)
    return [
        Text(span.x(monday), HEIGHT - 6, f"{monday.month}/{monday.day}")
        for monday in mondays[::every]
    ]
