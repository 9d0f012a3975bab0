"""When a clinic is open, by its own clock."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from rehab.domain.recurrence import instant, local_date
from rehab.domain.schedules import DAY_NAMES

Hours = Mapping[str, Sequence[Sequence[str]]]

DAY = timedelta(days=1)
# A clinic closed for longer than this is not waited for.
LONGEST_CLOSURE_DAYS = 60


def opening_from(
    moment: datetime, hours: Hours, holidays: Collection[date], zone: str
) -> datetime | None:
    """Return the moment if the clinic is open then, else its next opening (UTC).

    hours: {"mon": [["08:00", "12:00"], ["13:30", "17:30"]], ...}. None when it never opens within
    sixty days.
    """
    for opens_at, closes_at in _openings(local_date(moment, zone), hours, holidays, zone):
        if moment < closes_at:
            return max(moment, opens_at)
    return None


def is_open(moment: datetime, hours: Hours, holidays: Collection[date], zone: str) -> bool:
    return opening_from(moment, hours, holidays, zone) == moment


def _openings(
    first: date, hours: Hours, holidays: Collection[date], zone: str
) -> Iterator[tuple[datetime, datetime]]:
    for count in range(LONGEST_CLOSURE_DAYS):
        on = first + DAY * count
        if on not in holidays:
            for opens, closes in sorted(map(tuple, hours.get(DAY_NAMES[on.weekday()], ()))):
                yield _at(on, opens, zone), _at(on, closes, zone)


def _at(on: date, clock: str, zone: str) -> datetime:
    if clock == "24:00":
        return instant(on + DAY, time.min, zone)
    return instant(on, time.fromisoformat(clock), zone)
