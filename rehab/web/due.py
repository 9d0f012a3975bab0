"""What else can be said about something due: not done, not now, or stop."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import reference
from patients.domain.errors import Conflict, DomainError
from rehab.actions.occurrences import (
    Skipped,
    skip_occurrence,
    snooze_occurrence,
    unskip_occurrence,
)
from rehab.actions.stopping import stop_item
from rehab.domain.recurrence import local_date
from rehab.domain.session_entry import StopEntry
from rehab.models.reads.items import Prescribed, item_of, occurrence_of
from rehab.web.doors import go, page, show, wants_fragment
from rehab.web.forms.fields import choice, long_text
from rehab.web.forms.refusals import put_on_form, said
from rehab.web.forms.session import field_name, where_on_the_body
from rehab.web.forms.skip import SkipForm
from rehab.web.presenters.alerts import not_watched, panels_of
from rehab.web.presenters.tabs import tabs_for
from rehab.web.today import show_today
from rehab.web.viewing import Viewer, view_patient

SNOOZE_MINUTES = 30


class StopForm(forms.Form):
    def __init__(
        self, data: Mapping[str, str] | None = None, *, prescribed: Prescribed, language: str
    ) -> None:
        super().__init__(data)
        parts = [
            (str(part.part), part.label)
            for part in prescribed.parts
            if part.label and not part.paused
        ]
        whole = [("", _("The whole item"))]
        self.reasons = {
            code: each.labels[language] for code, each in reference.stop_reasons().items()
        }
        if len(parts) > 1:
            self.fields["part"] = choice(_("What is to stop?"), [*whole, *parts])
        self.fields["reason"] = choice(_("Why?"), list(self.reasons.items()), required=True)
        self.fields["limb"] = where_on_the_body()
        self.fields["note"] = long_text(_("Note"))


@page("GET", "HEAD", "POST")
def skip(request: HttpRequest, patient_id: UUID, occurrence_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="log_sessions")
    due = occurrence_of(patient_id, occurrence_id, now=viewer.now, language=viewer.language)
    form = SkipForm(request.POST or None, language=viewer.language)
    skipped = _skipped(form, viewer, occurrence_id) if form.is_valid() else None
    if skipped is not None and skipped.refused is None:
        messages.success(
            request, _("“%(title)s” is skipped, with your reason.") % {"title": due.item.title}
        )
        if skipped.flags:
            return go(request, reverse("rehab:alert", args=[patient_id, skipped.flags[0].id]))
        return _back_to_today(request, viewer)
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "today"),
        "form": form,
        "title": due.item.title,
        "panels": panels_of(skipped.flags, viewer) if skipped else [],
        "not_watched": not_watched(viewer),
    }
    return show(request, "rehab/skip.html", context, status=422 if form.errors else 200)


def _skipped(form: SkipForm, viewer: Viewer, occurrence_id: UUID) -> Skipped | None:
    """Skip what the form says; a refusal is put on the form, with whatever it set off."""
    skipped: Skipped | None = None
    refused: DomainError | None = None
    try:
        skipped = skip_occurrence(
            by=viewer.user,
            at=viewer.now,
            patient_id=viewer.patient.pk,
            told=form.told(occurrence_id, at=viewer.now),
        )
        refused = skipped.refused
    except DomainError as error:
        refused = error
    if refused is not None:
        put_on_form(form, refused, name_of=field_name)
    return skipped


@page("POST")
def unskip(request: HttpRequest, patient_id: UUID, occurrence_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="log_sessions")
    try:
        unskip_occurrence(
            by=viewer.user, at=viewer.now, patient_id=patient_id, occurrence_id=occurrence_id
        )
    except Conflict as error:
        messages.warning(request, said(error))
    return _back_to_today(request, viewer)


@page("POST")
def snooze(request: HttpRequest, patient_id: UUID, occurrence_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="log_sessions")
    try:
        snooze_occurrence(
            by=viewer.user,
            at=viewer.now,
            patient_id=patient_id,
            occurrence_id=occurrence_id,
            minutes=SNOOZE_MINUTES,
        )
        messages.success(
            request, _("We remind you again in %(minutes)s minutes.") % {"minutes": SNOOZE_MINUTES}
        )
    except DomainError as error:
        messages.warning(request, said(error))
    return _back_to_today(request, viewer)


@page("GET", "HEAD", "POST")
def stop(request: HttpRequest, patient_id: UUID, series: UUID) -> HttpResponse:
    """Stop an item at once; only a clinician lets it go on."""
    viewer = view_patient(request, patient_id, action="log_sessions")
    today = local_date(viewer.now, viewer.patient.zone)
    prescribed = item_of(patient_id, series, on=today, now=viewer.now, language=viewer.language)
    form = StopForm(request.POST or None, prescribed=prescribed, language=viewer.language)
    if request.method == "POST" and form.is_valid():
        try:
            stopped = stop_item(
                by=viewer.user,
                at=viewer.now,
                patient_id=patient_id,
                entry=_stop_entry(form, series, viewer),
            )
        except DomainError as error:
            put_on_form(form, error)
        else:
            messages.success(
                request,
                _("“%(title)s” is stopped. Your clinic decides when it goes on.")
                % {"title": prescribed.item.title},
            )
            if stopped.flags:
                first = stopped.flags[0].id
                return go(request, reverse("rehab:alert", args=[patient_id, first]))
            return _back_to_today(request, viewer)
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "today"),
        "form": form,
        "title": prescribed.item.title,
        "not_watched": not_watched(viewer),
    }
    return show(request, "rehab/stop.html", context, status=422 if form.errors else 200)


def _stop_entry(form: StopForm, series: UUID, viewer: Viewer) -> StopEntry:
    given = form.cleaned_data
    part = given.get("part")
    said = form.reasons[given["reason"]]
    return StopEntry(
        series=series,
        stopped_at=viewer.now,
        part=UUID(part) if part else None,
        reason=": ".join(filter(None, (said, given["note"]))),
        stop_reason=given["reason"],
        limb=given["limb"],
    )


def _back_to_today(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if wants_fragment(request, "today"):
        return show_today(request, viewer)
    return go(request, reverse("rehab:today", args=[viewer.patient.pk]))
