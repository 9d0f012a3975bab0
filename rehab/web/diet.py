"""What was eaten, drunk and weighed, beside the targets; and what is taken."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rehab.actions.diet import KeptDiet, log_diet, retract_diet
from rehab.actions.substances import KeptSubstance, record_substance, retract_substance
from rehab.domain.recurrence import local_date
from rehab.models.reads.content_lists import (
    LARGEST_PAGE,
    foods_for,
    recipes_for,
)
from rehab.models.reads.diet import diet_of
from rehab.models.reads.substances import substances_of
from rehab.web.content_reading import reader_for
from rehab.web.doors import go, page, show
from rehab.web.forms.diet import DietForm, TakenForm
from rehab.web.forms.refusals import focus_first_error
from rehab.web.presenters.alerts import panels_of
from rehab.web.presenters.diet import diet_page, taken_page
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import Viewer, view_patient
from rehab.web.withdrawing import ask_why

DAYS = 14


@page("GET", "HEAD", "POST")
def diet(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="see_diet", looked_at="diet_logs")
    form = _diet_form(request, viewer)
    confirming, reply = "", None
    if request.method == "POST":
        view_patient(request, patient_id, action="log_sessions")
        if form.is_valid():
            reply = log_diet(
                by=viewer.user,
                at=viewer.now,
                patient_id=patient_id,
                log_id=form.cleaned_data["id"],
                entry=form.entry(),
            )
            if reply.kept.status in (200, 201):
                return _kept(request, viewer, reply, reverse("rehab:diet", args=[patient_id]))
            if reply.kept.state == "confirm_required":
                confirming = form.cleaned_data["weight_kg"].strip()
            _refuse(form, reply)
    today = local_date(viewer.now, viewer.patient.zone)
    found = diet_of(
        patient_id, first=today - timedelta(days=DAYS - 1), last=today, language=viewer.language
    )
    context = {
        "form": form,
        "confirming": confirming,
        "panels": panels_of(reply.kept.flags, viewer) if reply else [],
        "page": diet_page(found, viewer),
        "may_log": viewer.may("log_sessions"),
        "may_see_taken": viewer.may("see_conditions"),
    }
    return _show(request, viewer, "eat/diet", context, status=422 if form.errors else 200)


@page("GET", "HEAD", "POST")
def withdraw(request: HttpRequest, patient_id: UUID, diet_log_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="log_sessions")
    of_whom = {"by": viewer.user, "at": viewer.now, "patient_id": patient_id}
    return ask_why(
        request,
        viewer,
        take_back=lambda reason: retract_diet(**of_whom, log_id=diet_log_id, reason=reason),
        back=reverse("rehab:diet", args=[patient_id]),
        tab="eat",
        done=_("Withdrawn. It counts in no sum any more."),
    )


@page("GET", "HEAD", "POST")
def taken(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Drugs, herbs and supplements: recorded, never recommended."""
    viewer = view_patient(request, patient_id, action="see_conditions", looked_at="substances")
    form = TakenForm(request.POST or None, viewer=viewer)
    if request.method == "POST":
        view_patient(request, patient_id, action="log_sessions")
        if form.is_valid():
            reply = record_substance(
                by=viewer.user,
                at=viewer.now,
                patient_id=patient_id,
                substance_id=form.cleaned_data["id"],
                entry=form.entry(),
            )
            if reply.kept.status in (200, 201):
                return _kept(request, viewer, reply, reverse("rehab:taken", args=[patient_id]))
            _refuse(form, reply)
    context = {
        "form": form,
        "page": taken_page(substances_of(patient_id, language=viewer.language), viewer),
        "may_log": viewer.may("log_sessions"),
    }
    return _show(request, viewer, "eat/taken", context, status=422 if form.errors else 200)


@page("GET", "HEAD", "POST")
def withdraw_taken(request: HttpRequest, patient_id: UUID, substance_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="log_sessions")
    of_whom = {"by": viewer.user, "at": viewer.now, "patient_id": patient_id}
    return ask_why(
        request,
        viewer,
        take_back=lambda reason: retract_substance(
            **of_whom, substance_id=substance_id, reason=reason
        ),
        back=reverse("rehab:taken", args=[patient_id]),
        tab="eat",
        done=_("Withdrawn. It no longer counts as taken."),
    )


def _diet_form(request: HttpRequest, viewer: Viewer) -> DietForm:
    reader = reader_for(viewer)
    return DietForm(
        request.POST or None,
        viewer=viewer,
        foods=[(each.code, each.name) for each in foods_for(reader, limit=LARGEST_PAGE).results],
        recipes=[
            (each.slug, each.name) for each in recipes_for(reader, limit=LARGEST_PAGE).results
        ],
    )


def _kept(
    request: HttpRequest, viewer: Viewer, reply: KeptDiet | KeptSubstance, url: str
) -> HttpResponse:
    messages.success(request, _("Recorded."))
    for caution in reply.cautions:
        messages.warning(request, caution.text)
    if reply.kept.flags:
        flag = reply.kept.flags[0]
        return go(request, reverse("rehab:alert", args=[viewer.patient.pk, flag.id]))
    return go(request, url)


def _refuse(form: DietForm | TakenForm, reply: KeptDiet | KeptSubstance) -> None:
    if reply.kept.state == "conflict":
        form.add_error(
            None, _("This form was sent before with other values. What was recorded first stands.")
        )
    for error in reply.kept.errors:
        name = {"performed_at": "at", "foods.0": "food", "recipes.0": "recipe"}.get(
            error.field, error.field
        )
        form.add_error(name if name in form.fields else None, error.detail)
    focus_first_error(form)


def _show(
    request: HttpRequest, viewer: Viewer, name: str, context: dict[str, object], status: int
) -> HttpResponse:
    shown = {"viewer": viewer, "tabs": tabs_for(viewer, "eat"), **context}
    return show(request, f"rehab/{name}.html", shown, status=status)
