"""What became of the body over some days: assessments, weight, and protein beside its target."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import TypeVar

from exercises import reference
from exercises.sheets.instruments import Instrument, Score
from rehab.domain.instruments import InstrumentSpec, ResultEntry, ScoreSpec, place_of
from rehab.domain.measured import in_force_on, middle_grade, share
from rehab.domain.recurrence import week_of
from rehab.domain.score_change import ScoreChange, change_between
from rehab.domain.session_entry import Value
from rehab.models.instruments import spec_of
from rehab.models.reads.names import part_name, said_in
from rehab.models.reads.progress_rows import Eaten, Rows, Scored, Target, Weighed
from rehab.models.reads.progress_shapes import (
    DietProgress,
    ProteinPoint,
    ProteinTarget,
    ScorePoint,
    ScoreSeries,
    WeightPoint,
    WeightProgress,
)

Dated = TypeVar("Dated", Weighed, Eaten)


class _OnBody:
    """What `part_name` reads: a place on the body out of the facts beside a score."""

    def __init__(self, facts: dict[str, object]) -> None:
        self.motion = str(facts.get("motion") or "")
        self.muscle = str(facts.get("muscle") or "")
        self.side = str(facts.get("side") or "")


def score_series(
    rows: Sequence[Scored] | None, *, first: date, language: str
) -> list[ScoreSeries] | None:
    """Return a series for each score on each place of the body; None where they may not be seen."""
    if rows is None:
        return None
    found: dict[tuple[str, str, tuple[object, ...]], list[tuple[Scored, ResultEntry]]] = {}
    for row in sorted(rows, key=lambda each: each.performed_at):
        for result in row.results:
            entry = ResultEntry(
                score=result["score"], value=result["value"], facts=result.get("facts", {})
            )
            key = (row.instrument, entry.score, place_of(entry.facts))
            found.setdefault(key, []).append((row, entry))
    return [
        series
        for (instrument, score, _), told in sorted(found.items(), key=lambda pair: str(pair[0]))
        if (series := _series(instrument, score, told, first, language)) is not None
    ]


def _series(
    instrument: str,
    score: str,
    told: Sequence[tuple[Scored, ResultEntry]],
    first: date,
    language: str,
) -> ScoreSeries | None:
    sheet, spec = reference.instruments().get(instrument), spec_of(instrument)
    labelled = next((each for each in sheet.scores if each.code == score), None) if sheet else None
    if sheet is None or spec is None or labelled is None:
        return None
    before = [pair for pair in told if pair[0].on < first]
    within = [pair for pair in told if pair[0].on >= first]
    return _shown(sheet, labelled, spec, before[-1:], within, language)


def _shown(
    sheet: Instrument,
    labelled: Score,
    spec: InstrumentSpec,
    before: Sequence[tuple[Scored, ResultEntry]],
    within: Sequence[tuple[Scored, ResultEntry]],
    language: str,
) -> ScoreSeries:
    score = spec.scores[labelled.code]
    points = [_point(pair, labelled, language) for pair in within]
    entries = [entry for _, entry in (*before, *within)]
    body = _OnBody(dict(entries[-1].facts))
    known = [_point(pair, labelled, language) for pair in before]
    return ScoreSeries(
        instrument=sheet.code,
        instrument_name=sheet.names[language],
        score=labelled.code,
        name=labelled.labels[language],
        unit=labelled.unit,
        ordinal=sheet.ordinal,
        better=sheet.better,
        place=said_in(part_name(body), language),
        side=body.side,
        muscle=body.muscle,
        motion=body.motion,
        site=str(entries[-1].facts.get("site") or ""),
        before=known[-1] if known else None,
        points=points,
        last=[*known, *points][-1],
        median=_median(within, score) if sheet.ordinal else None,
        change=_change(spec, score, entries[0], entries),
        since_last=_change(spec, score, entries[-2], entries) if len(entries) > 1 else None,
    )


def _median(within: Sequence[tuple[Scored, ResultEntry]], score: ScoreSpec) -> Value:
    return middle_grade((entry.value for _, entry in within), score)


def _change(
    spec: InstrumentSpec, score: ScoreSpec, before: ResultEntry, entries: Sequence[ResultEntry]
) -> ScoreChange | None:
    return change_between(spec, score, before, entries[-1]) if len(entries) > 1 else None


def _point(pair: tuple[Scored, ResultEntry], score: Score, language: str) -> ScorePoint:
    row, entry = pair
    grades = {each.code: each.labels[language] for each in score.grades}
    return ScorePoint(on=row.on, value=entry.value, label=grades.get(str(entry.value), ""))


def diet_in(rows: Rows, *, first: date, by: str) -> DietProgress | None:
    """Return weight and protein; None where they may not be seen."""
    if rows.weights is None or rows.eaten is None or rows.targets is None:
        return None
    period = _week if by == "week" else _day
    asked = [(each.set_on, each.protein_g) for each in rows.targets]
    return DietProgress(
        weight=_weight(rows.weights, rows.weighed_before, period),
        protein=[_protein(on, days, asked) for on, days in _periods(rows.eaten, period)],
        targets=_targets(rows.targets, first),
    )


def _week(on: date) -> date:
    return week_of(on)


def _day(on: date) -> date:
    return on


def _periods(
    rows: Iterable[Dated], period: Callable[[date], date]
) -> list[tuple[date, list[Dated]]]:
    ordered = sorted(rows, key=lambda row: period(row.on))
    return [(on, list(group)) for on, group in groupby(ordered, key=lambda row: period(row.on))]


def _weight(
    rows: Sequence[Weighed], before: Weighed | None, period: Callable[[date], date]
) -> WeightProgress:
    start = before or (rows[0] if len(rows) > 1 else None)
    change = rows[-1].weight_kg - start.weight_kg if rows and start else None
    return WeightProgress(
        before_kg=before.weight_kg if before else None,
        before_on=before.on if before else None,
        points=[
            WeightPoint(
                on=on,
                count=len(weighed),
                lowest_kg=min(each.weight_kg for each in weighed),
                highest_kg=max(each.weight_kg for each in weighed),
                last_kg=weighed[-1].weight_kg,
            )
            for on, weighed in _periods(rows, period)
        ],
        change_kg=None if change is None else round(change, 3),
        change_percent=None
        if change is None or start is None
        else round(change / start.weight_kg * 100, 2),
    )


def _protein(
    on: date, days: Sequence[Eaten], asked: Sequence[tuple[date, float | None]]
) -> ProteinPoint:
    mean = sum(day.protein_g for day in days) / len(days)
    target = in_force_on(days[-1].on, asked)
    return ProteinPoint(
        on=on,
        days=len(days),
        days_incomplete=sum(day.without > 0 for day in days),
        lowest_g=min(day.protein_g for day in days),
        highest_g=max(day.protein_g for day in days),
        mean_g=mean,
        target_g=target,
        share=share(mean, target),
    )


def _targets(rows: Sequence[Target], first: date) -> list[ProteinTarget]:
    """Return the targets in force in these days: the last one set before them, and all after."""
    started = [place for place, row in enumerate(rows) if row.set_on <= first]
    return [
        ProteinTarget(
            number=row.number,
            set_on=row.set_on,
            set_by=row.set_by,
            protein_g=row.protein_g,
            protein_g_per_kg=row.protein_g_per_kg,
            weight_kg=row.weight_kg,
        )
        for row in rows[started[-1] if started else 0 :]
    ]
