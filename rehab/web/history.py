"""What was done, by whom; and one session with every version of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patients.domain.errors import DomainError, Invalid, NotVisible
from rehab.actions.answers import Answer
from rehab.actions.corrections import (
    adopt_session,
    amend_session,
    confirm_session,
    retract_session,
)
from rehab.actions.merging import merge_session
from rehab.models import LogStatus
from rehab.models.reads.cursors import InTime, place_in
from rehab.models.reads.cycling import cycling_items
from rehab.models.reads.history import SessionDetail, history_of, session_of
from rehab.models.reads.items import item_of
from rehab.web.doors import go, page, show, wants_fragment
from rehab.web.forms.reasons import ReasonForm
from rehab.web.forms.refusals import put_on_form, said
from rehab.web.forms.session import SessionForm
from rehab.web.presenters.alerts import panels_of
from rehab.web.presenters.amending import initial_from
from rehab.web.presenters.history import history_page
from rehab.web.presenters.session import session_page
from rehab.web.presenters.sheet import session_sheet
from rehab.web.presenters.tabs import tabs_for
from rehab.web.today import show_today
from rehab.web.viewing import Viewer, view_patient


@page("GET", "HEAD")
def history(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, looked_at="history")
    found = history_of(
        patient_id,
        language=viewer.language,
        reader=viewer.reader,
        after=_cursor(request),
    )
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "history"),
        "page": history_page(found, viewer),
        "sees_measurements": viewer.may("see_conditions"),
        "may_import": viewer.may("log_sessions")
        and bool(cycling_items(patient_id, language=viewer.language)),
    }
    return show(
        request, "rehab/history.html", context, fragments={"history": "rehab/history/list.html"}
    )


@page("GET", "HEAD")
def session(request: HttpRequest, patient_id: UUID, log_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, looked_at="session")
    detail = _session(viewer, log_id)
    if detail.log.status == LogStatus.QUARANTINED and not viewer.may("adopt"):
        raise NotVisible
    return _show_session(request, viewer, detail)


@page("GET", "HEAD", "POST")
def amend(request: HttpRequest, patient_id: UUID, log_id: UUID) -> HttpResponse:
    """Correct a session; what it said before stays readable."""
    viewer = view_patient(request, patient_id, action="log_sessions")
    detail = _session(viewer, log_id)
    form = _amend_form(request, viewer, detail)
    answer = (
        _amended(request, viewer, detail, form)
        if request.method == "POST" and form.is_valid()
        else None
    )
    if answer is not None and answer.status == 200:
        messages.success(request, _("Corrected. The earlier version stays readable."))
        if answer.flags:
            return go(request, reverse("rehab:alert", args=[patient_id, answer.flags[0].id]))
        return go(request, reverse("rehab:session", args=[patient_id, log_id]))
    form.mark_errors()
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "history"),
        "sheet": session_sheet(form, answer, viewer),
        "panels": panels_of(answer.flags, viewer) if answer else [],
        "back_url": reverse("rehab:session", args=[patient_id, log_id]),
    }
    status = 422 if request.method == "POST" else 200
    fragments = {"sheet": "rehab/session/sheet.html"}
    return show(request, "rehab/session_form.html", context, fragments=fragments, status=status)


@page("GET", "HEAD", "POST")
def retract(request: HttpRequest, patient_id: UUID, log_id: UUID) -> HttpResponse:
    """Withdraw a session: it counts nowhere and stays readable. "Undo" right after is the same."""
    viewer = view_patient(request, patient_id, action="log_sessions")
    undo = "undo" in request.POST
    data = {"reason": _("Recorded by mistake and undone")} if undo else request.POST or None
    form = ReasonForm(data)
    if request.method == "POST" and form.is_valid():
        try:
            retract_session(
                by=viewer.user,
                at=viewer.now,
                patient_id=patient_id,
                log_id=log_id,
                reason=form.cleaned_data["reason"],
            )
        except DomainError as error:
            put_on_form(form, error)
        else:
            messages.success(
                request, _("Withdrawn. It no longer counts, and stays readable in the history.")
            )
            if wants_fragment(request, "today"):
                return show_today(request, viewer)
            return go(request, reverse("rehab:today", args=[patient_id]))
    detail = _session(viewer, log_id)
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "history"),
        "form": form,
        "title": detail.log.title,
        "log_id": log_id,
    }
    return show(request, "rehab/retract.html", context, status=422 if form.errors else 200)


@page("POST")
def confirm(request: HttpRequest, patient_id: UUID, log_id: UUID) -> HttpResponse:
    """Say that an unusual session is right, or that it was one of its own."""
    viewer = view_patient(request, patient_id, action="settle_duplicate")
    codes = request.POST.getlist("code")
    confirm_session(
        by=viewer.user, at=viewer.now, patient_id=patient_id, log_id=log_id, codes=codes
    )
    messages.success(request, _("Confirmed."))
    return go(request, reverse("rehab:session", args=[patient_id, log_id]))


@page("POST")
def merge(request: HttpRequest, patient_id: UUID, log_id: UUID) -> HttpResponse:
    """Say that two records tell one session."""
    viewer = view_patient(request, patient_id, action="settle_duplicate")
    try:
        into = UUID(request.POST.get("into", ""))
        merge_session(
            by=viewer.user, at=viewer.now, patient_id=patient_id, log_id=log_id, into=into
        )
        messages.success(request, _("The two records now count as one session."))
    except ValueError:
        messages.warning(request, _("Choose another log of the same item."))
    except DomainError as error:
        messages.warning(request, said(error))
    return go(request, reverse("rehab:session", args=[patient_id, log_id]))


@page("POST")
def adopt(request: HttpRequest, patient_id: UUID, log_id: UUID) -> HttpResponse:
    """Let a record count whose writer had no access at that time."""
    viewer = view_patient(request, patient_id, action="adopt")
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            adopt_session(
                by=viewer.user,
                at=viewer.now,
                patient_id=patient_id,
                log_id=log_id,
                note=form.cleaned_data["reason"],
            )
            messages.success(request, _("Adopted: it counts from now on."))
        except DomainError as error:
            messages.warning(request, said(error))
    return go(request, reverse("rehab:session", args=[patient_id, log_id]))


def _show_session(request: HttpRequest, viewer: Viewer, detail: SessionDetail) -> HttpResponse:
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "history"),
        "page": session_page(detail, viewer),
    }
    return show(request, "rehab/session.html", context)


def _session(viewer: Viewer, log_id: UUID) -> SessionDetail:
    """One session, as this account may see it."""
    return session_of(
        viewer.patient.pk,
        log_id,
        language=viewer.language,
        reader=viewer.reader,
    )


def _amend_form(request: HttpRequest, viewer: Viewer, detail: SessionDetail) -> SessionForm:
    log = detail.log
    prescribed = item_of(
        viewer.patient.pk,
        log.series,
        on=log.on,
        now=viewer.now,
        language=viewer.language,
        version=log.version,
    )
    return SessionForm(
        request.POST or None,
        prescribed=prescribed,
        language=viewer.language,
        performer=viewer.performer,
        clinician=viewer.is_clinician,
        zone=viewer.patient.zone,
        now=viewer.now,
        amends=True,
        initial=initial_from(log, prescribed, viewer.patient.zone),
    )


def _amended(
    request: HttpRequest, viewer: Viewer, detail: SessionDetail, form: SessionForm
) -> Answer | None:
    confirmed = request.POST.getlist("unusual") if "yes" in request.POST else ()
    try:
        answer = amend_session(
            by=viewer.user,
            at=viewer.now,
            patient_id=viewer.patient.pk,
            log_id=detail.log.id,
            entry=form.entry(
                series=detail.log.series, occurrence=detail.log.occurrence, confirmed=confirmed
            ),
            reason=form.cleaned_data["reason"],
        )
    except DomainError as error:
        put_on_form(form, error)
        return None
    if answer.state == "refused":
        form.take(answer.errors)
    elif answer.state == "confirm_required":
        form.mark_unusual([error.field for error in answer.errors])
    return answer


def _cursor(request: HttpRequest) -> InTime | None:
    """An address with a cursor that was never given out starts at the top."""
    try:
        return place_in(request.GET["after"], InTime) if "after" in request.GET else None
    except Invalid:
        return None
