"""Progress as a table to take away: one row for each figure, item or part, and week or day."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from rehab.domain.definitions import DEFINITIONS
from rehab.models.reads.progress_shapes import (
    Counted,
    DietProgress,
    ItemProgress,
    MeasurePoint,
    MeasureSeries,
    PlanMark,
    Progress,
    ScoreSeries,
    WordSeries,
)

Cell = str | int | float | None
Row = Sequence[Cell]

RUNS_AS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet takes for a formula (OWASP, CSV injection)."""

HEAD = {
    "zh-Hans": (
        "类别", "项目", "部位", "左右", "电刺激类别", "怎么得来", "方案版本", "日期", "按", "指标",
        "名称", "数值", "单位",
    ),
    "en": (
        "section", "item", "place", "side", "stimulation", "how", "plan_version", "on", "by",
        "figure", "name", "value", "unit",
    ),
}  # fmt: skip
COUNTED = tuple(name for name in Counted.__struct_fields__ if name in DEFINITIONS)
POINT = (
    "count", "lowest", "highest", "mean", "first", "last", "total", "prescribed", "maximum",
    "share", "last_from_baseline", "lowest_from_baseline", "highest_from_baseline",
)  # fmt: skip
UNITLESS = ("count", "share")


def progress_table(progress: Progress, *, language: str, page: str) -> str:
    """Return comma-separated values in zh-Hans or en. page: where the figures are defined."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    about = {"zh-Hans": "指标的含义", "en": "What the figures mean"}[language]
    writer.writerow([safe(about), safe(page)])
    writer.writerow([safe(each) for each in HEAD[language]])
    for row in _rows(progress, language):
        writer.writerow([safe(cell) for cell in row])
    return out.getvalue()


def safe(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet runs; a number stays a number, also a negative one."""
    if isinstance(cell, str) and cell.startswith(RUNS_AS_FORMULA):
        return f"'{cell}"
    return cell


def _rows(progress: Progress, language: str) -> Iterator[Row]:
    for item in progress.items:
        yield from _item(item, progress.by, language)
    for mark in progress.marks:
        yield _mark(mark, progress.items)
    for series in progress.assessments or ():
        yield from _scores(series)
    if progress.diet is not None:
        yield from _diet(progress.diet, progress.by, language)


def _item(item: ItemProgress, by: str, language: str) -> Iterator[Row]:
    for week in item.weeks:
        for name in COUNTED:
            yield (
                "sessions", item.title, "", "", item.physics, "", week.version,
                week.week.isoformat(), "week", name, DEFINITIONS[name].name[language],
                week.figure(name), DEFINITIONS[name].unit,
            )  # fmt: skip
    for series in item.measures:
        yield from _measures(item, series, by)
    for words in item.words:
        yield from _words(item, words, by)


def _measures(item: ItemProgress, series: MeasureSeries, by: str) -> Iterator[Row]:
    how = " ".join(filter(None, (series.how, series.knee_position)))
    for point in series.points:
        for name, value in _told(point):
            unit = "" if name in UNITLESS else series.unit
            yield (
                "measures", item.title, series.place, series.side, series.physics, how,
                point.version, point.on.isoformat(), by, f"{series.code}.{name}", series.name,
                value, unit,
            )  # fmt: skip


def _told(point: MeasurePoint) -> Iterator[tuple[str, Cell]]:
    for name in POINT:
        value = getattr(point, name)
        if value is not None:
            yield name, value


def _words(item: ItemProgress, words: WordSeries, by: str) -> Iterator[Row]:
    for point in words.points:
        for choice, count in point.counts.items():
            yield (
                "answers", item.title, words.place, words.side, item.physics, "", point.version,
                point.on.isoformat(), by, f"{words.code}.{choice}",
                f"{words.name} {words.labels[choice]}", count, "",
            )  # fmt: skip


def _mark(mark: PlanMark, items: Iterable[ItemProgress]) -> Row:
    titles = {item.series: item.title for item in items}
    title = titles.get(mark.series, "") if mark.series else ""
    return (
        "marks", title, "", "", "", "", mark.version, mark.at.isoformat(), "moment", mark.kind,
        mark.by, mark.words, "",
    )  # fmt: skip


def _scores(series: ScoreSeries) -> Iterator[Row]:
    where = series.place or series.site
    for point in series.points:
        yield (
            "assessments", series.instrument_name, where, series.side, "", "", None,
            point.on.isoformat(), "day", f"{series.instrument}.{series.score}", series.name,
            _plain(point.value), series.unit,
        )  # fmt: skip


def _plain(value: object) -> Cell:
    return value if isinstance(value, str | int | float) else None


def _diet(diet: DietProgress, by: str, language: str) -> Iterator[Row]:
    for weighed in diet.weight.points:
        yield _of_diet(weighed.on.isoformat(), by, "weight", weighed.last_kg, language)
    for eaten in diet.protein:
        on = eaten.on.isoformat()
        yield _of_diet(on, by, "protein_mean", eaten.mean_g, language)
        yield _of_diet(on, by, "protein_days", eaten.days, language)
        yield _of_diet(on, by, "protein_target", eaten.target_g, language)
        yield _of_diet(on, by, "protein_share", eaten.share, language)


def _of_diet(on: str, by: str, figure: str, value: Cell, language: str) -> Row:
    defined = DEFINITIONS[figure]
    name, unit = defined.name[language], defined.unit
    return ("diet", "", "", "", "", "", None, on, by, figure, name, value, unit)
