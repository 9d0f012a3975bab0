"""A schedule in words: which days, what times, whose clock."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.web.presenters import clock, words


def schedule_line(schedule: Mapping[str, object], zone: str, language: str) -> str:
    times = _times(schedule)
    return " · ".join(
        filter(None, (_rule(schedule, language), times, clock.zone_label(zone, language)))
    )


def _rule(schedule: Mapping[str, object], language: str) -> str:
    match schedule.get("rule"):
        case "weekly":
            return _days(list(schedule.get("days", ())), language)  # type: ignore[call-overload]
        case "every_n_days":
            n = int(str(schedule.get("n", 1)))
            return ngettext("Every %(n)s day", "Every %(n)s days", n) % {"n": n}
        case "times_per_week":
            n = int(str(schedule.get("n", 1)))
            return ngettext(
                "%(n)s time a week, on any day", "%(n)s times a week, on any days", n
            ) % {"n": n}
    return _("No schedule yet")


def _days(days: list[str], language: str) -> str:
    if len(days) == 7:
        return _("Every day")
    names = [str(words.DAYS[day]) for day in words.DAYS if day in days]
    return ("、" if language == "zh-Hans" else ", ").join(names)


def _times(schedule: Mapping[str, object]) -> str:
    slots = schedule.get("slots") or ()
    times = [str(slot["at"]) for slot in slots if isinstance(slot, Mapping)]  # type: ignore[attr-defined]
    if not times and schedule.get("at"):
        times = [str(schedule["at"])]
    return ", ".join(times)
