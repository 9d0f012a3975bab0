"""Today: what is due now, what comes next, and what is settled."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from patients.actions.break_glass import opened_lately
from rehab.actions.travel import clock_followed
from rehab.domain.recurrence import local_date, local_time
from rehab.models.reads.assessments import due_for
from rehab.models.reads.care_notes import unread_of
from rehab.models.reads.today import Today, today_of
from rehab.web.doors import page, show
from rehab.web.presenters import clock
from rehab.web.presenters.assessments import DueLine, due_lines
from rehab.web.presenters.tabs import tabs_for
from rehab.web.presenters.today import today_page
from rehab.web.reaching import is_unreached
from rehab.web.viewing import Viewer, view_patient


@page("GET", "HEAD")
def today(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, looked_at="today")
    return show_today(request, viewer)


def show_today(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Answer with the day, whole or as the fragment that stands in its place."""
    day = today_of(
        viewer.patient.pk, now=viewer.now, language=viewer.language, reader=viewer.reader
    )
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "today"),
        "page": today_page(day, viewer, _tomorrow(day, viewer)),
        "clock_minutes": _clock_minutes(viewer),
        "measure_again": _measure_again(viewer),
        "new_notes": new_notes(viewer),
        "opened": _opened(viewer),
        "is_unreached": is_unreached(viewer.user, now=viewer.now),
    }
    return show(request, "rehab/today.html", context, fragments={"today": "rehab/today/day.html"})


def new_notes(viewer: Viewer) -> int | None:
    """Notes that wait for this reader; None for who reads none at all."""
    if not viewer.may("log_sessions"):
        return None
    return unread_of(viewer.patient.pk, authority=viewer.authority, at=viewer.now)


def _measure_again(viewer: Viewer) -> list[DueLine]:
    """What is due to be measured again, of what this person may enter and may know of."""
    if not (viewer.may("see_conditions") and viewer.may("log_sessions")):
        return []
    today = local_date(viewer.now, viewer.patient.zone)
    due = due_for(viewer.patient.pk, today=today, language=viewer.language)
    return due_lines([each for each in due if each.overdue], viewer)


def _opened(viewer: Viewer) -> list[str]:
    """Who opened this record lately without being its clinician, in their own words."""
    if not viewer.may("read_audit"):
        return []
    zone = viewer.patient.zone
    return [
        _(
            "%(who)s of your clinic, who is not your clinician, opened this record on %(when)s:"
            " “%(why)s”. It was open to them for 24 hours."
        )
        % {"who": each.by, "when": clock.moment(each.at, zone), "why": each.reason}
        for each in opened_lately(by=viewer.user, at=viewer.now, patient_id=viewer.patient.pk)
    ]


def _clock_minutes(viewer: Viewer) -> int | None:
    """Minutes east of UTC of the clock that follows the patient, to hold the device's against."""
    zone = clock_followed(viewer.patient.pk) if viewer.is_patient else None
    offset = local_time(viewer.now, zone).utcoffset() if zone else None
    return None if offset is None else round(offset.total_seconds() / 60)


def _tomorrow(day: Today, viewer: Viewer) -> Today | None:
    """Tomorrow is read only when nothing more is due today."""
    if any(each.state == "due" for each in day.occurrences) or day.plan is None:
        return None
    following = day.date + timedelta(days=1)
    return today_of(viewer.patient.pk, now=viewer.now, language=viewer.language, on=following)
