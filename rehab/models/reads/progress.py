"""Progress per item, per week and version, from the per-day rows; history has no price.

Every figure is defined in `rehab.domain.definitions`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal
from uuid import UUID

from exercises import reference
from patients.models.prepared import Prepared
from rehab.domain.adherence import DayRow, Figures, figures
from rehab.domain.measured import minutes_asked, repetitions_asked, rounded, share
from rehab.domain.recurrence import local_date, week_of
from rehab.models.reads.names import title_of
from rehab.models.reads.programme import ProgrammeItem, Wording, programme_items
from rehab.models.reads.progress_body import diet_in, score_series
from rehab.models.reads.progress_marks import marks_of
from rehab.models.reads.progress_measures import Told, measures_and_words, told_in
from rehab.models.reads.progress_rows import Summed, progress_rows
from rehab.models.reads.progress_shapes import (
    AS_ADHERENCE,
    Counted,
    ItemProgress,
    Progress,
    Totals,
    VersionMark,
    WeekProgress,
)

By = Literal["week", "day"]
_FIGURES = tuple(name for name in Counted.__struct_fields__ if name in Figures.__dataclass_fields__)
_in_figures = attrgetter(*_FIGURES)
_DECIMALS = {
    **dict.fromkeys(("minutes_share", "repetitions_share"), 4),
    **dict.fromkeys(("pain_mean", "effort_mean"), 2),
    **dict.fromkeys(("minutes", "minutes_prescribed", "repetitions"), 3),
}
"""Of a share a hundredth of a percent, of scores of 0-10 a hundredth; no figure means more."""
NEEDED = ("see_conditions", "see_diet")


@dataclass(frozen=True, slots=True)
class _Week:
    """The summed per-day rows of one item, version and week."""

    series: UUID
    version: int
    monday: date
    row: DayRow
    minutes: float | None


_NAMES = (
    "due", "waiting", "done", "partial", "skipped", "extra", "over_maximum", "above_part_maximum",
    "while_paused", "recalled", "recalled_partial", "sessions", "pain_max", "pain_sum",
    "pain_count", "pain_unfelt", "effort_max", "effort_sum", "effort_count", "skin_looked",
    "skin_found",
)  # fmt: skip

_SUMS = Prepared(
    "rehab_progress",
    """
SELECT d.series, d.version, d."on" - (extract(isodow FROM d."on")::int - 1) AS monday,
  sum(d.due)::int,
  sum((SELECT count(*) FROM unnest(d.open_closes_at) c WHERE c > %(now)s::timestamptz))::int,
  sum(d.done)::int, sum(d.partial)::int, sum(d.skipped)::int, sum(d.extra)::int,
  sum(d.over_maximum)::int, sum(d.above_part_maximum)::int, sum(d.while_paused)::int,
  sum(d.recalled)::int, sum(d.recalled_partial)::int, sum(d.sessions)::int,
  max(d.pain_max), sum(d.pain_sum)::int, sum(d.pain_count)::int, sum(d.pain_unfelt)::int,
  max(d.effort_max), sum(d.effort_sum)::int, sum(d.effort_count)::int,
  sum(d.skin_looked)::int, sum(d.skin_found)::int, sum(d.minutes)::float
FROM rehab_itemday d
WHERE d.patient_id = %(patient)s::uuid AND d."on" BETWEEN %(first)s::date AND %(last)s::date
GROUP BY 1, 2, 3
ORDER BY 1, 3, 2
""",
)


class FallenBehind(Exception):
    """What the plan makes due by now is not stored: the tick that stores it has not run."""


def _behind(item: ProgrammeItem, now: datetime) -> bool:
    stored_until = item.versions[-1].stored_until
    return stored_until is not None and stored_until < now


def progress_of(
    patient_id: UUID,
    *,
    first: date,
    last: date,
    now: datetime,
    language: str,
    scopes: Collection[str] = (),
    by: By = "week",
    even_if_behind: bool = False,
) -> Progress:
    """Return the progress of every item in force or done in these days: three statements.

    scopes: what the reader holds. Nothing is read that asks for a scope that is not among them.
    by: whether the points of what was measured, weighed and eaten are weeks or days. FallenBehind
    where days up to now are not stored: nobody may take them for days without anything due.
    """
    items = programme_items(patient_id, first=first, last=last)
    if not even_if_behind and any(_behind(item, now) for item in items.values()):
        raise FallenBehind
    weeks = _weeks(patient_id, first=first, last=last, now=now)
    rows = progress_rows(patient_id, first=first, last=last, by_day=by == "day", scopes=scopes)
    told = told_in(rows.told)
    return Progress(
        first=first,
        last=last,
        by=by,
        items=[
            _item(item, weeks.get(series, []), told.get(series, []), rows.baselines, now, language)
            for series, item in items.items()
        ],
        marks=marks_of(items.values(), rows, first=first, last=last),
        assessments=score_series(rows.scored, first=first, language=language),
        diet=diet_in(rows, first=first, by=by),
        not_shown=[scope for scope in NEEDED if scope not in scopes],
    )


def _weeks(patient_id: UUID, *, first: date, last: date, now: datetime) -> dict[UUID, list[_Week]]:
    arguments: dict[str, Any] = {"patient": patient_id, "first": first, "last": last, "now": now}
    rows = [_summed(row) for row in _SUMS.fetchall(arguments)]
    return {series: list(group) for series, group in groupby(rows, key=lambda week: week.series)}


def _summed(row: tuple[Any, ...]) -> _Week:
    series, version, monday, *sums, minutes = row
    found = DayRow(on=monday, **dict(zip(_NAMES, sums, strict=True)))
    return _Week(series, version, monday, found, minutes)


def _item(
    item: ProgrammeItem,
    weeks: Sequence[_Week],
    told: Sequence[Told],
    baselines: Mapping[str, object] | None,
    now: datetime,
    language: str,
) -> ItemProgress:
    wording = item.versions[-1]
    today = local_date(now, wording.zone)
    dose = _Doses(item, told)
    measures, words = measures_and_words(item, told, baselines or {}, language)
    return ItemProgress(
        series=item.series,
        title=title_of(wording.title, wording.exercise)[language],
        kind=wording.kind,
        modality=wording.modality,
        physics=dose.physics,
        exercise=wording.exercise,
        zone=wording.zone,
        versions=[_mark(each) for each in item.versions],
        days_since_last=_days_since(item, today),
        total=Totals(**_counted(weeks, today, dose)),
        weeks=[
            WeekProgress(
                week=week.monday,
                version=week.version,
                **_without_repeats(_counted([week], today, dose)),
            )
            for week in weeks
        ],
        measures=measures,
        words=words,
    )


def _mark(each: Wording) -> VersionMark:
    return VersionMark(
        version=each.version,
        effective_at=each.effective_at,
        ended_at=each.ended_at,
        note=each.note,
    )


def _days_since(item: ProgrammeItem, today: date) -> int | None:
    if item.last_performed_at is None:
        return None
    return max((today - local_date(item.last_performed_at, item.versions[-1].zone)).days, 0)


def _counted(weeks: Sequence[_Week], today: date, dose: "_Doses") -> dict[str, Any]:
    found = figures([week.row for week in weeks], today=today)
    counted = dict(zip(_FIGURES, _in_figures(found), strict=True)) | dose.of(weeks)
    for name, digits in _DECIMALS.items():
        if (value := counted[name]) is not None:
            counted[name] = rounded(value, digits)
    return counted


def _without_repeats(counted: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a week what says the same as its adherence."""
    same = {name: None for name in AS_ADHERENCE if counted[name] == counted["adherence"]}
    return counted | same


class _Doses:
    """How much was delivered of what each version asked for, by week."""

    def __init__(self, item: ProgrammeItem, told: Sequence[Told]) -> None:
        modalities = reference.modalities()
        self._kinds = {each.version: modalities[each.modality].physics for each in item.versions}
        kinds = set(self._kinds.values())
        self.physics = kinds.pop() if len(kinds) == 1 else "mixed"
        self._asked = {
            each.version: minutes_asked(each.target, [part.dose for part in each.parts])
            for each in item.versions
        }
        self._minutes: dict[tuple[int, date], int] = defaultdict(int)
        self._repetitions: dict[tuple[int, date], list[tuple[float, float | None]]] = defaultdict(
            list
        )
        asked = {
            (each.version, str(part.part)): repetitions_asked(part.dose)
            for each in item.versions
            for part in each.parts
        }
        for each in told:
            rows = each.rows
            if each.key.code == "minutes" and not each.key.part:
                for week, count in zip(_weeks_of(rows), rows.count, strict=True):
                    self._minutes[week] += count
            elif each.key.code == "repetitions_done":
                for week, count, total in zip(_weeks_of(rows), rows.count, rows.total, strict=True):
                    one = asked.get((week[0], each.key.part))
                    self._repetitions[week].append((total or 0, count * one if one else None))

    def of(self, weeks: Sequence[_Week]) -> dict[str, float | int | None]:
        """Return the figures of dose over some weeks; null where nobody told or nothing is asked.

        What two kinds of stimulation delivered is never added up.
        """
        told = [week.minutes for week in weeks if week.minutes is not None]
        one_kind = len({self._kinds.get(week.version, self.physics) for week in weeks}) == 1
        minutes = sum(told) if told and one_kind else None
        counts = [self._minutes.get((week.version, week.monday), 0) for week in weeks]
        asked = [self._asked.get(week.version) for week in weeks]
        due = [week.row.due - week.row.waiting for week in weeks]
        repetitions, repetitions_share = self._repetitions_in(weeks)
        return {
            "minutes": minutes,
            "sessions_with_minutes": sum(counts),
            "minutes_prescribed": _weighted(due, asked),
            "minutes_share": None if minutes is None else share(minutes, _weighted(counts, asked)),
            "repetitions": repetitions,
            "repetitions_share": repetitions_share,
        }

    def _repetitions_in(self, weeks: Sequence[_Week]) -> tuple[float | None, float | None]:
        """Return what was told, and its share of what was asked of the parts that are asked any."""
        told = [
            each
            for week in weeks
            for each in self._repetitions.get((week.version, week.monday), ())
        ]
        if not told:
            return None, None
        known = [(total, asked) for total, asked in told if asked]
        delivered = sum(total for total, _ in known)
        prescribed = sum(asked for _, asked in known)
        return sum(total for total, _ in told), share(delivered, prescribed)


def _weeks_of(rows: Summed) -> Iterator[tuple[int, date]]:
    """Yield version and Monday of each week or day."""
    return ((version, week_of(on)) for version, on in zip(rows.version, rows.on, strict=True))


def _weighted(counts: Sequence[int], each: Sequence[float | None]) -> float | None:
    """Return the sum of counts times what is asked of one; None where it asks for nothing."""
    found: float | None = None
    for count, one in zip(counts, each, strict=True):
        if one is not None:
            found = (found or 0) + count * one
        elif count:
            return None
    return found
