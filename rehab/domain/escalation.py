"""Who is told of a flag, and after how long, unless somebody acknowledges first.

The steps are in `rehab/rules/escalation.json`. Times are proposed service targets; no text may
promise that somebody is watching.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rehab.domain.conditions import RuleFileError
from rehab.domain.safety import Level


class Audience(StrEnum):
    """caregivers: those with the scope to receive alerts. on_duty and deputy: of the rota now."""

    PATIENT = "patient"
    CAREGIVERS = "caregivers"
    ON_DUTY = "on_duty"
    DEPUTY = "deputy"
    COORDINATOR = "coordinator"
    LAST_RESORT = "last_resort"


class Clock(StrEnum):
    """always: minutes from the flag. clinic_hours: minutes from the next opening at the latest."""

    ALWAYS = "always"
    CLINIC_HOURS = "clinic_hours"


@dataclass(frozen=True, slots=True)
class Step:
    who: Audience
    after_minutes: int
    clock: Clock


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step with its moment (UTC); `position` counts from 1 in the order of the moments."""

    position: int
    who: Audience
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Rise:
    """A flag nobody has seen for so many hours becomes a flag of another level."""

    to: Level
    after_hours: int


@dataclass(frozen=True, slots=True)
class Escalation:
    """operations: who is told when the service itself failed, whatever the level."""

    version: int
    steps: Mapping[Level, tuple[Step, ...]]
    rises: Mapping[Level, Rise]
    operations: tuple[Step, ...] = ()


def planned(
    escalation: Escalation,
    level: Level,
    raised_at: datetime,
    opening: Callable[[datetime], datetime | None],
    *,
    operations: bool = False,
) -> list[PlannedStep]:
    """Return the steps of a flag with their moments. operations: it is the service that failed.

    `opening` returns the moment itself while the clinic is open, else when it opens next, None if
    it does not: then a step that waits for opening hours goes out by the clock, not never.
    """
    steps = escalation.operations if operations else escalation.steps.get(level, ())
    moments = [
        (_moment(step, raised_at, opening), place, step.who) for place, step in enumerate(steps)
    ]
    return [
        PlannedStep(position, who, next_at)
        for position, (next_at, _, who) in enumerate(sorted(moments), start=1)
    ]


def level_now(
    escalation: Escalation, level: Level, raised_at: datetime, now: datetime, *, seen: bool
) -> Level:
    """Return the level of a flag after it stood unseen (an E2 unread for 72 hours is an E1)."""
    rise = escalation.rises.get(level)
    if seen or rise is None or now - raised_at < timedelta(hours=rise.after_hours):
        return level
    return rise.to


def escalation_from(data: Mapping[str, object]) -> Escalation:
    """Read the escalation file; RuleFileError names the level and the path."""
    version = data.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise RuleFileError("file", "version", "expected a whole number")
    levels = data.get("levels")
    given = levels if isinstance(levels, Mapping) else {}
    steps = {level: _steps(given.get(level.value), level) for level in Level}
    return Escalation(version, steps, _rises(data), _steps(data.get("operations"), "operations"))


def _moment(
    step: Step, raised_at: datetime, opening: Callable[[datetime], datetime | None]
) -> datetime:
    start = raised_at
    if step.clock is Clock.CLINIC_HOURS:
        start = opening(raised_at) or raised_at
    return start + timedelta(minutes=step.after_minutes)


def _steps(given: object, level: str) -> tuple[Step, ...]:
    if not isinstance(given, list) or not given:
        raise RuleFileError(level, "levels", "expected a list with at least one step")
    return tuple(_step(each, level, f"levels.{level}[{place}]") for place, each in enumerate(given))


def _step(data: object, level: str, path: str) -> Step:
    if not isinstance(data, Mapping):
        raise RuleFileError(level, path, "expected an object")
    minutes = data.get("after_minutes")
    if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes < 0:
        raise RuleFileError(level, f"{path}.after_minutes", "expected minutes, 0 or more")
    try:
        return Step(Audience(str(data.get("who"))), minutes, Clock(str(data.get("clock"))))
    except ValueError as problem:
        raise RuleFileError(level, path, str(problem)) from None


def _rises(data: Mapping[str, object]) -> dict[Level, Rise]:
    given = data.get("rises", {})
    if not isinstance(given, Mapping):
        raise RuleFileError("file", "rises", "expected an object")
    return {Level(level): _rise(rise, str(level)) for level, rise in given.items()}


def _rise(data: object, level: str) -> Rise:
    if not isinstance(data, Mapping) or set(data) != {"to", "after_hours"}:
        raise RuleFileError(level, f"rises.{level}", "expected to and after_hours")
    return Rise(Level(data["to"]), int(data["after_hours"]))
