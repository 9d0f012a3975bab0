"""What was measured in the sessions of one item: a line, a chart and a table for each quantity."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from rehab.domain.definitions import DEFINITIONS
from rehab.models.reads.progress_shapes import (
    ItemProgress,
    MeasurePoint,
    MeasureSeries,
    WordPoint,
    WordSeries,
)
from rehab.web.presenters import clock, doses
from rehab.web.presenters.assessments import change_words
from rehab.web.presenters.caseload import percent
from rehab.web.presenters.progress_chart import Chart, Held, PlanLine, Span, Value, values
from rehab.web.viewing import Viewer

COLUMNS = (
    "count", "lowest", "highest", "mean", "total", "last", "prescribed", "maximum", "share",
    "last_from_baseline", "highest_from_baseline",
)  # fmt: skip

# Units in which a stimulator is set; a blood pressure beside them has no kind of stimulation.
STIMULATION = ("mA", "µs", "ms", "Hz")


@dataclass(frozen=True, slots=True)
class Table:
    """The same as a chart, in words and numbers; the first cell of a row is its head."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class MeasureCard:
    title: str
    summary: str
    chart: Chart | None
    levels: Sequence[str]
    table: Table


@dataclass(frozen=True, slots=True)
class WordCard:
    title: str
    table: Table


def measure_cards(
    item: ItemProgress,
    span: Span,
    viewer: Viewer,
    *,
    plan: Sequence[PlanLine],
    held: Sequence[Held],
) -> list[MeasureCard]:
    """A card for each quantity; the two kinds of stimulation are two series and two charts."""
    unlike = unlike_weeks(item)
    return [
        _measure(f"m{number}-{item.series}", each, unlike, span, viewer, plan, held)
        for number, each in enumerate(item.measures)
        if not _says_the_same(each, item.measures)
    ]


def _says_the_same(series: MeasureSeries, all_series: Sequence[MeasureSeries]) -> bool:
    """Repetitions times sets, where there was one set: the repetitions say it already."""
    return series.code == "repetitions_done" and any(
        other.code == "repetitions"
        and other.part == series.part
        and [(each.on, each.lowest, each.highest, each.last) for each in other.points]
        == [(each.on, each.lowest, each.highest, each.last) for each in series.points]
        for other in all_series
    )


def unlike_weeks(item: ItemProgress) -> dict[tuple[date, int], str]:
    """Weeks in which something was done while paused or told from memory, and which of it."""
    found = {}
    for week in item.weeks:
        said = []
        if week.while_paused:
            said.append(_("partly while paused"))
        if week.recalled or week.recalled_partial:
            said.append(_("partly from memory"))
        if said:
            found[week.week, week.version] = ", ".join(said)
    return found


def _measure(
    name: str,
    series: MeasureSeries,
    unlike: dict[tuple[date, int], str],
    span: Span,
    viewer: Viewer,
    plan: Sequence[PlanLine],
    held: Sequence[Held],
) -> MeasureCard:
    title = _title(series, viewer)
    told = [
        Value(
            monday=each.on,
            value=_value(each),
            lowest=each.lowest,
            highest=each.highest,
            hollow=(each.on, each.version) in unlike,
        )
        for each in series.points
    ]
    levels = dict(_levels(series))
    described = "; ".join(
        _("week of %(week)s: %(value)s")
        % {"week": clock.day(each.on), "value": amount(_value(each), series.unit)}
        for each in series.points
    )
    return MeasureCard(
        title=title,
        summary=_summary(series),
        chart=values(
            name,
            title,
            described,
            told,
            span,
            plan=plan,
            held=held,
            levels=list(levels.items()),
        ),
        levels=[_level_words(kind, level, series.unit) for kind, level in levels.items()],
        table=_table(title, series, unlike, viewer),
    )


def _title(series: MeasureSeries, viewer: Viewer) -> str:
    known = series.code in doses.known()
    name = doses.label_of(series.code, viewer.language) if known else series.name
    how = {
        "measured": _("measured"),
        "estimated": _("estimated"),
        "not_said": _("nobody said how"),
    }.get(series.how, "")
    knee = {"straight": _("Knee straight"), "bent": _("Knee bent")}.get(series.knee_position, "")
    physics = {"intact": _("intact nerve"), "denervated": _("denervated muscle")}
    kind = physics.get(series.physics or "", "") if series.unit in STIMULATION else ""
    return " · ".join(filter(None, (series.place, name, how, knee, kind)))


def _value(point: MeasurePoint) -> float:
    return point.last if point.mean is None else point.mean


def _summary(series: MeasureSeries) -> str:
    """What stands at the end of these weeks, and between which values it went."""
    *_before, last = series.points
    low = min(each.lowest for each in series.points)
    high = max(each.highest for each in series.points)
    said = [_("last %(value)s") % {"value": amount(last.last, series.unit)}]
    if low != high:
        said.append(
            _("between %(low)s and %(high)s")
            % {"low": doses.number(round(low, 1)), "high": amount(high, series.unit)}
        )
    if last.prescribed is not None:
        said.append(_("planned %(value)s") % {"value": amount(last.prescribed, series.unit)})
    if series.baseline is not None and last.last_from_baseline is not None:
        said.append(
            _("%(difference)s from the own usual %(baseline)s")
            % {
                "difference": signed(last.last_from_baseline, series.unit),
                "baseline": amount(series.baseline, series.unit),
            }
        )
    if series.change is not None and (change := change_words(series.change, series)):
        said.append(change)
    return " · ".join(said)


def _levels(series: MeasureSeries) -> Iterator[tuple[str, float]]:
    if series.baseline is not None:
        yield "baseline", series.baseline
    maxima = {each.maximum for each in series.points}
    if len(maxima) == 1 and (most := maxima.pop()) is not None:
        yield "maximum", most


def _level_words(kind: str, level: float, unit: str) -> str:
    said = {"value": amount(level, unit)}
    if kind == "baseline":
        return _("dashed: the own usual value, %(value)s") % said
    return _("dotted: the plan's maximum, %(value)s") % said


def _table(
    title: str, series: MeasureSeries, unlike: dict[tuple[date, int], str], viewer: Viewer
) -> Table:
    points = list(series.points)
    codes = [
        code
        for code in COLUMNS
        if code == "count" or any(getattr(each, code) is not None for each in points)
    ]
    notes = any((each.on, each.version) in unlike for each in points)
    return Table(
        caption=f"{title} ({series.unit})" if series.unit else title,
        heads=[
            _("Week of"),
            _("Version"),
            *(_head(code, viewer.language) for code in codes),
            *([_("Note")] if notes else ()),
        ],
        rows=[
            [
                clock.day(each.on),
                str(each.version),
                *(_cell(each, code) for code in codes),
                *([unlike.get((each.on, each.version), "")] if notes else ()),
            ]
            for each in points
        ],
    )


def _head(code: str, language: str) -> str:
    return {
        "count": _("Times told"),
        "share": _("Of what was planned"),
        "last_from_baseline": _("Last, from the usual"),
        "highest_from_baseline": _("Highest, from the usual"),
    }.get(code) or DEFINITIONS[code].name[language]


def _cell(point: MeasurePoint, code: str) -> str:
    value = getattr(point, code)
    if value is None:
        return "–"
    if code == "share":
        return percent(value)
    return signed(value, "") if code.endswith("baseline") else doses.number(round(value, 1))


def word_cards(item: ItemProgress) -> list[WordCard]:
    """Answers from a list, counted: never turned into numbers and never averaged."""
    return [_word(each) for each in item.words]


def _word(series: WordSeries) -> WordCard:
    title = " · ".join(filter(None, (series.place, series.name)))
    return WordCard(
        title=title,
        table=Table(
            caption=title,
            heads=[_("Week of"), _("Version"), _("Answers")],
            rows=[
                [clock.day(each.on), str(each.version), _counts(each, series.labels)]
                for each in series.points
            ],
        ),
    )


def _counts(point: WordPoint, labels: Mapping[str, str]) -> str:
    return " · ".join(f"{labels[choice]} ×{count}" for choice, count in point.counts.items())


def amount(value: float, unit: str) -> str:
    space = "" if unit in ("", "°", "%") else " "
    return f"{doses.number(round(value, 1))}{space}{unit}"


def signed(value: float, unit: str) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{amount(abs(value), unit)}"
