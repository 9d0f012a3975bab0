"""The people somebody cares for, and the patients of somebody who practises."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from patients.access.decisions import patients_with
from patients.domain.errors import Invalid
from patients.models import Patient, User
from patients.models.authority import authority_of
from patients.models.duty import clinics_on_duty
from rehab.models.reads.caseload import Whose, caseload_of, chosen_by
from rehab.models.reads.cursors import InOrder, place_in
from rehab.models.reads.today import today_of
from rehab.models.reads.windows import in_view_of
from rehab.web.doors import page, show
from rehab.web.presenters.care import person_card
from rehab.web.presenters.caseload import caseload_page
from rehab.web.presenters.duty import stands_in
from rehab.web.presenters.tabs import tabs_without_patient
from rehab.web.reaching import is_unreached
from rehab.web.viewing import language_now

# One person's day is one statement; nobody cares for more people by hand than this.
MOST_PEOPLE = 30


@page("GET", "HEAD")
def care(request: HttpRequest) -> HttpResponse:
    """Everybody whose sessions this account may see: what happened today, and what comes next."""
    user: User = request.user  # type: ignore[assignment]
    now, language = timezone.now(), language_now()
    authority = authority_of(user, at=now)
    people = Patient.objects.visible_under(authority, scope="see_sessions", at=now).order_by(
        "name", "id"
    )
    cards = [
        person_card(patient, today_of(patient.pk, now=now, language=language), authority, language)
        for patient in people.select_related("clinic")[:MOST_PEOPLE]
    ]
    context = {"tabs": tabs_without_patient(authority, "care"), "people": cards}
    context["is_unreached"] = is_unreached(user, now=now)
    return show(request, "rehab/care.html", context)


@page("GET", "HEAD")
def caseload(request: HttpRequest) -> HttpResponse:
    """Who needs attention first; for whoever practises."""
    user: User = request.user  # type: ignore[assignment]
    now = timezone.now()
    authority = authority_of(user, at=now)
    if not authority.clinics_of_posts(now):
        return HttpResponseRedirect(reverse("rehab:care"))
    whose = _whose(request)
    here = clinics_on_duty(user, now)
    chosen = chosen_by(authority, whose, now, on_duty_in=here)
    in_view = in_view_of(
        chosen.patients,
        with_conditions=chosen.patients & patients_with(authority, "see_conditions", now),
        now=now,
    )
    found = caseload_of(
        patient_ids=chosen.patients,
        clinic_ids=chosen.clinics,
        flagged_only=chosen.flagged_only,
        now=now,
        in_view=in_view,
        after=_place(request),
    )
    context = {
        "tabs": tabs_without_patient(authority, "caseload"),
        "page": caseload_page(found, now, language_now(), in_view, whose=whose, on_duty=bool(here)),
        "stands_in": stands_in(user, now),
        "is_unreached": is_unreached(user, now=now),
    }
    return show(request, "rehab/caseload.html", context)


def _whose(request: HttpRequest) -> Whose:
    asked = request.GET.get("whose", "")
    return Whose(asked) if asked in set(Whose) else Whose.ALL


def _place(request: HttpRequest) -> InOrder | None:
    try:
        return place_in(request.GET["after"], InOrder) if "after" in request.GET else None
    except Invalid:
        return None
