"""Notes between home and clinic, and the texts that a clinic begins them with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from patients.access.walls import walled
from patients.actions.permission import require_in_clinic
from rehab.actions.care_notes import (
    NoteEntry,
    TemplateEntry,
    keep_template,
    mark_read,
    remove_template,
    withdraw_note,
    write_note,
)
from rehab.api.asking import SignedIn, language_of, limit_in, page_address, seeing
from rehab.api.documents import CURSOR, LANG, LIMIT
from rehab.api.hot import HotView, answer, decoded
from rehab.models import CareNote
from rehab.models.reads.care_notes import (
    LARGEST_PAGE,
    PAGE,
    NotePage,
    NoteText,
    note_texts,
    notes_of,
)
from rehab.models.reads.cursors import InTime, place_in


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenNote:
    """What stands in the record; nobody may be taken to have read it yet."""

    id: UUID
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesRead:
    """ids: the notes that were shown to the person who reads."""

    ids: Sequence[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTexts:
    results: Sequence[NoteText]


class CareNotes(HotView):
    @extend_schema(
        operation_id="care_notes",
        parameters=[CURSOR, LIMIT],
        responses=NotePage,
        tags=["notes"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Notes that the caller may read, the latest first (scope `log_sessions`).

        Reading them here marks nothing: say what was shown with `…/notes/read`.
        """
        at, cursor = timezone.now(), request.GET.get("cursor")
        after = place_in(cursor, InTime) if cursor else None
        limit = limit_in(request, usual=PAGE, most=LARGEST_PAGE)
        with seeing(request, patient_id, at=at, kind="notes", scope="log_sessions") as authority:
            page = notes_of(patient_id, authority=authority, at=at, after=after, limit=limit)
        return answer(replace(page, next=page_address(request, page.next)))


class OneCareNote(HotView):
    @extend_schema(
        operation_id="write_care_note",
        request=NoteEntry,
        responses={200: WrittenNote, 201: WrittenNote},
        tags=["notes"],
    )
    def put(self, request: SignedIn, patient_id: UUID, note_id: UUID) -> HttpResponse:
        """Write a note under the client's own id; sending it again is safe.

        201 new, 200 the same again, 409 the id was used for another note, 422 a note that cannot
        be kept or (`nobody_reads`) that nobody at home would read. It is no way to call for help:
        nobody watches for it, and it leaves no alert.
        """
        note, is_new = write_note(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            note_id=note_id,
            entry=decoded(request.body, NoteEntry),
        )
        return answer(_written(note), 201 if is_new else 200)


class WithdrawCareNote(HotView):
    @extend_schema(
        operation_id="withdraw_care_note", request=None, responses=WrittenNote, tags=["notes"]
    )
    def post(self, request: SignedIn, patient_id: UUID, note_id: UUID) -> HttpResponse:
        """Take back a note of one's own: that it was there stays, its words are shown no more."""
        note = withdraw_note(
            by=request.user, at=timezone.now(), patient_id=patient_id, note_id=note_id
        )
        return answer(_written(note))


class ReadCareNotes(HotView):
    @extend_schema(
        operation_id="mark_care_notes_read",
        request=NotesRead,
        responses={204: None},
        tags=["notes"],
    )
    def post(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Say which notes the caller had in front of them; saying so again is safe."""
        at = timezone.now()
        ids = decoded(request.body, NotesRead).ids
        with seeing(request, patient_id, at=at, kind="notes", scope="log_sessions"):
            mark_read(by=request.user, at=at, patient_id=patient_id, note_ids=ids)
        return HttpResponse(status=204)


class ClinicNoteTexts(HotView):
    @extend_schema(
        operation_id="note_texts", parameters=[LANG], responses=NoteTexts, tags=["notes"]
    )
    @walled
    def get(self, request: SignedIn, clinic_id: UUID) -> HttpResponse:
        """Texts to begin a note with, for staff of the clinic; ours where it has none."""
        language = language_of(request)
        require_in_clinic(by=request.user, at=timezone.now(), clinic_id=clinic_id)
        return answer(NoteTexts(results=note_texts(clinic_id, language=language)))


class OneNoteText(HotView):
    @extend_schema(
        operation_id="keep_note_text",
        request=TemplateEntry,
        responses=TemplateEntry,
        tags=["notes"],
    )
    def put(self, request: SignedIn, clinic_id: UUID, template_id: UUID) -> HttpResponse:
        """Add or replace one text of the clinic; any of its staff may."""
        entry = decoded(request.body, TemplateEntry)
        keep_template(
            by=request.user,
            at=timezone.now(),
            clinic_id=clinic_id,
            template_id=template_id,
            entry=entry,
        )
        return answer(entry)

    @extend_schema(operation_id="remove_note_text", responses={204: None}, tags=["notes"])
    def delete(self, request: SignedIn, clinic_id: UUID, template_id: UUID) -> HttpResponse:
        remove_template(
            by=request.user, at=timezone.now(), clinic_id=clinic_id, template_id=template_id
        )
        return HttpResponse(status=204)


def _written(note: CareNote) -> WrittenNote:
    return WrittenNote(id=note.id, withdrawn=note.withdrawn_at is not None)
