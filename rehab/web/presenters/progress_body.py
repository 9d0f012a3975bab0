"""What became of the body: scores, weight and protein, for whoever may see them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.domain.recurrence import week_of
from rehab.models.reads.progress_shapes import (
    DietProgress,
    ProteinPoint,
    ScorePoint,
    ScoreSeries,
    WeightProgress,
)
from rehab.web.forms.assessment_words import answer_words
from rehab.web.presenters import clock, doses
from rehab.web.presenters.assessments import change_words
from rehab.web.presenters.caseload import percent
from rehab.web.presenters.progress_chart import Chart, Span, Value, values
from rehab.web.presenters.progress_measures import Table, amount, signed
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class BodyCard:
    title: str
    summary: str
    chart: Chart | None
    levels: Sequence[str]
    table: Table


@dataclass(frozen=True, slots=True)
class DietCard:
    """weight, protein: null where nobody told any."""

    weight: BodyCard | None
    protein: BodyCard | None


def body_cards(
    series: Sequence[ScoreSeries] | None, span: Span, viewer: Viewer
) -> list[BodyCard] | None:
    if series is None:
        return None
    return [
        _score(f"score-{number}", each, span)
        for number, each in enumerate(series)
        if each.points or each.before
    ]


def _score(name: str, series: ScoreSeries, span: Span) -> BodyCard:
    score = "" if series.name == series.instrument_name else series.name
    title = " · ".join(filter(None, (series.instrument_name, score, series.place or series.site)))
    told = [
        Value(week_of(each.on), each.value, each.value, each.value, hollow=False)
        for each in series.points
        if isinstance(each.value, int | float)
    ]
    shown = [*([series.before] if series.before else ()), *series.points]
    return BodyCard(
        title=title,
        summary=_score_line(series),
        chart=None if series.ordinal else values(name, title, _described(series), told, span),
        levels=(),
        table=Table(
            caption=title,
            heads=[_("Date"), _("Value")],
            rows=[[clock.day(each.on), _score_value(each, series.unit)] for each in shown],
        ),
    )


def _score_line(series: ScoreSeries) -> str:
    last = series.last
    if last is None:
        return ""
    said = [
        _("%(value)s on %(day)s")
        % {"value": _score_value(last, series.unit), "day": clock.month_day(last.on)}
    ]
    if series.change is not None and (change := change_words(series.change, series)):
        said.append(change)
    if series.ordinal and series.median is not None and len(series.points) > 2:
        said.append(_("in the middle: %(grade)s") % {"grade": series.median})
    return " · ".join(said)


def _described(series: ScoreSeries) -> str:
    return "; ".join(
        f"{clock.day(each.on)}: {_score_value(each, series.unit)}" for each in series.points
    )


def _score_value(point: ScorePoint, unit: str) -> str:
    if point.label:
        return point.label
    if isinstance(point.value, int | float):
        return amount(point.value, unit)
    return str(answer_words().get(str(point.value), point.value))


def diet_card(diet: DietProgress | None, span: Span, viewer: Viewer) -> DietCard | None:
    if diet is None:
        return None
    return DietCard(weight=_weight(diet.weight, span), protein=_protein(diet.protein, span))


def _weight(weight: WeightProgress, span: Span) -> BodyCard | None:
    if not weight.points:
        return None
    title = _("Weight")
    told = [
        Value(each.on, each.last_kg, each.lowest_kg, each.highest_kg, hollow=False)
        for each in weight.points
    ]
    said = [_("last %(value)s") % {"value": amount(weight.points[-1].last_kg, "kg")}]
    if weight.change_kg is not None and weight.change_percent is not None:
        said.append(
            _("%(change)s (%(percent)s %%) in these weeks")
            % {
                "change": signed(weight.change_kg, "kg"),
                "percent": signed(weight.change_percent, ""),
            }
        )
    rows = [
        [
            clock.day(each.on),
            str(each.count),
            *(doses.number(round(kg, 2)) for kg in (each.lowest_kg, each.highest_kg, each.last_kg)),
        ]
        for each in weight.points
    ]
    return BodyCard(
        title=title,
        summary=" · ".join(said),
        chart=values("weight", title, _listed(rows, 4, "kg"), told, span),
        levels=(),
        table=Table(
            caption=f"{title} (kg)",
            heads=[_("Week of"), _("Times told"), _("Lowest"), _("Highest"), _("Last")],
            rows=rows,
        ),
    )


def _protein(points: Sequence[ProteinPoint], span: Span) -> BodyCard | None:
    if not points:
        return None
    title = _("Protein a day")
    told = [
        Value(each.on, each.mean_g, each.lowest_g, each.highest_g, hollow=each.days_incomplete > 0)
        for each in points
    ]
    targets = {each.target_g for each in points}
    target = targets.pop() if len(targets) == 1 else None
    rows = [list(_protein_row(each)) for each in points]
    return BodyCard(
        title=title,
        summary=_protein_line(points[-1]),
        chart=values(
            "protein",
            title,
            _listed(rows, 2, "g"),
            told,
            span,
            levels=[("baseline", target)] if target is not None else [],
        ),
        levels=[_("dashed: the target that was set, %(value)s") % {"value": amount(target, "g")}]
        if target is not None
        else [],
        table=Table(
            caption=f"{title} (g)",
            heads=[
                _("Week of"),
                _("Days told"),
                _("Mean"),
                _("Target that was set"),
                _("Of the target"),
                _("Note"),
            ],
            rows=rows,
        ),
    )


def _protein_row(point: ProteinPoint) -> Iterator[str]:
    yield clock.day(point.on)
    yield str(point.days)
    yield doses.number(round(point.mean_g, 1))
    yield "–" if point.target_g is None else doses.number(round(point.target_g, 1))
    yield percent(point.share)
    yield (
        _("on %(count)s days a meal has no protein: at least this much")
        % {"count": point.days_incomplete}
        if point.days_incomplete
        else ""
    )


def _protein_line(last: ProteinPoint) -> str:
    said = [
        ngettext(
            "%(grams)s, told on %(days)s day of the last week that has any",
            "%(grams)s a day, told on %(days)s days of the last week that has any",
            last.days,
        )
        % {"grams": amount(last.mean_g, "g"), "days": last.days}
    ]
    if last.target_g is not None:
        said.append(_("target that was set: %(grams)s") % {"grams": amount(last.target_g, "g")})
    return " · ".join(said)


def _listed(rows: Sequence[Sequence[str]], place: int, unit: str) -> str:
    return "; ".join(f"{row[0]}: {row[place]} {unit}" for row in rows)
