"""Spans of time that a clinician keeps in view: weeks since an injury, days since a session.

A span that has passed is no longer mentioned. Nothing here ever says that it is too late.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

DAYS_A_WEEK = 7
# A task of the plan stays in view this long after its day.
TASK_STAYS = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """counts: what is counted from. weeks: how long it lasts; days: how long a gap may be."""

    code: str
    counts: Literal["injury", "plan_start", "last_session", "none"]
    weeks: int | None = None
    days: int | None = None
    modality: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is known of one patient, in local dates of the patient's zone.

    injured_on: since when muscles are without their nerve. last_on: modality -> last session.
    """

    today: date
    injured_on: date | None = None
    plan_began_on: date | None = None
    last_on: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a patient stands in a window: "week 3 of 8", or 17 days since the last session.

    gap_too_long: the settings need to be confirmed again before the next session.
    """

    code: str
    week: int | None = None
    weeks: int | None = None
    days_since: int | None = None
    gap_too_long: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something the plan asks for on a day: an assessment, a review."""

    week: int
    on: date


def standing_in(window: Window, course: Course) -> Standing | None:
    """Return where a patient stands, or None where the window does not apply or has passed.

    Source: clinical/facts.md 2.6.
    """
    if window.counts == "last_session":
        return _since_last(window, course)
    begins = {"injury": course.injured_on, "plan_start": course.plan_began_on}.get(window.counts)
    if begins is None or window.weeks is None or begins > course.today:
        return None
    week = (course.today - begins).days // DAYS_A_WEEK + 1
    if week > window.weeks:
        return None
    return Standing(code=window.code, week=week, weeks=window.weeks)


def _since_last(window: Window, course: Course) -> Standing | None:
    last = course.last_on.get(window.modality or "")
    if last is None or window.days is None:
        return None
    days = max((course.today - last).days, 0)
    return Standing(code=window.code, days_since=days, gap_too_long=days > window.days)


def tasks_ahead(
    weeks: Sequence[int], *, began_on: date, today: date, most: int = 2
) -> Sequence[Task]:
    """Return the next tasks of a plan, and those whose day passed within the last fortnight."""
    tasks = [Task(week=week, on=began_on + timedelta(weeks=week)) for week in sorted(set(weeks))]
    return [task for task in tasks if task.on >= today - TASK_STAYS][:most]
