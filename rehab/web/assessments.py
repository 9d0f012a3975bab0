"""Measurements: what was scored, what became of it, what is due, and a form for each instrument."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import reference
from patients.access.decisions import Decision, require
from rehab.actions.assessments import record_assessment
from rehab.actions.keeping import Kept
from rehab.domain.recurrence import local_date
from rehab.models.instruments import spec_of
from rehab.models.reads.assessments import LARGEST_PAGE, assessments_of
from rehab.web.doors import go, page, show
from rehab.web.forms.assessments import AssessmentForm
from rehab.web.forms.refusals import focus_first_error
from rehab.web.presenters.assessments import assessments_page
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import Viewer, view_patient


@dataclass(frozen=True, slots=True)
class Offered:
    name: str
    about: str
    url: str


@page("GET", "HEAD")
def assessments(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="see_conditions", looked_at="assessments")
    found = assessments_of(
        patient_id,
        today=local_date(viewer.now, viewer.patient.zone),
        language=viewer.language,
        limit=LARGEST_PAGE,
    )
    context = {"page": assessments_page(found, viewer), "may_log": viewer.may("log_sessions")}
    return show_assessment(request, viewer, "list", context)


@page("GET", "HEAD")
def choose(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The instruments that this person may enter."""
    viewer = view_patient(request, patient_id, action="log_sessions")
    language = viewer.language
    offered = [
        Offered(
            each.names[language],
            each.about[language],
            reverse("rehab:assess", args=[patient_id, code]),
        )
        for code, each in reference.instruments().items()
        if each.licence.offered and (each.entered_by == "anyone" or viewer.is_clinician)
    ]
    return show_assessment(request, viewer, "choose", {"offered": offered})


@page("GET", "HEAD", "POST")
def assess(request: HttpRequest, patient_id: UUID, code: str) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="log_sessions")
    spec = spec_of(code)
    if spec is None or not spec.offered:
        raise Http404
    if spec.entered_by != "anyone" and not viewer.is_clinician:
        require(Decision.FORBIDDEN)
    form = AssessmentForm(request.POST or None, spec=spec, viewer=viewer)
    confirming = ""
    if request.method == "POST" and form.is_valid():
        reply = record_assessment(
            by=viewer.user,
            at=viewer.now,
            patient_id=patient_id,
            assessment_id=form.cleaned_data["id"],
            entry=form.entry(),
        )
        if reply.status in (200, 201):
            messages.success(request, _("The measurement is recorded."))
            if reply.flags:
                return go(request, reverse("rehab:alert", args=[patient_id, reply.flags[0].id]))
            return go(request, after(viewer))
        confirming = say_refusals(form, reply)
    context = {
        "form": form,
        "name": reference.instruments()[code].names[viewer.language],
        "about": reference.instruments()[code].about[viewer.language],
        "confirming": confirming,
    }
    return show_assessment(request, viewer, "form", context, status=422 if form.errors else 200)


def say_refusals(form: AssessmentForm, reply: Kept) -> str:
    """Put what was refused beside its field; return what to send along to confirm it."""
    # A field that is refused loses its cleaned value: read the form before it says anything.
    confirming = form.asking() if reply.state == "confirm_required" else ""
    refused = [(form.name_of(error.field), error.detail) for error in reply.errors]
    if reply.state == "conflict":
        sent = _("This form was sent before with other values. What was recorded first stands.")
        form.add_error(None, sent)
    for name, detail in refused:
        form.add_error(name if name in form.fields else None, detail)
    focus_first_error(form)
    return confirming


def after(viewer: Viewer) -> str:
    """The list, for who may see it; else today."""
    name = "assessments" if viewer.may("see_conditions") else "today"
    return reverse(f"rehab:{name}", args=[viewer.patient.pk])


def show_assessment(
    request: HttpRequest, viewer: Viewer, name: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    shown = {"viewer": viewer, "tabs": tabs_for(viewer, "history"), **context}
    return show(request, f"rehab/assessments/{name}.html", shown, status=status)
