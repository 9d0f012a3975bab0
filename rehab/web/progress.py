"""How it goes, for the patient and whoever may see; and what each figure means."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from patients.models import User
from patients.models.authority import authority_of
from rehab.actions.up_to_now import progress_up_to_now
from rehab.domain.definitions import GROUPS, definitions_in
from rehab.domain.recurrence import local_date, week_of
from rehab.web.doors import page, show
from rehab.web.presenters.progress import PERIODS, USUAL_WEEKS, progress_page
from rehab.web.presenters.tabs import tabs_for, tabs_without_patient
from rehab.web.viewing import language_now, view_patient


@page("GET", "HEAD")
def progress(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, looked_at="progress")
    weeks = _weeks(request.GET.get("weeks", ""))
    today = local_date(viewer.now, viewer.patient.zone)
    found = progress_up_to_now(
        patient_id,
        first=week_of(today) - timedelta(weeks=weeks - 1),
        last=today,
        now=viewer.now,
        language=viewer.language,
        scopes=viewer.authority.scopes_for(patient_id, viewer.now),
    )
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "history"),
        "page": progress_page(found, viewer, weeks=weeks),
    }
    return show(request, "rehab/progress.html", context)


@page("GET", "HEAD")
def figures(request: HttpRequest) -> HttpResponse:
    """What every figure of progress means, in the words that the API and the table use."""
    user: User = request.user  # type: ignore[assignment]
    language, authority = language_now(), authority_of(user, at=timezone.now())
    defined = definitions_in(language)
    context = {
        "tabs": tabs_without_patient(authority, ""),
        "groups": [
            {"name": names[language], "figures": [each for each in defined if each.group == group]}
            for group, names in GROUPS.items()
        ],
    }
    return show(request, "rehab/figures.html", context)


def _weeks(asked: str) -> int:
    return int(asked) if asked in {str(each) for each in PERIODS} else USUAL_WEEKS
