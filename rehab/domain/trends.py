"""What a series of values says of the last days and weeks, as the trend rules read it.

Pure and without thresholds: when a trend fires stands in `rehab/rules/safety.json`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

RED, FINE = "red", "looked_fine"
HALF_YEAR = timedelta(weeks=26)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def skin_said(before: str, after: str) -> str | None:
    """Return what one session said of the skin: red, looked_fine, or None for neither."""
    seen = (before, after)
    return RED if RED in seen else FINE if FINE in seen else None


def red_hours(earlier: Iterable[tuple[datetime, str]], at: datetime) -> float | None:
    """Return the hours since the skin was first seen red without having been fine in between.

    earlier: (moment, red or looked_fine), in any order, all before `at`. None: the last session
    that said anything did not say red.
    """
    since = None
    for moment, seen in sorted(earlier, reverse=True):
        if seen != RED:
            break
        since = moment
    return None if since is None else (at - since) / HOUR


def loss_percent(kilograms: float, earlier: Iterable[tuple[date, float]], on: date) -> float | None:
    """Return how far a weight lies below the highest of the 26 weeks before, in percent.

    0 for one that is not lower; None where nobody was weighed in that time.
    """
    known = [weight for day, weight in earlier if on - HALF_YEAR <= day <= on]
    highest = max(known, default=None)
    if highest is None or highest <= 0:
        return None
    return max(0.0, (highest - kilograms) / highest * 100)


def days_up(scores: Sequence[tuple[date, float]], on: date) -> int:
    """Return on how many days in a row, up to `on`, a score stood above what it was before them.

    Above: by 1 or more. What it was: the last score of the week before the rise. A day without a
    score ends the row; of a day's scores the lowest counts. 0 without anything to compare with.
    """
    by_day: dict[date, float] = {}
    for day, score in scores:
        by_day[day] = min(score, by_day.get(day, score))
    best = 0
    run: list[float] = []
    day = on
    while day in by_day:
        run.append(by_day[day])
        day -= DAY
        before = [by_day[each] for each in by_day if day - WEEK < each <= day]
        usual = by_day[max(each for each in by_day if each <= day)] if before else None
        if usual is not None and min(run) >= usual + 1:
            best = len(run)
    return best


def whole_days(since: datetime, at: datetime) -> int:
    """Return the whole days between two moments, 0 for one that lies ahead."""
    return max(0, (at - since) // DAY)
