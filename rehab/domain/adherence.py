"""The figures of progress; `rehab.domain.definitions` says what each of them means."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

from rehab.domain.recurrence import part_week_due, week_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """What happened to one item on one local date.

    due counts every occurrence of that date that is neither cancelled nor paused; waiting those
    of them that can still be done. sessions counts logs of any kind that say something was done.
    """

    on: date
    due: int = 0
    waiting: int = 0
    done: int = 0
    partial: int = 0
    skipped: int = 0
    extra: int = 0
    over_maximum: int = 0
    above_part_maximum: int = 0
    while_paused: int = 0
    recalled: int = 0
    recalled_partial: int = 0
    sessions: int = 0
    pain_max: int | None = None
    pain_sum: int = 0
    pain_count: int = 0
    pain_unfelt: int = 0
    effort_max: int | None = None
    effort_sum: int = 0
    effort_count: int = 0
    skin_looked: int = 0
    skin_found: int = 0


_SUMMED = tuple(
    field.name for field in fields(DayRow) if field.name not in ("on", "pain_max", "effort_max")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Progress of one item over some days; `definitions` says what each figure means."""

    due: int
    waiting: int
    done: int
    partial: int
    missed: int
    skipped: int
    fulfilled: int
    extra: int
    over_maximum: int
    above_part_maximum: int
    while_paused: int
    recalled: int
    recalled_partial: int
    sessions: int
    adherence: float | None
    adherence_without_recalled: float | None
    adherence_with_partial: float | None
    adherence_with_partial_without_recalled: float | None
    pain_max: int | None
    pain_mean: float | None
    pain_unfelt: int
    effort_max: int | None
    effort_mean: float | None
    skin_looked: int
    skin_found: int
    days_since_last: int | None


@dataclass(frozen=True, slots=True)
class ItemWeek:
    """The figures of one item in the ISO week that begins on `monday`."""

    monday: date
    figures: Figures


def figures(rows: Sequence[DayRow], *, today: date) -> Figures:
    """Sum the rows of one item. `today` is the date in the item's zone."""
    row = _together(rows)
    due, done, partial = row.due - row.waiting, row.done, row.partial
    recalled_partial = min(row.recalled_partial, partial)
    fulfilled = min(done, due)
    from_memory = min(row.recalled, fulfilled)
    return Figures(
        due=due,
        waiting=row.waiting,
        done=done,
        partial=partial,
        missed=max(due - done - partial - row.skipped, 0),
        skipped=row.skipped,
        fulfilled=fulfilled,
        extra=row.extra,
        over_maximum=row.over_maximum,
        above_part_maximum=row.above_part_maximum,
        while_paused=row.while_paused,
        recalled=row.recalled,
        recalled_partial=recalled_partial,
        sessions=row.sessions,
        adherence=_share(fulfilled, due),
        adherence_without_recalled=_share(fulfilled - from_memory, due),
        adherence_with_partial=_share(fulfilled + partial, due),
        adherence_with_partial_without_recalled=_share(
            fulfilled - from_memory + partial - recalled_partial, due
        ),
        pain_max=row.pain_max,
        pain_mean=_mean(row.pain_sum, row.pain_count),
        pain_unfelt=row.pain_unfelt,
        effort_max=row.effort_max,
        effort_mean=_mean(row.effort_sum, row.effort_count),
        skin_looked=row.skin_looked,
        skin_found=row.skin_found,
        days_since_last=days_since_last((row.on for row in rows if row.sessions), today=today),
    )


def item_weeks(rows: Iterable[DayRow], *, today: date) -> list[ItemWeek]:
    """Return the figures of each ISO week that has rows, in order."""
    weeks: dict[date, list[DayRow]] = {}
    for row in rows:
        weeks.setdefault(week_of(row.on), []).append(row)
    return [ItemWeek(monday, figures(weeks[monday], today=today)) for monday in sorted(weeks)]


def days_since_last(performed_on: Iterable[date], *, today: date) -> int | None:
    """Return the days since the last session up to today; None when there was none."""
    past = [on for on in performed_on if on <= today]
    return (today - max(past)).days if past else None


def week_due(n: int, monday: date, in_force: Collection[date], paused: Collection[date]) -> int:
    """Return how many of n times are due in the ISO week that begins on `monday`.

    round(n × days in force and unpaused / 7).
    """
    days = (monday + timedelta(days=count) for count in range(7))
    return part_week_due(n, sum(day in in_force and day not in paused for day in days))


def _together(rows: Sequence[DayRow]) -> DayRow:
    """Return rows as one, on the first of their days; a week that is one row costs nothing."""
    if len(rows) == 1:
        return rows[0]
    return DayRow(
        on=min((row.on for row in rows), default=date.min),
        pain_max=_highest(row.pain_max for row in rows),
        effort_max=_highest(row.effort_max for row in rows),
        **{name: sum([getattr(row, name) for row in rows]) for name in _SUMMED},
    )


def _highest(scores: Iterable[int | None]) -> int | None:
    return max((score for score in scores if score is not None), default=None)


def _share(part: int, whole: int) -> float | None:
    return min(part / whole, 1.0) if whole > 0 else None


def _mean(total: int, count: int) -> float | None:
    return total / count if count else None
