"""Learn: what to do, why, and how well it is proven, as it is fit for one patient."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from patients.domain.errors import NotVisible
from rehab.models.reads.content import HiddenForPatient
from rehab.models.reads.content_lists import (
    LARGEST_PAGE,
    exercise_item,
    exercises_for,
    guidance_for,
    guidance_item,
    search_for,
)
from rehab.models.reads.planned import parts_in_plan
from rehab.models.reads.source_of_reader import source_for
from rehab.web.content_reading import reader_for, version_note
from rehab.web.doors import page, show
from rehab.web.presenters.exercise_pages import exercise_page, exercises_page
from rehab.web.presenters.finding import search_page, source_page
from rehab.web.presenters.hidden import hidden_page
from rehab.web.presenters.learn import guidance_page, learn_page, topic_page
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import Viewer, view_patient

LONGEST_QUERY = 100


@page("GET", "HEAD")
def learn(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The most useful first, then topics; or what a search found."""
    viewer = view_patient(request, patient_id, looked_at="guidance")
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    if typed:
        return _search(request, viewer, typed)
    reader = reader_for(viewer)
    found = guidance_for(reader, limit=LARGEST_PAGE)
    planned = parts_in_plan(viewer.patient.pk)
    return _show(request, viewer, "learn", {"page": learn_page(found, planned, viewer)})


@page("GET", "HEAD")
def topic(request: HttpRequest, patient_id: UUID, code: str) -> HttpResponse:
    """Everything about one topic."""
    viewer = view_patient(request, patient_id, looked_at="guidance")
    found = guidance_for(reader_for(viewer), topic=code, limit=LARGEST_PAGE)
    shown = topic_page(found, code, viewer)
    if shown is None:
        raise NotVisible
    return _show(request, viewer, "topic", {"page": shown})


@page("GET", "HEAD")
def guidance(request: HttpRequest, patient_id: UUID, slug: str) -> HttpResponse:
    viewer = view_patient(request, patient_id, looked_at="guidance")
    try:
        found = guidance_item(reader_for(viewer), slug)
    except HiddenForPatient as error:
        return hidden(request, viewer, error, current="learn")
    return _show(request, viewer, "guidance", {"page": guidance_page(found, viewer)})


@page("GET", "HEAD")
def exercises(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Exercises by kind, those of the plan first."""
    viewer = view_patient(request, patient_id, looked_at="exercises")
    found = exercises_for(reader_for(viewer), limit=LARGEST_PAGE)
    planned = parts_in_plan(viewer.patient.pk)
    return _show(request, viewer, "exercises", {"page": exercises_page(found, planned, viewer)})


@page("GET", "HEAD")
def exercise(request: HttpRequest, patient_id: UUID, slug: str) -> HttpResponse:
    viewer = view_patient(request, patient_id, looked_at="exercises")
    try:
        found = exercise_item(reader_for(viewer), slug)
    except HiddenForPatient as error:
        return hidden(request, viewer, error, current="learn")
    planned = [each for each in parts_in_plan(viewer.patient.pk) if each.exercise == slug]
    return _show(request, viewer, "exercise", {"page": exercise_page(found, planned, viewer)})


@page("GET", "HEAD")
def source(request: HttpRequest, patient_id: UUID, code: str) -> HttpResponse:
    """One source: which of its sections this reader's content rests on."""
    viewer = view_patient(request, patient_id, looked_at="guidance")
    found = source_for(reader_for(viewer), code)
    if found is None:
        raise NotVisible
    return _show(request, viewer, "source", {"page": source_page(found, viewer)})


def _search(request: HttpRequest, viewer: Viewer, typed: str) -> HttpResponse:
    found = search_for(reader_for(viewer), typed)
    return _show(request, viewer, "search", {"page": search_page(found, viewer)})


def hidden(
    request: HttpRequest, viewer: Viewer, error: HiddenForPatient, *, current: str
) -> HttpResponse:
    """It exists and is hidden for this body: say so, without a word of what it is."""
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, current),
        "page": hidden_page(error, viewer, current),
    }
    return show(request, "rehab/learn/hidden.html", context, status=404)


def _show(
    request: HttpRequest, viewer: Viewer, name: str, context: dict[str, object]
) -> HttpResponse:
    shown = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "learn"),
        "version": version_note(viewer),
        **context,
    }
    return show(request, f"rehab/learn/{name}.html", shown)
