"""Who answers in a clinic: the rota, its hours and holidays, and who is away."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.actions.absences import end_absence, record_absence
from patients.actions.clinics import edit_clinic, set_duty_rota
from patients.actions.permission import require_in_clinic
from patients.domain.errors import DomainError
from patients.models import Clinic, DutyShift, Practitioner, User
from patients.models.authority import authority_of
from rehab.domain.recurrence import instant
from rehab.web.doors import go, page, show
from rehab.web.forms.clinic import AwayForm, ClinicForm, rota_forms
from rehab.web.forms.refusals import sentences
from rehab.web.presenters.duty import clinic_card
from rehab.web.presenters.tabs import tabs_without_patient


@page("GET", "HEAD")
def duty(request: HttpRequest) -> HttpResponse:
    """Who is on duty now and next, in every clinic where this account works."""
    user: User = request.user  # type: ignore[assignment]
    now = timezone.now()
    authority = authority_of(user, at=now)
    cards = [
        clinic_card(clinic, user, authority, now)
        for clinic in Clinic.objects.worked_in_by(user, now)
    ]
    context = {"tabs": tabs_without_patient(authority, "duty"), "clinics": cards}
    return show(request, "rehab/duty/duty.html", context)


@page("GET", "HEAD", "POST")
def rota(request: HttpRequest, clinic_id: UUID) -> HttpResponse:
    """A coordinator writes the whole rota: one line a turn, a line without a person goes."""
    user, now, clinic = _coordinated(request, clinic_id)
    staff = _staff(clinic, now)
    given = request.POST if request.method == "POST" else None
    forms = rota_forms(given, staff, list(DutyShift.objects.of(clinic)))
    if given is not None and forms.is_valid():
        try:
            set_duty_rota(by=user, at=now, clinic_id=clinic_id, turns=forms.turns())
            messages.success(request, _("Saved."))
            return go(request, reverse("rehab:duty"))
        except DomainError as error:
            _warn(request, error)
    return _form_page(request, "rehab/duty/rota.html", clinic, forms=forms, failed=given)


@page("GET", "HEAD", "POST")
def hours(request: HttpRequest, clinic_id: UUID) -> HttpResponse:
    """A coordinator keeps opening hours, holidays, and how the clinic is reached."""
    user, now, clinic = _coordinated(request, clinic_id)
    given = request.POST if request.method == "POST" else None
    form = ClinicForm(given, initial=ClinicForm.of(clinic))
    if given is not None and form.is_valid():
        try:
            edit_clinic(by=user, at=now, clinic_id=clinic_id, changes=form.changes())
            messages.success(request, _("Saved."))
            return go(request, reverse("rehab:duty"))
        except DomainError as error:
            _warn(request, error)
    return _form_page(request, "rehab/duty/hours.html", clinic, form=form, failed=given)


@page("GET", "HEAD", "POST")
def away(request: HttpRequest, clinic_id: UUID) -> HttpResponse:
    """Say from when to when somebody is away, and who has their patients and alerts."""
    user: User = request.user  # type: ignore[assignment]
    now = timezone.now()
    clinic = require_in_clinic(by=user, at=now, clinic_id=clinic_id)
    given = request.POST if request.method == "POST" else None
    coordinates = clinic_id in authority_of(user, at=now).coordinated_clinics(now)
    form = AwayForm(given, staff=_staff(clinic, now), own=user.pk, for_anybody=coordinates)
    if given is not None and form.is_valid():
        try:
            record_absence(by=user, at=now, clinic_id=clinic_id, **_span(form, clinic))
            messages.success(request, _("Handed over. It ends by itself."))
            return go(request, reverse("rehab:duty"))
        except DomainError as error:
            if error.status in (403, 404):
                raise
            _warn(request, error)
    return _form_page(request, "rehab/duty/away.html", clinic, form=form, failed=given)


@page("POST")
def back(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """End an absence before its time, or call it off."""
    user: User = request.user  # type: ignore[assignment]
    try:
        end_absence(by=user, at=timezone.now(), absence_id=absence_id)
        messages.success(request, _("Ended. The patients and alerts are theirs again."))
    except DomainError as error:
        if error.status in (403, 404):
            raise
        _warn(request, error)
    return go(request, reverse("rehab:duty"))


def _coordinated(request: HttpRequest, clinic_id: UUID) -> tuple[User, datetime, Clinic]:
    user: User = request.user  # type: ignore[assignment]
    now = timezone.now()
    return user, now, require_in_clinic(by=user, at=now, clinic_id=clinic_id, coordinator=True)


def _staff(clinic: Clinic, now: datetime) -> list[Practitioner]:
    posts = Practitioner.objects.running(now).filter(clinic=clinic).select_related("user")
    return list(posts.order_by("user__name", "id"))


def _span(form: AwayForm, clinic: Clinic) -> dict[str, Any]:
    """The days of a form as moments of the clinic's clock; the last day counts whole."""
    told = form.cleaned_data
    return {
        "practitioner_id": UUID(told["practitioner"]),
        "deputy_id": UUID(told["deputy"]),
        "starts_at": instant(told["first"], time.min, clinic.zone),
        "ends_at": instant(told["last"] + timedelta(days=1), time.min, clinic.zone),
    }


def _warn(request: HttpRequest, error: DomainError) -> None:
    for sentence in sentences(error):
        messages.warning(request, sentence)


def _form_page(
    request: HttpRequest, template: str, clinic: Clinic, *, failed: object, **more: object
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    tabs = tabs_without_patient(authority_of(user, at=timezone.now()), "duty")
    context = {"clinic": clinic, "tabs": tabs, **more}
    return show(request, template, context, status=422 if failed is not None else 200)
