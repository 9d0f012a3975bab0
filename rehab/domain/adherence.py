"""The figures of progress, and what each of them means.

DEFINITIONS is quoted in the API documentation, so that a figure and its meaning cannot part.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rehab.domain.recurrence import part_week_due, week_of

DEFINITIONS: Mapping[str, str] = {
    "due": "Occurrences whose window has closed or that are resolved. Paused and cancelled ones"
    " are not due; one that can still be done is counted as waiting.",
    "waiting": "Occurrences whose window is open and that nothing has resolved yet.",
    "done": "Occurrences whose every unpaused part reached the prescribed dose.",
    "partial": "Occurrences of which only some reached the prescribed dose.",
    "missed": "Due, window past, nothing logged. Derived at every read, never stored.",
    "skipped": "Due, not done, and somebody gave the reason. Not counted as missed.",
    "fulfilled": "Done, never more than due: sessions beyond what was due cannot make up for"
    " missed ones.",
    "extra": "Sessions beyond what was due, recorded but not counted as fulfilled.",
    "over_maximum": "Sessions beyond the prescribed sessions per day or week, or with a part above"
    " its maximum.",
    "while_paused": "Sessions done although the item was paused: kept as facts, neither due nor"
    " fulfilled.",
    "recalled": "Fulfilled occurrences that were written down from memory.",
    "adherence": "Fulfilled divided by due, 0 to 1; null when nothing was due.",
    "adherence_without_recalled": "The same without what was written down from memory.",
    "adherence_with_partial": "Fulfilled and partial ones divided by due, 0 to 1; null when nothing"
    " was due.",
    "pain_max": "Highest pain score recorded (0-10); null when none was. Zero is an answer.",
    "pain_mean": "Mean of the recorded pain scores (0-10); null when none was.",
    "pain_unfelt": 'Sessions with the answer "cannot feel here", which is not a score of 0.',
    "days_since_last": "Days from the last session of the item, partial and extra ones too, to"
    " today in the item's zone; null when there was none.",
}


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
    while_paused: int = 0
    recalled: int = 0
    sessions: int = 0
    pain_max: int | None = None
    pain_sum: int = 0
    pain_count: int = 0
    pain_unfelt: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Progress of one item over some days; DEFINITIONS says what each figure means."""

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
    days_since_last: int | None


@dataclass(frozen=True, slots=True)
class ItemWeek:
    """The figures of one item in the ISO week that begins on `monday`."""

    monday: date
    figures: Figures


def figures(rows: Sequence[DayRow], *, today: date) -> Figures:
    """Sum the rows of one item. `today` is the date in the item's zone."""
    due = sum(row.due - row.waiting for row in rows)
    done, partial = _sum(rows, "done"), _sum(rows, "partial")
    skipped, recalled = _sum(rows, "skipped"), _sum(rows, "recalled")
    fulfilled = min(done, due)
    return Figures(
        due=due,
        waiting=_sum(rows, "waiting"),
        done=done,
        partial=partial,
        missed=max(due - done - partial - skipped, 0),
        skipped=skipped,
        fulfilled=fulfilled,
        extra=_sum(rows, "extra"),
        over_maximum=_sum(rows, "over_maximum"),
        while_paused=_sum(rows, "while_paused"),
        recalled=recalled,
        adherence=_share(fulfilled, due),
        adherence_without_recalled=_share(fulfilled - min(recalled, fulfilled), due),
        adherence_with_partial=_share(fulfilled + partial, due),
        pain_max=max((row.pain_max for row in rows if row.pain_max is not None), default=None),
        pain_mean=_mean(_sum(rows, "pain_sum"), _sum(rows, "pain_count")),
        pain_unfelt=_sum(rows, "pain_unfelt"),
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


def _sum(rows: Sequence[DayRow], name: str) -> int:
    return sum(getattr(row, name) for row in rows)


def _share(part: int, whole: int) -> float | None:
    return min(part / whole, 1.0) if whole > 0 else None


def _mean(total: int, count: int) -> float | None:
    return total / count if count else None
