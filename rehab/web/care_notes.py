"""Notes between home and clinic, and the texts that a clinic begins them with."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.actions.permission import require_in_clinic
from patients.domain.errors import DomainError, Invalid, NotVisible
from patients.models import Clinic, User
from patients.models.authority import authority_of
from rehab.actions.care_notes import (
    keep_template,
    mark_read,
    remove_template,
    withdraw_note,
    write_note,
)
from rehab.models import NoteTemplate
from rehab.models.reads.care_notes import NoteText, home_readers, note_texts, notes_of
from rehab.models.reads.cursors import InTime, place_in
from rehab.web.doors import go, page, show
from rehab.web.forms.care_notes import NoteForm, TextForm
from rehab.web.forms.refusals import put_on_form
from rehab.web.presenters.care_notes import notes_page
from rehab.web.presenters.tabs import tabs_for, tabs_without_patient
from rehab.web.viewing import Viewer, view_patient


@page("GET", "HEAD", "POST")
def notes(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What was written, the latest first. Showing it is what marks it as read."""
    viewer = view_patient(request, patient_id, action="log_sessions", looked_at="notes")
    texts = _texts(viewer)
    form = NoteForm(
        request.POST or None,
        who=home_readers(patient_id, at=viewer.now),
        from_clinic=viewer.is_clinician,
        begin=_begin(request, texts),
    )
    if request.method == "POST" and form.is_valid() and _written(form, viewer):
        messages.success(request, _("Written. It shows here when somebody has read it."))
        return go(request, reverse("rehab:notes", args=[patient_id]))
    found = notes_of(patient_id, authority=viewer.authority, at=viewer.now, after=_place(request))
    if request.method == "GET":
        new = [note.id for note in found.results if note.is_new]
        mark_read(by=viewer.user, at=viewer.now, patient_id=patient_id, note_ids=new)
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "patient" if viewer.is_clinician else "today"),
        "form": form,
        "page": notes_page(found, texts, viewer),
    }
    return show(request, "rehab/notes/notes.html", context, status=422 if form.errors else 200)


@page("POST")
def withdraw(request: HttpRequest, patient_id: UUID, note_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="log_sessions")
    withdraw_note(by=viewer.user, at=viewer.now, patient_id=patient_id, note_id=note_id)
    messages.success(request, _("Taken back. Its words are shown no more."))
    return go(request, reverse("rehab:notes", args=[patient_id]))


@page("GET", "HEAD", "POST")
def texts(request: HttpRequest, clinic_id: UUID) -> HttpResponse:
    """The clinic's own texts, and a form for one more."""
    user, clinic = _staff(request, clinic_id)
    form = TextForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _kept(form, user, clinic):
        messages.success(request, _("Saved."))
        return go(request, reverse("rehab:note-texts", args=[clinic_id]))
    return _texts_page(request, clinic, form)


@page("GET", "HEAD", "POST")
def text(request: HttpRequest, clinic_id: UUID, template_id: UUID) -> HttpResponse:
    """Change one text of the clinic, or take it away."""
    user, clinic = _staff(request, clinic_id)
    known = NoteTemplate.objects.filter(clinic=clinic, id=template_id).first()
    if known is None:
        raise NotVisible
    if request.method == "POST" and "remove" in request.POST:
        remove_template(by=user, at=timezone.now(), clinic_id=clinic_id, template_id=template_id)
        messages.success(request, _("Taken away."))
        return go(request, reverse("rehab:note-texts", args=[clinic_id]))
    form = TextForm(request.POST or None, known=known)
    if request.method == "POST" and form.is_valid() and _kept(form, user, clinic, known.id):
        messages.success(request, _("Saved."))
        return go(request, reverse("rehab:note-texts", args=[clinic_id]))
    return _texts_page(request, clinic, form, known)


def _texts(viewer: Viewer) -> list[NoteText]:
    """Texts in the language of the patient, for those who write from the clinic."""
    if not viewer.is_clinician:
        return []
    return note_texts(viewer.patient.clinic_id, language=viewer.patient.language)


def _begin(request: HttpRequest, texts: list[NoteText]) -> str:
    wanted = request.GET.get("begin", "")
    return next((each.text for each in texts if each.id == wanted), "")


def _place(request: HttpRequest) -> InTime | None:
    try:
        return place_in(request.GET["after"], InTime) if "after" in request.GET else None
    except Invalid:
        return None


def _written(form: NoteForm, viewer: Viewer) -> bool:
    try:
        write_note(
            by=viewer.user,
            at=viewer.now,
            patient_id=viewer.patient.pk,
            note_id=form.cleaned_data["id"],
            entry=form.entry(),
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        put_on_form(form, error)
        return False
    return True


def _staff(request: HttpRequest, clinic_id: UUID) -> tuple[User, Clinic]:
    user: User = request.user  # type: ignore[assignment]
    return user, require_in_clinic(by=user, at=timezone.now(), clinic_id=clinic_id)


def _kept(form: TextForm, user: User, clinic: Clinic, template_id: UUID | None = None) -> bool:
    try:
        keep_template(
            by=user,
            at=timezone.now(),
            clinic_id=clinic.pk,
            template_id=template_id or form.cleaned_data["id"],
            entry=form.entry(),
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        put_on_form(form, error)
        return False
    return True


def _texts_page(
    request: HttpRequest, clinic: Clinic, form: TextForm, known: NoteTemplate | None = None
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    context = {
        "tabs": tabs_without_patient(authority_of(user, at=timezone.now()), "duty"),
        "clinic": clinic,
        "form": form,
        "known": known,
        "own": list(NoteTemplate.objects.filter(clinic=clinic).order_by("title", "id")),
    }
    return show(request, "rehab/notes/texts.html", context, status=422 if form.errors else 200)
