"""Progress per item, per week and version, from the per-day rows; history has no price.

Every figure is defined in `rehab.domain.definitions`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import groupby
from typing import Any, Literal
from uuid import UUID

from exercises import reference
from patients.models.prepared import Prepared
from rehab.domain.adherence import DayRow, figures
from rehab.domain.measured import minutes_asked, repetitions_asked, share
from rehab.domain.recurrence import local_date
from rehab.models.reads.names import title_of
from rehab.models.reads.programme import ProgrammeItem, Wording, programme_items
from rehab.models.reads.progress_body import diet_in, score_series
from rehab.models.reads.progress_marks import marks_of
from rehab.models.reads.progress_measures import Told, measures_and_words, told_in
from rehab.models.reads.progress_rows import progress_rows
from rehab.models.reads.progress_shapes import (
    Counted,
    ItemProgress,
    Progress,
    VersionMark,
    WeekProgress,
)

By = Literal["week", "day"]
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
        total=Counted(**_counted(weeks, today, dose)),
        weeks=[
            WeekProgress(week=week.monday, version=week.version, **_counted([week], today, dose))
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


def _counted(weeks: Iterable[_Week], today: date, dose: "_Doses") -> dict[str, Any]:
    weeks = list(weeks)
    found = figures([week.row for week in weeks], today=today)
    counted: dict[str, Any] = {
        name.name: getattr(found, name.name, None) for name in fields(Counted)
    }
    return counted | dose.of(weeks)


class _Doses:
    """How much was delivered of what each version asked for, by week."""

    def __init__(self, item: ProgrammeItem, told: Sequence[Told]) -> None:
        self._wordings = {each.version: each for each in item.versions}
        kinds = {reference.modalities()[each.modality].physics for each in item.versions}
        self.physics = kinds.pop() if len(kinds) == 1 else "mixed"
        self._minutes: dict[tuple[int, date], int] = defaultdict(int)
        self._repetitions: dict[tuple[int, date], list[Told]] = defaultdict(list)
        for each in told:
            week = (each.version, each.monday)
            if each.key.code == "minutes" and not each.key.part:
                self._minutes[week] += each.count
            elif each.key.code == "repetitions_done":
                self._repetitions[week].append(each)

    def of(self, weeks: Sequence[_Week]) -> dict[str, float | int | None]:
        """Return the figures of dose over some weeks; null where nobody told or nothing is asked.

        What two kinds of stimulation delivered is never added up.
        """
        kinds = {self._kind(week.version) for week in weeks}
        told = [week.minutes for week in weeks if week.minutes is not None]
        minutes = sum(told) if told and len(kinds) == 1 else None
        counts = [self._minutes[week.version, week.monday] for week in weeks]
        asked = [self._asked(week.version) for week in weeks]
        due = [week.row.due - week.row.waiting for week in weeks]
        repetitions = [each for week in weeks for each in self._repetitions_of(week)]
        return {
            "minutes": minutes,
            "sessions_with_minutes": sum(counts),
            "minutes_prescribed": _weighted(due, asked),
            "minutes_share": share(minutes, _weighted(counts, asked)),
            "repetitions": sum(each.total or 0 for each in repetitions) if repetitions else None,
            "repetitions_share": self._repetitions_share(repetitions),
        }

    def _kind(self, version: int) -> str | None:
        wording = self._wordings.get(version)
        return reference.modalities()[wording.modality].physics if wording else self.physics

    def _asked(self, version: int) -> float | None:
        wording = self._wordings.get(version)
        return minutes_asked(wording.target, [p.dose for p in wording.parts]) if wording else None

    def _repetitions_of(self, week: _Week) -> list[Told]:
        return self._repetitions.get((week.version, week.monday), [])

    def _repetitions_share(self, told: Sequence[Told]) -> float | None:
        asked = [self._repetitions_asked(each) for each in told]
        known = [(each, one) for each, one in zip(told, asked, strict=True) if one]
        if not known:
            return None
        delivered = sum(each.total or 0 for each, _ in known)
        return share(delivered, sum(each.count * one for each, one in known))

    def _repetitions_asked(self, told: Told) -> float | None:
        wording = self._wordings.get(told.version)
        parts = {str(part.part): part for part in wording.parts} if wording else {}
        part = parts.get(told.key.part)
        return repetitions_asked(part.dose) if part else None


def _weighted(counts: Sequence[int], each: Sequence[float | None]) -> float | None:
    """Return the sum of counts times what is asked of one; None where it asks for nothing."""
    if any(one is None for count, one in zip(counts, each, strict=True) if count):
        return None
    known = [count * one for count, one in zip(counts, each, strict=True) if one is not None]
    return sum(known) if known else None
