"""The account page: name, language, contact points, quiet hours, and who can see me."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.actions.accounts import edit_account
from patients.actions.contact import (
    add_contact_point,
    retire_contact_point,
    set_notification_preferences,
    verify_contact_point,
)
from patients.adapters import speak
from patients.channels.letters import read_address_check, send_address_check
from patients.domain.errors import DomainError
from patients.models import CareRelationship, ContactPoint, NotificationPreference, Patient, User
from patients.web.doors import open_page, page, put_on_form
from patients.web.forms import ContactPointForm, ProfileForm, QuietHoursForm
from patients.web.helpers import helpers_of


@page("GET")
def account(request: HttpRequest) -> HttpResponse:
    return _show(request)


@page("POST")
def edit_profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _show(request, profile_form=form)
    user = edit_account(by=request.user, **form.cleaned_data)
    response = redirect("people:account")
    speak(response, user.language)
    return response


@page("POST")
def add_contact(request: HttpRequest) -> HttpResponse:
    form = ContactPointForm(request.POST)
    if not form.is_valid():
        return _show(request, contact_form=form)
    try:
        point = add_contact_point(by=request.user, at=timezone.now(), **form.cleaned_data)
    except DomainError as error:
        put_on_form(form, error)
        return _show(request, contact_form=form)
    if point.verified_at is None and send_address_check(point):
        messages.info(request, _("A letter with a link is on its way to this address."))
    return redirect("people:account")


@page("POST")
def remove_contact(request: HttpRequest, contact_point_id: UUID) -> HttpResponse:
    retire_contact_point(by=request.user, at=timezone.now(), contact_point_id=contact_point_id)
    return redirect("people:account")


@page("POST")
def set_quiet_hours(request: HttpRequest) -> HttpResponse:
    form = QuietHoursForm(request.POST)
    if not form.is_valid():
        return _show(request, quiet_form=form)
    try:
        set_notification_preferences(by=request.user, at=timezone.now(), **form.cleaned_data)
    except DomainError as error:
        put_on_form(form, error)
        return _show(request, quiet_form=form)
    messages.success(request, _("Saved."))
    return redirect("people:account")


@open_page("GET", "POST")
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """The link from a letter. Only pressing the button confirms: mail programs follow links."""
    point_id, address = read_address_check(token) or (None, "")
    if request.method == "POST" and point_id:
        verify_contact_point(at=timezone.now(), contact_point_id=UUID(point_id), address=address)
        messages.success(request, _("This address is confirmed."))
        return redirect("people:account")
    context = {"point_id": point_id, "address": address}
    return render(request, "patients/confirm_address.html", context)


def _show(request: HttpRequest, **forms_with_errors: forms.Form) -> HttpResponse:
    context = {**_fresh(request.user), **forms_with_errors}
    return render(
        request, "patients/account.html", context, status=422 if forms_with_errors else 200
    )


def _fresh(user: User) -> dict[str, Any]:
    at = timezone.now()
    preference = NotificationPreference.objects.filter(user=user).first()
    own = Patient.objects.visible_to(user, at=at).filter(user=user).order_by("name", "id")
    helped = CareRelationship.objects.running(at).filter(user=user).select_related("patient")
    return {
        "profile_form": ProfileForm(initial={"name": user.name, "language": user.language}),
        "contact_form": ContactPointForm(),
        "quiet_form": QuietHoursForm.of(preference or NotificationPreference()),
        "contact_points": ContactPoint.objects.of(user).in_use(),
        "own_records": [
            {"patient": patient, "helpers": helpers_of(patient, at)} for patient in own
        ],
        "helped": helped.order_by("patient__name", "id"),
    }
