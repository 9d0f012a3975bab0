"""Writing down a session: in two taps, in detail, as an extra; correcting and withdrawing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import reswap, retarget

from rehab.actions.answers import Answer
from rehab.actions.merging import tell_session
from rehab.domain.recurrence import local_date
from rehab.models.reads.due import DueOccurrence
from rehab.models.reads.items import Prescribed, item_of, occurrence_of
from rehab.web.doors import go, page, show, wants_fragment
from rehab.web.forms.session import SessionForm
from rehab.web.presenters.alerts import panels_of
from rehab.web.presenters.due_card import card_of
from rehab.web.presenters.sheet import session_sheet
from rehab.web.presenters.tabs import tabs_for
from rehab.web.today import show_today
from rehab.web.viewing import Viewer, view_patient


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is being written down: an item, perhaps one thing due, by somebody, from some page."""

    viewer: Viewer
    prescribed: Prescribed
    occurrence: DueOccurrence | None
    quick: bool = False

    def form(self, data: QueryDict | None = None) -> SessionForm:
        return SessionForm(
            data,
            prescribed=self.prescribed,
            language=self.viewer.language,
            performer=self.viewer.performer,
            clinician=self.viewer.is_clinician,
            zone=self.viewer.patient.zone,
            now=self.viewer.now,
            earlier=self._earlier(),
            quick=self.quick,
        )

    def _earlier(self) -> tuple[date, time | None] | None:
        """What is past its window is written down for its own day; a person enters the time."""
        due = self.occurrence
        if due is None or self.viewer.now < due.closes_at:
            return None
        return local_date(due.due_at, self.viewer.patient.zone), None


@page("GET", "HEAD", "POST")
def quick(request: HttpRequest, patient_id: UUID, occurrence_id: UUID) -> HttpResponse:
    """Two taps: done as planned, then confirm. It says nothing about angle, pain or settings."""
    return _occurrence_sheet(request, patient_id, occurrence_id, quick=True)


@page("GET", "HEAD", "POST")
def log(request: HttpRequest, patient_id: UUID, occurrence_id: UUID) -> HttpResponse:
    """One thing due, in detail."""
    return _occurrence_sheet(request, patient_id, occurrence_id, quick=False)


@page("GET", "HEAD", "POST")
def log_item(request: HttpRequest, patient_id: UUID, series: UUID) -> HttpResponse:
    """An item of the plan beyond what was due, or on another day."""
    viewer = view_patient(request, patient_id, action="log_sessions")
    today = local_date(viewer.now, viewer.patient.zone)
    prescribed = item_of(patient_id, series, on=today, now=viewer.now, language=viewer.language)
    return _fill_in(request, Sheet(viewer, prescribed, None))


def _occurrence_sheet(
    request: HttpRequest, patient_id: UUID, occurrence_id: UUID, *, quick: bool
) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="log_sessions")
    due = occurrence_of(patient_id, occurrence_id, now=viewer.now, language=viewer.language)
    prescribed = Prescribed(
        item=due.item, parts=due.parts, gate_questions=due.gate_questions, zone=due.local.zone
    )
    return _fill_in(request, Sheet(viewer, prescribed, due, quick))


def _fill_in(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    if request.method != "POST":
        return _show_form(request, sheet, sheet.form())
    form = sheet.form(request.POST)
    if not form.is_valid():
        form.mark_errors()
        return _show_form(request, sheet, form, status=422)
    answer = tell_session(
        by=sheet.viewer.user,
        at=sheet.viewer.now,
        patient_id=sheet.viewer.patient.pk,
        log_id=form.cleaned_data["id"],
        entry=form.entry(
            series=sheet.prescribed.item.series,
            occurrence=sheet.occurrence.id if sheet.occurrence else None,
            confirmed=_confirmed(request),
        ),
    )
    return _answer(request, sheet, form, answer)


def _confirmed(request: HttpRequest) -> Sequence[str]:
    """The unusual values that a person has just said are right."""
    return request.POST.getlist("unusual") if "yes" in request.POST else ()


def _answer(request: HttpRequest, sheet: Sheet, form: SessionForm, answer: Answer) -> HttpResponse:
    if answer.state == "confirm_required":
        form.mark_unusual([error.field for error in answer.errors])
        return _show_form(request, sheet, form, answer, status=422)
    if answer.state == "refused":
        form.take(answer.errors)
        return _show_form(request, sheet, form, answer, status=422)
    return recorded(request, sheet.viewer, answer, title=sheet.prescribed.item.title)


def recorded(request: HttpRequest, viewer: Viewer, answer: Answer, *, title: str) -> HttpResponse:
    """Go on after something was written: to what it raised, else back to the day."""
    patient = viewer.patient.pk
    if answer.state == "conflict":
        messages.warning(
            request,
            _("This form was sent before. What was recorded first stands; correct it here."),
        )
        return go(request, reverse("rehab:session", args=[patient, answer.id]))
    messages.success(request, _said(answer, title))
    if answer.flags:
        return go(request, reverse("rehab:alert", args=[patient, answer.flags[0].id]))
    if wants_fragment(request, "today"):
        return show_today(request, viewer)
    return go(request, reverse("rehab:today", args=[patient]))


def _said(answer: Answer, title: str) -> str:
    sentences = {
        "unchanged": _("“%(title)s” was recorded already; nothing was counted twice."),
        "pending": _(
            "“%(title)s” is recorded and waits for a clinician, because it is more than 7 days old."
        ),
        "quarantined": _(
            "“%(title)s” was sent and is held back until the clinic has looked at it."
        ),
    }
    sentence = sentences.get(answer.state, _("“%(title)s” is recorded."))
    return sentence % {"title": title}


def _show_form(
    request: HttpRequest,
    sheet: Sheet,
    form: SessionForm,
    answer: Answer | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    viewer = sheet.viewer
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "today"),
        "sheet": session_sheet(form, answer, viewer),
        "panels": panels_of(answer.flags, viewer) if answer else [],
        "back_url": reverse("rehab:today", args=[viewer.patient.pk]),
    }
    if sheet.quick and sheet.occurrence is not None:
        return _show_quick(request, sheet, sheet.occurrence, context, status=status)
    fragments = {"sheet": "rehab/session/sheet.html"}
    return show(request, "rehab/session_form.html", context, fragments=fragments, status=status)


def _show_quick(
    request: HttpRequest, sheet: Sheet, due: DueOccurrence, context: dict[str, Any], *, status: int
) -> HttpResponse:
    """The confirming tap, in the place of its card or on a page of its own."""
    card = card_of(due, sheet.viewer, local_date(sheet.viewer.now, due.local.zone))
    inline = wants_fragment(request, card.anchor) or wants_fragment(request, "today")
    fragments = dict.fromkeys((card.anchor, "today"), "rehab/today/quick.html")
    context |= {"card": card, "inline": inline}
    response = show(request, "rehab/quick.html", context, fragments=fragments, status=status)
    # What could not be recorded stays in its card and leaves the rest of the day alone.
    return retarget(reswap(response, "outerHTML"), f"#{card.anchor}") if inline else response
