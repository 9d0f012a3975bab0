"""What a red flag says to whoever holds the phone."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from patients.domain.errors import NotVisible
from rehab.actions.acknowledging import ANSWERED_AT_HOME
from rehab.domain.safety import Level
from rehab.models.reads.flags import FlagView, flags_beside
from rehab.web.doors import page, show
from rehab.web.presenters.alerts import panels_from
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import Viewer, view_patient


@page("GET", "HEAD")
def alert(request: HttpRequest, patient_id: UUID, flag_id: UUID) -> HttpResponse:
    """One flag, and whatever else the same entry raised, the most urgent first."""
    viewer = view_patient(request, patient_id, looked_at="alert")
    flags = flags_beside(patient_id, flag_id, language=viewer.language)
    if not flags:
        raise NotVisible
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "today"),
        "panels": panels_from(flags, viewer),
        "asks_if_ok": _to_answer(flags, viewer),
        # In an emergency nobody is to sit down and write.
        "may_write": viewer.may("log_sessions")
        and not any(each.level == Level.E0 for each in flags),
    }
    return show(request, "rehab/alert.html", context)


def _to_answer(flags: Sequence[FlagView], viewer: Viewer) -> FlagView | None:
    """Return the question that one tap answers, for somebody who may."""
    if not (viewer.may("log_sessions") and viewer.may("receive_alerts")):
        return None
    waiting = (each for each in flags if each.rule in ANSWERED_AT_HOME and not each.seen)
    return next(waiting, None)
