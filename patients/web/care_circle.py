"""Who helps a patient: the list, inviting, and ending; and registering a patient."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.actions.invitations import invite_to_patient
from patients.actions.patients import register_patient
from patients.actions.permission import require_for_patient
from patients.actions.relationships import end_relationship
from patients.channels.letters import send_invitation
from patients.domain.errors import Conflict, DomainError, NotVisible
from patients.models import CareRelationship, Clinic, Patient
from patients.models.relationship import SCOPES
from patients.web.doors import page, put_on_form
from patients.web.forms import InviteForm, RegisterForm


@page("GET", "POST")
def helpers(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Who helps this patient, with a form to invite one more."""
    _authority, patient = require_for_patient(
        by=request.user, at=timezone.now(), patient_id=patient_id, action="manage"
    )
    if request.method == "GET":
        return _show(request, patient, InviteForm())
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _show(request, patient, form, status=422)
    try:
        issued = invite_to_patient(
            by=request.user, at=timezone.now(), patient_id=patient_id, **form.cleaned_data
        )
    except DomainError as error:
        put_on_form(form, error)
        return _show(request, patient, form, status=422)
    sent = send_invitation(issued.invitation, issued.code)
    return _show(request, patient, InviteForm(), issued=issued, sent=sent)


@page("POST")
def end(request: HttpRequest, patient_id: UUID, relationship_id: UUID) -> HttpResponse:
    """End somebody's access, or one's own help."""
    try:
        relationship = end_relationship(
            by=request.user, at=timezone.now(), patient_id=patient_id,
            relationship_id=relationship_id,
        )  # fmt: skip
    except Conflict as error:
        # Pressed twice, or ended by somebody else meanwhile.
        messages.info(request, _(error.detail))
        return redirect("people:account")
    messages.success(request, _("The access has ended."))
    own = request.user.pk in (relationship.user_id, relationship.patient.user_id)
    return redirect("people:account") if own else redirect("people:helpers", patient_id)


@page("GET", "POST")
def register(request: HttpRequest) -> HttpResponse:
    """Register a patient in a clinic where this account works."""
    clinics = list(Clinic.objects.worked_in_by(request.user, timezone.now()))
    if not clinics:
        raise NotVisible
    form = RegisterForm(request.POST or None, initial={"language": request.user.language})
    form.fields["clinic"].choices = [(str(clinic.pk), clinic.name) for clinic in clinics]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            patient = _register(request, form)
            return redirect("people:helpers", patient.pk)
        except DomainError as error:
            put_on_form(form, error)
    status = 422 if form.errors else 200
    return render(request, "patients/register.html", {"form": form}, status=status)


def helpers_of(patient: Patient, at: datetime) -> list[CareRelationship]:
    """Running relationships of a patient, each with its rights in words."""
    rows = CareRelationship.objects.running(at).filter(patient=patient).select_related("user")
    words = dict(SCOPES)
    people = list(rows.order_by("role", "user__name", "id"))
    for relationship in people:
        relationship.rights = [words[scope] for scope in relationship.scopes]  # type: ignore[attr-defined]
    return people


def _register(request: HttpRequest, form: RegisterForm) -> Patient:
    facts = dict(form.cleaned_data)
    return register_patient(
        by=request.user, at=timezone.now(), clinic_id=UUID(facts.pop("clinic")), **facts
    )


def _show(
    request: HttpRequest, patient: Patient, form: InviteForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "patient": patient,
        "helpers": helpers_of(patient, timezone.now()),
        "form": form,
        "address": settings.PUBLIC_URL + reverse("people:accept-invitation"),
        **more,
    }
    return render(request, "patients/patient_helpers.html", context, status=status)
