"""A schedule as it is written: local days, slots and a zone. Nothing here converts time.

JSON forms (the zone and the dates in force stand beside them, on the item and its version):

    {"rule": "weekly", "days": ["mon", "thu"], "slots": [{"id": "a1", "at": "09:00"}]}
    {"rule": "every_n_days", "n": 2, "anchor": "2026-10-19", "slots": [{"id": "a1", "at": "09:00"}]}
    {"rule": "times_per_week", "n": 3, "at": "18:00"}            ("at" may be left out)

each with an optional "zone_policy": "home" (default) or "follow".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from re import fullmatch
from typing import Literal

ZonePolicy = Literal["home", "follow"]

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_SLOTS_A_DAY = 24
MOST_TIMES_A_WEEK = 50
LONGEST_INTERVAL_DAYS = 366


class ScheduleError(ValueError):
    """A schedule that cannot be read; `field` is the path of what is wrong."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the day. The id stays when the clock time is moved by a later version."""

    id: str
    at: time


@dataclass(frozen=True, slots=True)
class Weekly:
    """On these days of the week; Monday is 0."""

    days: frozenset[int]
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class EveryNDays:
    """On every nth day counted from the anchor, in both directions."""

    n: int
    anchor: date
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class TimesPerWeek:
    """n times in an ISO week, on any days; `at` is the clock time of its reminders, if any."""

    n: int
    at: time | None = None


Rule = Weekly | EveryNDays | TimesPerWeek


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rule in a zone, in force from `starts_on` to `ends_on`, both included."""

    rule: Rule
    zone: str
    starts_on: date
    ends_on: date | None = None
    zone_policy: ZonePolicy = "home"


def schedule_from(
    data: Mapping[str, object], zone: str, *, starts_on: date, ends_on: date | None = None
) -> Schedule:
    """Read the JSON form; ScheduleError (a ValueError) names the field that is wrong."""
    readers = {"weekly": _weekly, "every_n_days": _every_n_days, "times_per_week": _per_week}
    name = data.get("rule")
    if not isinstance(name, str) or name not in readers:
        raise ScheduleError("rule", f"one of {', '.join(readers)}")
    if ends_on is not None and ends_on < starts_on:
        raise ScheduleError("ends_on", "before starts_on")
    return Schedule(readers[name](data), zone, starts_on, ends_on, _zone_policy(data))


def dump(schedule: Schedule) -> dict[str, object]:
    """Write the JSON form that `schedule_from` reads."""
    return {**_dump_rule(schedule.rule), "zone_policy": schedule.zone_policy}


def _dump_rule(rule: Rule) -> dict[str, object]:
    match rule:
        case Weekly(days, slots):
            names = [DAY_NAMES[day] for day in sorted(days)]
            return {"rule": "weekly", "days": names, "slots": _dump_slots(slots)}
        case EveryNDays(n, anchor, slots):
            head = {"rule": "every_n_days", "n": n, "anchor": anchor.isoformat()}
            return {**head, "slots": _dump_slots(slots)}
        case TimesPerWeek(n, None):
            return {"rule": "times_per_week", "n": n}
        case TimesPerWeek(n, at):
            return {"rule": "times_per_week", "n": n, "at": f"{at:%H:%M}"}


def _dump_slots(slots: Sequence[Slot]) -> list[dict[str, str]]:
    return [{"id": slot.id, "at": f"{slot.at:%H:%M}"} for slot in slots]


def _weekly(data: Mapping[str, object]) -> Rule:
    days = data.get("days")
    if not isinstance(days, list | tuple) or not days:
        raise ScheduleError("days", "at least one day of the week")
    for place, day in enumerate(days):
        if day not in DAY_NAMES:
            raise ScheduleError(f"days.{place}", f"one of {', '.join(DAY_NAMES)}")
    return Weekly(frozenset(DAY_NAMES.index(day) for day in days), _slots(data))


def _every_n_days(data: Mapping[str, object]) -> Rule:
    n = _whole(data, "n", LONGEST_INTERVAL_DAYS)
    return EveryNDays(n, _date(data, "anchor"), _slots(data))


def _per_week(data: Mapping[str, object]) -> Rule:
    n = _whole(data, "n", MOST_TIMES_A_WEEK)
    at = data.get("at")
    return TimesPerWeek(n, None if at is None else _time(at, "at"))


def _zone_policy(data: Mapping[str, object]) -> ZonePolicy:
    match data.get("zone_policy", "home"):
        case "home":
            return "home"
        case "follow":
            return "follow"
    raise ScheduleError("zone_policy", "home or follow")


def _slots(data: Mapping[str, object]) -> tuple[Slot, ...]:
    given = data.get("slots")
    if not isinstance(given, list | tuple) or not 1 <= len(given) <= MOST_SLOTS_A_DAY:
        raise ScheduleError("slots", f"between 1 and {MOST_SLOTS_A_DAY} slots")
    slots = tuple(_slot(each, f"slots.{place}") for place, each in enumerate(given))
    _refuse_repeats([slot.id for slot in slots], "id")
    _refuse_repeats([slot.at for slot in slots], "at")
    return tuple(sorted(slots, key=lambda slot: slot.at))


def _slot(given: object, path: str) -> Slot:
    if not isinstance(given, Mapping):
        raise ScheduleError(path, "an id and a time")
    name = given.get("id")
    if not isinstance(name, str) or not fullmatch(r"[A-Za-z0-9_.-]{1,40}", name):
        raise ScheduleError(f"{path}.id", "1 to 40 letters, digits, dots, dashes or underscores")
    return Slot(name, _time(given.get("at"), f"{path}.at"))


def _refuse_repeats(values: Sequence[object], key: str) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise ScheduleError(f"slots.{place}.{key}", "used twice")


def _whole(data: Mapping[str, object], field: str, most: int) -> int:
    value = data.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise ScheduleError(field, f"a whole number from 1 to {most}")
    return value


def _date(data: Mapping[str, object], field: str) -> date:
    try:
        return date.fromisoformat(str(data.get(field)))
    except ValueError:
        raise ScheduleError(field, "a date such as 2026-10-19") from None


def _time(value: object, path: str) -> time:
    if not isinstance(value, str) or not fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise ScheduleError(path, "a time of day such as 09:00")
    return time.fromisoformat(value)
