"""The schedule of a stored item, cut to the days in which its version is in force."""

from datetime import datetime

from rehab.domain.in_force import schedule_in_force
from rehab.domain.recurrence import Schedule
from rehab.models import PlanItem


def schedule_of(item: PlanItem) -> Schedule:
    """Return the schedule of one item of one version, cut to the days in which it is in force."""
    return schedule_in_force(
        item.schedule,
        item.zone,
        home_zone=item.home_zone,
        kind=item.kind,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        training_expires_on=item.version.plan.training_expires_on,
        effective_at=in_force_from(item),
        ended_at=item.version.ended_at,
    )


def in_force_from(item: PlanItem) -> datetime:
    """Return when the item's version came into force; ValueError for a draft."""
    effective_at = item.version.effective_at
    if effective_at is None:
        raise ValueError("a draft version makes nothing due")
    return effective_at
