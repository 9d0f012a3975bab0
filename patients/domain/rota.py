"""Who is on duty at a local moment. A shift whose end is not after its start runs past midnight."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

LOOKED_AHEAD_DAYS = 28
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Shift:
    """`weekday` is that of the start, Monday is 0; `starts` and `ends` are the clinic's clock."""

    id: UUID
    weekday: int
    starts: time
    ends: time


def began_on(shift: Shift, local: datetime) -> date | None:
    """The date on which the turn of this shift that holds a local moment began, if one does."""
    clock = local.time()
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    overnight = shift.ends <= shift.starts
    if today.weekday() == shift.weekday and clock >= shift.starts:
        return today if overnight or clock < shift.ends else None
    if overnight and yesterday.weekday() == shift.weekday and clock < shift.ends:
        return yesterday
    return None


def on_duty(
    shifts: Iterable[Shift], local: datetime, holidays: Collection[date] = ()
) -> list[Shift]:
    """The shifts that hold a local moment, latest start first; none begins on a holiday."""
    holding = [
        (began, shift)
        for shift in shifts
        if (began := began_on(shift, local)) is not None and began not in holidays
    ]
    holding.sort(key=lambda pair: (pair[0], pair[1].starts, str(pair[1].id)), reverse=True)
    return [shift for _began, shift in holding]


def next_turn(
    shifts: Iterable[Shift], local: datetime, holidays: Collection[date] = ()
) -> tuple[date, Shift] | None:
    """The first turn that begins after a local moment, within four weeks; none on a holiday."""
    turns = [
        (on, shift)
        for shift in shifts
        for count in range(LOOKED_AHEAD_DAYS)
        if (on := local.date() + timedelta(days=count)).weekday() == shift.weekday
        and on not in holidays
        and (on, shift.starts) > (local.date(), local.time())
    ]
    return min(turns, key=lambda turn: (turn[0], turn[1].starts, str(turn[1].id)), default=None)


def hours_from(data: object) -> dict[str, list[tuple[time, time]]]:
    """Read opening hours, {"mon": [["08:00", "17:30"]]}; ValueError names what is wrong."""
    if not isinstance(data, Mapping):
        raise ValueError("hours must be an object")
    hours = {}
    for day, spans in data.items():
        if day not in WEEKDAYS:
            raise ValueError(f"{day} is not a weekday; use {', '.join(WEEKDAYS)}")
        if not isinstance(spans, list):
            raise ValueError(f"{day} must be a list of spans")
        hours[day] = [_span(day, span) for span in spans]
    return hours


def _span(day: str, span: object) -> tuple[time, time]:
    try:
        opens, closes = (time.fromisoformat(text) for text in span)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise ValueError(f'{day} needs spans like ["08:00", "17:30"]') from None
    if opens >= closes:
        raise ValueError(f"{day} closes before it opens")
    return opens, closes
