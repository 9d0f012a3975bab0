"""Opening a record of the clinic without being its clinician: said plainly before it happens."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.access.decisions import Decision, require
from patients.actions.attempts import count_attempt
from patients.actions.break_glass import break_glass, may_break_glass, record_of_clinic
from patients.domain.errors import Conflict, DomainError
from patients.models.authority import authority_of
from patients.web.doors import page, put_on_form
from patients.web.forms import BreakGlassForm

# Enough for a bad night; too few to try numbers.
MOST_AN_HOUR = 10


@page("GET", "POST")
def by_number(request: HttpRequest) -> HttpResponse:
    """For whoever practises: the number of a record in their clinic, and why."""
    now = timezone.now()
    if not authority_of(request.user, at=now).clinics_of_posts(now):
        require(Decision.HIDDEN)
    form = BreakGlassForm(request.POST or None, with_number=True)
    if request.method == "POST" and form.is_valid():
        try:
            count_attempt("break_glass", str(request.user.pk), most=MOST_AN_HOUR)
            number = form.cleaned_data["record_number"]
            patient_id = record_of_clinic(by=request.user, at=now, record_number=number)
            return _open(request, patient_id, form.cleaned_data["reason"])
        except DomainError as error:
            put_on_form(form, error)
    return _show(request, form)


@page("GET", "POST")
def of_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """For whoever practises and was given the address of a record."""
    if not may_break_glass(by=request.user, at=timezone.now(), patient_id=patient_id):
        return redirect(_record(patient_id))
    form = BreakGlassForm(request.POST or None, with_number=False)
    if request.method == "POST" and form.is_valid():
        try:
            return _open(request, patient_id, form.cleaned_data["reason"])
        except DomainError as error:
            if error.status in (403, 404):
                raise
            put_on_form(form, error)
    return _show(request, form)


def _open(request: HttpRequest, patient_id: UUID, reason: str) -> HttpResponse:
    try:
        break_glass(by=request.user, at=timezone.now(), patient_id=patient_id, reason=reason)
        messages.success(
            request,
            _("The record is open to you for 24 hours. Who opened it and why is in its audit."),
        )
    except Conflict:
        messages.info(request, _("You are this patient's clinician already."))
    return redirect(_record(patient_id))


def _record(patient_id: UUID) -> str:
    return reverse("rehab:patient", args=[patient_id])


def _show(request: HttpRequest, form: BreakGlassForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "patients/break_glass.html", {"form": form}, status=status)
