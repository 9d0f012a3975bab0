"""The schedule of one item of one plan version, cut to the days in which it is in force."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from rehab.domain.recurrence import Schedule, TimesPerWeek, local_date, schedule_from


def schedule_in_force(
    data: Mapping[str, object],
    zone: str,
    *,
    home_zone: str = "",
    kind: str,
    starts_on: date,
    ends_on: date | None,
    training_expires_on: date | None,
    effective_at: datetime,
    ended_at: datetime | None,
) -> Schedule:
    """Return the schedule of an item while its version is in force.

    Training ends with its expiry at the latest; care goes on (marked for review). n per week
    counts days in force, so there the version cuts; clock times are cut by instants, elsewhere.

    home_zone: the zone the item was written in, where its patient has travelled since. It decides
    on which dates a version begins and ends, so that a slot has the same date on every clock.
    """
    home_zone = home_zone or zone
    expiry = training_expires_on if kind == "training" else None
    last = _earliest(ends_on, expiry)
    if last is not None and last < starts_on:
        last = starts_on - timedelta(days=1)
        return replace(schedule_from(data, zone, starts_on=starts_on), ends_on=last)
    schedule = schedule_from(data, zone, starts_on=starts_on, ends_on=last)
    if not isinstance(schedule.rule, TimesPerWeek):
        return schedule
    return replace(
        schedule,
        starts_on=max(schedule.starts_on, local_date(effective_at, home_zone)),
        ends_on=_earliest(schedule.ends_on, _day_before(ended_at, home_zone)),
    )


def _earliest(one: date | None, other: date | None) -> date | None:
    return min(filter(None, (one, other)), default=None)


def _day_before(moment: datetime | None, zone: str) -> date | None:
    return None if moment is None else local_date(moment, zone) - timedelta(days=1)
