"""Dates and times on the patient's clock, said so that nobody mistakes whose clock it is."""

from datetime import date, datetime, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from rehab.domain.recurrence import local_time
from rehab.models.reads.names import said_in, zone_name


def clock(moment: datetime, zone: str) -> str:
    return f"{local_time(moment, zone):%H:%M}"


def day(on: date, today: date | None = None) -> str:
    """A date in words, with today and yesterday by name."""
    if today is not None:
        if on == today:
            return _("Today")
        if on == today - timedelta(days=1):
            return _("Yesterday")
    pattern = "MONTH_DAY_FORMAT" if today is not None and on.year == today.year else "DATE_FORMAT"
    return formats.date_format(on, pattern)


def month_day(on: date) -> str:
    return formats.date_format(on, "MONTH_DAY_FORMAT")


def weekday(on: date) -> str:
    return formats.date_format(on, "l")


def moment(at: datetime, zone: str, today: date | None = None) -> str:
    """A day and a time, such as "Yesterday 18:22"."""
    local = local_time(at, zone)
    return f"{day(local.date(), today)} {local:%H:%M}"


def zone_label(zone: str, language: str) -> str:
    return said_in(zone_name(zone), language)


def ago(days: int | None) -> str:
    """How long since, in days; empty where there was never anything."""
    if days is None:
        return ""
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return _("%(days)s days ago") % {"days": days}
