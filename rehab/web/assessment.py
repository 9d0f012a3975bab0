"""One measurement: as it stands, corrected, withdrawn, or let count."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import reference
from patients.access.decisions import Decision, require
from patients.domain.errors import DomainError, NotVisible
from rehab.actions.assessments import amend_assessment, confirm_assessment, retract_assessment
from rehab.actions.keeping import Kept
from rehab.models.instruments import spec_of
from rehab.models.reads.assessments import AssessmentView, assessment_of
from rehab.web.assessments import after, say_refusals, show_assessment
from rehab.web.doors import go, page
from rehab.web.forms.assessments import AssessmentForm
from rehab.web.forms.refusals import put_on_form, said
from rehab.web.presenters.assessment import may_correct, one_assessment
from rehab.web.viewing import Viewer, view_patient
from rehab.web.withdrawing import ask_why


@page("GET", "HEAD")
def assessment(request: HttpRequest, patient_id: UUID, assessment_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="see_conditions", looked_at="assessment")
    detail = assessment_of(patient_id, assessment_id, language=viewer.language)
    return show_assessment(request, viewer, "one", {"page": one_assessment(detail, viewer)})


@page("GET", "HEAD", "POST")
def amend(request: HttpRequest, patient_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Correct a measurement; what it said before stays readable."""
    view_patient(request, patient_id, action="log_sessions")
    viewer = view_patient(request, patient_id, action="see_conditions", looked_at="assessment")
    told = assessment_of(patient_id, assessment_id, language=viewer.language).assessment
    spec = spec_of(told.instrument)
    if spec is None:
        raise NotVisible
    if not may_correct(told, viewer):
        require(Decision.FORBIDDEN)
    back = reverse("rehab:assessment", args=[patient_id, assessment_id])
    form = AssessmentForm(request.POST or None, spec=spec, viewer=viewer, corrects=told)
    confirming = ""
    if request.method == "POST" and form.is_valid():
        reply = _amended(viewer, told, form)
        if reply is not None and reply.status == 200:
            return _go_on(request, viewer, reply, back)
        confirming = say_refusals(form, reply) if reply is not None else ""
    context = {
        "form": form,
        "name": told.name,
        "about": reference.instruments()[told.instrument].about[viewer.language],
        "confirming": confirming,
        "back_url": back,
    }
    return show_assessment(request, viewer, "form", context, status=422 if form.errors else 200)


def _amended(viewer: Viewer, told: AssessmentView, form: AssessmentForm) -> Kept | None:
    try:
        return amend_assessment(
            by=viewer.user,
            at=viewer.now,
            patient_id=viewer.patient.pk,
            assessment_id=told.id,
            entry=form.entry(),
            reason=form.cleaned_data["reason"],
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        put_on_form(form, error)
        return None


def _go_on(request: HttpRequest, viewer: Viewer, reply: Kept, url: str) -> HttpResponse:
    if reply.state == "unchanged":
        messages.info(request, _("Nothing was different, so nothing was changed."))
    else:
        messages.success(request, _("Corrected. The earlier version stays readable."))
    if reply.flags:
        return go(request, reverse("rehab:alert", args=[viewer.patient.pk, reply.flags[0].id]))
    return go(request, url)


@page("GET", "HEAD", "POST")
def withdraw(request: HttpRequest, patient_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Say that a measurement was entered in error; it stays readable."""
    viewer = view_patient(request, patient_id, action="log_sessions")
    of_whom = {"by": viewer.user, "at": viewer.now, "patient_id": patient_id}
    return ask_why(
        request,
        viewer,
        take_back=lambda reason: retract_assessment(
            **of_whom, assessment_id=assessment_id, reason=reason
        ),
        back=after(viewer),
        tab="history",
        done=_("Withdrawn. Nothing is compared with it any more."),
    )


@page("POST")
def confirm(request: HttpRequest, patient_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Let a measurement count that was told more than seven days late."""
    viewer = view_patient(request, patient_id, action="resume")
    try:
        confirm_assessment(
            by=viewer.user, at=viewer.now, patient_id=patient_id, assessment_id=assessment_id
        )
        messages.success(request, _("Confirmed: it counts from now on."))
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.warning(request, said(error))
    return go(request, reverse("rehab:assessment", args=[patient_id, assessment_id]))
