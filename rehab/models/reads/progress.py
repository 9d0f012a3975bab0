"""Progress per item, per week and version, from the per-day rows; history has no price.

Every figure is defined in `rehab.domain.adherence.DEFINITIONS`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from patients.models.prepared import Prepared
from rehab.domain.adherence import DayRow, figures
from rehab.domain.recurrence import local_date
from rehab.models.reads.names import title_of
from rehab.models.reads.programme import ProgrammeItem, programme_items


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Figures over some days of one item; minutes are the sum of those recorded."""

    due: int
    waiting: int
    done: int
    partial: int
    missed: int
    skipped: int
    fulfilled: int
    extra: int
    over_maximum: int
    while_paused: int
    recalled: int
    adherence: float | None
    adherence_without_recalled: float | None
    adherence_with_partial: float | None
    pain_max: int | None
    pain_mean: float | None
    pain_unfelt: int
    minutes: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekProgress(Counted):
    """week: the Monday of the ISO week, cut to the days asked for. version: of the plan."""

    week: date
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionMark:
    """When a wording of an item came into force and ended: the marks on a chart."""

    version: int
    effective_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProgress:
    """One item over all its versions; `zone` is where its days begin and end."""

    series: UUID
    title: str
    kind: str
    modality: str
    exercise: str
    zone: str
    versions: Sequence[VersionMark]
    days_since_last: int | None
    total: Counted
    weeks: Sequence[WeekProgress]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The days from `first` to `last`, both included, local to each item."""

    first: date
    last: date
    items: Sequence[ItemProgress]


@dataclass(frozen=True, slots=True)
class _Week:
    """The summed per-day rows of one item, version and week."""

    series: UUID
    version: int
    monday: date
    row: DayRow
    minutes: float | None


_SUMS = Prepared(
    "rehab_progress",
    """
SELECT d.series, d.version, date_trunc('week', d."on")::date AS monday,
  sum(d.due)::int,
  sum((SELECT count(*) FROM unnest(d.open_closes_at) c WHERE c > %(now)s::timestamptz))::int,
  sum(d.done)::int, sum(d.partial)::int, sum(d.skipped)::int, sum(d.extra)::int,
  sum(d.over_maximum)::int, sum(d.while_paused)::int, sum(d.recalled)::int, sum(d.sessions)::int,
  max(d.pain_max), sum(d.pain_sum)::int, sum(d.pain_count)::int,
  sum(d.pain_unfelt)::int, sum(d.minutes)::float
FROM rehab_itemday d
WHERE d.patient_id = %(patient)s::uuid AND d."on" BETWEEN %(first)s::date AND %(last)s::date
GROUP BY 1, 2, 3
ORDER BY 1, 3, 2
""",
)


def progress_of(
    patient_id: UUID, *, first: date, last: date, now: datetime, language: str
) -> Progress:
    """Return the progress of every item that was in force or done in these days: two statements."""
    items = programme_items(patient_id, first=first, last=last)
    weeks = _weeks(patient_id, first=first, last=last, now=now)
    return Progress(
        first=first,
        last=last,
        items=[_item(item, weeks.get(series, []), now, language) for series, item in items.items()],
    )


def _weeks(patient_id: UUID, *, first: date, last: date, now: datetime) -> dict[UUID, list[_Week]]:
    arguments: dict[str, Any] = {"patient": patient_id, "first": first, "last": last, "now": now}
    rows = [_summed(row) for row in _SUMS.fetchall(arguments)]
    return {series: list(group) for series, group in groupby(rows, key=lambda week: week.series)}


def _summed(row: tuple[Any, ...]) -> _Week:
    series, version, monday, *sums, minutes = row
    names = (
        "due", "waiting", "done", "partial", "skipped", "extra", "over_maximum", "while_paused",
        "recalled", "sessions", "pain_max", "pain_sum", "pain_count", "pain_unfelt",
    )  # fmt: skip
    return _Week(
        series, version, monday, DayRow(on=monday, **dict(zip(names, sums, strict=True))), minutes
    )


def _item(
    item: ProgrammeItem, weeks: Sequence[_Week], now: datetime, language: str
) -> ItemProgress:
    wording = item.versions[-1]
    today = local_date(now, wording.zone)
    return ItemProgress(
        series=item.series,
        title=title_of(wording.title, wording.exercise)[language],
        kind=wording.kind,
        modality=wording.modality,
        exercise=wording.exercise,
        zone=wording.zone,
        versions=[
            VersionMark(
                version=each.version, effective_at=each.effective_at, ended_at=each.ended_at
            )
            for each in item.versions
        ],
        days_since_last=_days_since(item, today),
        total=Counted(**_counted(weeks, today)),
        weeks=[
            WeekProgress(week=week.monday, version=week.version, **_counted([week], today))
            for week in weeks
        ],
    )


def _days_since(item: ProgrammeItem, today: date) -> int | None:
    if item.last_performed_at is None:
        return None
    return max((today - local_date(item.last_performed_at, item.versions[-1].zone)).days, 0)


def _counted(weeks: Iterable[_Week], today: date) -> dict[str, Any]:
    weeks = list(weeks)
    found = figures([week.row for week in weeks], today=today)
    minutes = [week.minutes for week in weeks if week.minutes is not None]
    counted: dict[str, Any] = {
        name.name: getattr(found, name.name, None) for name in fields(Counted)
    }
    return counted | {"minutes": sum(minutes) if minutes else None}
