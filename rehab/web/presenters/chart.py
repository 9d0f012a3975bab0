"""Small charts made on the server: whole numbers for an SVG template, and the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rehab.models.reads.progress_shapes import ItemProgress, WeekProgress
from rehab.web.presenters import clock
from rehab.web.presenters.caseload import percent

WIDTH, HEIGHT = 520, 150
LEFT, TOP, BOTTOM = 30, 10, 24


@dataclass(frozen=True, slots=True)
class Block:
    kind: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Label:
    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of sessions a week. `title` and `description` say in words what it shows."""

    id: str
    title: str
    description: str
    width: int
    height: int
    base: int
    left: int
    blocks: Sequence[Block]
    weeks: Sequence[Label]
    grid: Sequence[Label]


@dataclass(frozen=True, slots=True)
class WeekRow:
    week: str
    version: int
    due: int
    done: int
    partial: int
    missed: int
    skipped: int
    extra: int
    over_maximum: int
    while_paused: int
    adherence: str
    pain: str


def week_rows(item: ItemProgress) -> list[WeekRow]:
    return [_row(week) for week in item.weeks]


def sessions_chart(item: ItemProgress) -> Chart:
    weeks = list(item.weeks)
    most = (
        max(
            [max(week.due, week.done + week.partial + week.extra + week.missed) for week in weeks]
            or [0]
        )
        or 1
    )
    base = HEIGHT - BOTTOM
    step = (WIDTH - LEFT) // max(len(weeks), 1)
    blocks: list[Block] = []
    for place, week in enumerate(weeks):
        blocks += _bar(week, LEFT + place * step + step // 5, min(step * 3 // 5, 48), base, most)
    return Chart(
        id=f"chart-{item.series}",
        title=_("Sessions a week: %(title)s") % {"title": item.title},
        description=_described(weeks),
        width=WIDTH,
        height=HEIGHT,
        base=base,
        left=LEFT,
        blocks=blocks,
        weeks=[
            Label(LEFT + place * step + step // 5, HEIGHT - 6, f"{week.week.month}/{week.week.day}")
            for place, week in enumerate(weeks)
        ],
        grid=[
            Label(0, _height(base, count, most), str(count))
            for count in sorted({0, most // 2, most})
        ],
    )


def _bar(week: WeekProgress, x: int, width: int, base: int, most: int) -> list[Block]:
    stacked, below = [], 0
    figures = (
        ("done", week.done),
        ("partial", week.partial),
        ("extra", week.extra),
        ("missed", week.missed),
    )
    for kind, count in figures:
        if count:
            top = _height(base, below + count, most)
            stacked.append(Block(kind, x, top, width, _height(base, below, most) - top))
            below += count
    return stacked


def _height(base: int, count: int, most: int) -> int:
    return base - (base - TOP) * min(count, most) // most


def _described(weeks: Sequence[WeekProgress]) -> str:
    said = [
        _("week of %(week)s: %(done)s of %(due)s done")
        % {"week": clock.day(week.week), "done": week.done, "due": week.due}
        for week in weeks
    ]
    return "; ".join(said)


def _row(week: WeekProgress) -> WeekRow:
    pain = "–" if week.pain_max is None else f"{week.pain_max}"
    if week.pain_mean is not None:
        pain = _("%(most)s (mean %(mean)s)") % {
            "most": week.pain_max,
            "mean": f"{week.pain_mean:.1f}",
        }
    return WeekRow(
        week=clock.day(week.week),
        version=week.version,
        due=week.due,
        done=week.done,
        partial=week.partial,
        missed=week.missed,
        skipped=week.skipped,
        extra=week.extra,
        over_maximum=week.over_maximum,
        while_paused=week.while_paused,
        adherence=percent(week.adherence),
        pain=pain,
    )
