"""Flags that somebody answered: who, when, and what they wrote."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.access.decisions import through
from patients.domain.errors import Invalid
from patients.domain.roles import Scope
from patients.models import User
from patients.models.authority import authority_of
from rehab.models import SafetyFlag
from rehab.models.reads.cursors import InOrder, place_in
from rehab.models.reads.flags import answered_in, levels_before
from rehab.web.doors import page, show
from rehab.web.presenters.flags import answered_page
from rehab.web.presenters.tabs import tabs_for, tabs_without_patient
from rehab.web.viewing import language_now, view_patient


@page("GET", "HEAD")
def answered(request: HttpRequest) -> HttpResponse:
    """Of every patient whose alerts this account may receive."""
    user: User = request.user  # type: ignore[assignment]
    now = timezone.now()
    authority = authority_of(user, at=now)
    flags = SafetyFlag.objects.visible_under(authority, scope=Scope.RECEIVE_ALERTS, at=now)
    found = answered_in(
        flags,
        language=language_now(),
        with_conditions=through("patient", authority, Scope.SEE_CONDITIONS, now),
        after=_place(request),
    )
    before = levels_before(found.results)
    context = {
        "tabs": tabs_without_patient(authority, "caseload"),
        "back": (reverse("rehab:caseload"), _("Caseload")),
        "page": answered_page(found, before, reverse("rehab:flags-answered"), None),
    }
    return show(request, "rehab/flags.html", context)


@page("GET", "HEAD")
def answered_of(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Of one patient, on the patient's clock."""
    viewer = view_patient(request, patient_id, action="receive_alerts", looked_at="flags")
    found = answered_in(
        SafetyFlag.objects.filter(patient_id=patient_id),
        language=viewer.language,
        with_conditions=through("patient", viewer.authority, Scope.SEE_CONDITIONS, viewer.now),
        after=_place(request),
    )
    before = levels_before(found.results)
    here = reverse("rehab:flags-of", args=[patient_id])
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "patient"),
        "back": (reverse("rehab:patient", args=[patient_id]), viewer.patient.name),
        "page": answered_page(found, before, here, viewer.patient.zone),
    }
    return show(request, "rehab/flags.html", context)


def _place(request: HttpRequest) -> InOrder | None:
    try:
        return place_in(request.GET["after"], InOrder) if "after" in request.GET else None
    except Invalid:
        return None
