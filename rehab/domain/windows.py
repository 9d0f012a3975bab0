"""Spans of time that a clinician keeps in view: weeks since an injury, days since a session.

A span that has passed is no longer mentioned. Nothing here ever says that it is too late.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

DAYS_A_WEEK = 7
# A task of the plan stays in view this long after its day.
TASK_STAYS = timedelta(days=14)
# How long a window without a span of its own is mentioned: a choice of the screen, no deadline.
MENTIONED_WEEKS = {"injury": 26, "plan_start": 2}
# Without a plan after this many weeks of a window, a patient moves up the list (facts 2.6).
WEEKS_WITHOUT_A_PLAN = 2


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
    modalities: what the running plan holds.
    """

    today: date
    injured_on: date | None = None
    plan_began_on: date | None = None
    last_on: Mapping[str, date] = field(default_factory=dict)
    modalities: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowStanding:
    """Where a patient stands in a window: "week 3 of 8", or 17 days since the last session.

    weeks: null for a window that has no span of its own. gap_too_long: the settings need to be
    confirmed again before the next session.
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


def standing_in(window: Window, course: Course) -> WindowStanding | None:
    """Return where a patient stands, or None where the window does not apply or has passed.

    Source: clinical/facts.md 2.6.
    """
    if window.counts == "last_session":
        return _since_last(window, course)
    begins = {"injury": course.injured_on, "plan_start": course.plan_began_on}.get(window.counts)
    if begins is None or begins > course.today or not _concerns(window, course):
        return None
    week = (course.today - begins).days // DAYS_A_WEEK + 1
    if week > (window.weeks or MENTIONED_WEEKS[window.counts]):
        return None
    return WindowStanding(code=window.code, week=week, weeks=window.weeks)


def _concerns(window: Window, course: Course) -> bool:
    """Tell whether a window is about this plan: about any, or about a modality that it holds."""
    if window.modality is not None:
        return window.modality in course.modalities
    return window.counts == "injury" or window.weeks is not None


def _since_last(window: Window, course: Course) -> WindowStanding | None:
    last = course.last_on.get(window.modality or "")
    if last is None or window.days is None:
        return None
    days = max((course.today - last).days, 0)
    return WindowStanding(code=window.code, days_since=days, gap_too_long=days > window.days)


def waits_for_a_plan(standings: Iterable[WindowStanding], *, has_plan: bool) -> bool:
    """Tell whether weeks that count go by without a plan. Only windows with a span count."""
    return not has_plan and any(
        each.weeks is not None and each.week is not None and each.week > WEEKS_WITHOUT_A_PLAN
        for each in standings
    )


def tasks_ahead(
    weeks: Sequence[int], *, began_on: date, today: date, most: int = 2
) -> Sequence[Task]:
    """Return the next tasks of a plan, and those whose day passed within the last fortnight."""
    tasks = [Task(week=week, on=began_on + timedelta(weeks=week)) for week in sorted(set(weeks))]
    return [task for task in tasks if task.on >= today - TASK_STAYS][:most]
