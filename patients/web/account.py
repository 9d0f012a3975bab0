"""The account page: name, language, how I am reached, quiet hours, and who can see me."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.actions.accounts import edit_account
from patients.actions.contact import set_notification_preferences
from patients.adapters import speak
from patients.channels.push_key import public_key
from patients.domain.errors import DomainError
from patients.models import CareRelationship, ContactPoint, NotificationPreference, Patient, User
from patients.models.contact import TOLD_FOR
from patients.web.care_circle import helpers_of
from patients.web.doors import page, put_on_form
from patients.web.forms import ContactPointForm, ProfileForm, QuietHoursForm


@page("GET")
def account(request: HttpRequest) -> HttpResponse:
    return show(request)


@page("POST")
def edit_profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return show(request, profile_form=form)
    user = edit_account(by=request.user, **form.cleaned_data)
    response = redirect("people:account")
    speak(response, user.language)
    return response


@page("POST")
def set_quiet_hours(request: HttpRequest) -> HttpResponse:
    form = QuietHoursForm(request.POST)
    if not form.is_valid():
        return show(request, quiet_form=form)
    try:
        set_notification_preferences(by=request.user, at=timezone.now(), **form.cleaned_data)
    except DomainError as error:
        put_on_form(form, error)
        return show(request, quiet_form=form)
    messages.success(request, _("Saved."))
    return redirect("people:account")


def show(request: HttpRequest, **forms_with_errors: forms.Form) -> HttpResponse:
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
        "lost": ContactPoint.objects.of(user).lost_since(at - TOLD_FOR),
        "push_key": public_key(settings.VAPID_PRIVATE_KEY),
        "own_records": [
            {"patient": patient, "helpers": helpers_of(patient, at)} for patient in own
        ],
        "helped": helped.order_by("patient__name", "id"),
    }
