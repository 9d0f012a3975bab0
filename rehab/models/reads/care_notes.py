"""Notes between home and clinic as one person reads them, and who would read a new one."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from patients.access.authority import Authority
from patients.domain.roles import Role, Scope
from patients.models import CareRelationship, Patient
from rehab.models.care_note import CareNote, CareNoteReading, NoteReaders, NoteTemplate
from rehab.models.reads.cursors import InTime, opaque

PAGE, LARGEST_PAGE = 20, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBy:
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """One note. body: empty once it was withdrawn. from_clinic: a clinician wrote it.

    readers: patient (and who manages their care, and the clinicians) | helpers (also everybody
    who logs). read_by: who of the other side had it in front of them; empty: nobody yet.
    is_new: it is somebody else's and the reader has not had it in front of them before.
    """

    id: UUID
    author: str
    is_mine: bool
    from_clinic: bool
    readers: str
    body: str
    series: UUID | None
    written_at: datetime
    withdrawn_at: datetime | None
    read_by: Sequence[ReadBy]
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePage:
    """results: the latest first. unread: how many of all are new to the reader."""

    results: Sequence[NoteView]
    next: str | None
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteText:
    """A text to begin a note with, in one language; starter: ours, the clinic has none yet."""

    id: str
    title: str
    text: str
    starter: bool


class AtHome(NamedTuple):
    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class HomeReaders:
    """Whoever at home would read a note, by whom it is for."""

    patient: tuple[AtHome, ...]
    helpers: tuple[AtHome, ...]

    def of(self, readers: str) -> tuple[AtHome, ...]:
        return self.helpers if readers == NoteReaders.HELPERS else self.patient


STARTERS: Mapping[str, tuple[str, str]] = {
    "read": (
        gettext_noop("We have read it"),
        gettext_noop("Thank you. We have read what you recorded and will talk about it with you."),
    ),
    "call": (
        gettext_noop("Please call us"),
        gettext_noop(
            "Please call us during opening hours. It is about the training; it is no emergency."
        ),
    ),
    "changed": (
        gettext_noop("The plan has changed"),
        gettext_noop(
            "Your plan has changed. Please read it before the next session, and ask us if anything "
            "is unclear."
        ),
    ),
    "leave": (
        gettext_noop("Leave it out for now"),
        gettext_noop("Please leave this exercise out until we have spoken."),
    ),
    "quiet": (
        gettext_noop("Nothing recorded lately"),
        gettext_noop(
            "For some days nothing was recorded. That is no reproach: is everything all right? "
            "Tell us if something stands in the way."
        ),
    ),
}


def notes_of(
    patient_id: UUID,
    *,
    authority: Authority,
    at: datetime,
    after: InTime | None = None,
    limit: int = PAGE,
) -> NotePage:
    """Return a page of what this account may read: three statements."""
    rows = CareNote.objects.visible_under(authority, at=at).filter(patient_id=patient_id)
    found = rows.select_related("author").order_by("-written_at", "-id")
    if after:
        found = found.filter(Q(written_at__lt=after.at) | Q(written_at=after.at, id__lt=after.id))
    taken = list(found[: limit + 1])
    read = _readings([note.id for note in taken[:limit]], patient_id)
    shown = [_view(note, read[note.id], authority.user_id) for note in taken[:limit]]
    last = taken[limit - 1] if len(taken) > limit else None
    return NotePage(
        results=shown,
        next=opaque(InTime(last.written_at, last.id)) if last else None,
        unread=new_to(rows, patient_id, authority.user_id).count(),
    )


def unread_of(patient_id: UUID, *, authority: Authority, at: datetime) -> int:
    """Count the notes that are new to this account: one statement."""
    rows = CareNote.objects.visible_under(authority, at=at).filter(patient_id=patient_id)
    return new_to(rows, patient_id, authority.user_id).count()


def new_to(rows: QuerySet[CareNote], patient_id: UUID, user_id: UUID) -> QuerySet[CareNote]:
    read = CareNoteReading.objects.filter(patient_id=patient_id, reader_id=user_id)
    return (
        rows.filter(withdrawn_at__isnull=True)
        .exclude(author_id=user_id)
        .exclude(id__in=read.values("note_id"))
    )


def home_readers(patient_id: UUID, *, at: datetime) -> HomeReaders:
    """Return who at home would read a note now: two statements."""
    patients = Patient.objects.filter(pk=patient_id, user__is_active=True)
    own = [AtHome(*row) for row in patients.values_list("user_id", "name")]
    running = (
        CareRelationship.objects.running(at)
        .with_scope(Scope.LOG_SESSIONS)
        .filter(patient_id=patient_id, user__is_active=True)
        .exclude(role=Role.CLINICIAN)
        .order_by("starts_at", "id")
        .values_list("user_id", "user__name", "scopes")
    )
    helpers = [(AtHome(user_id, name), scopes) for user_id, name, scopes in running]
    managing = [each for each, scopes in helpers if Scope.MANAGE in scopes]
    everybody = [each for each, _scopes in helpers]
    return HomeReaders(
        tuple(dict.fromkeys([*own, *managing])), tuple(dict.fromkeys([*own, *everybody]))
    )


def note_texts(clinic_id: UUID, *, language: str) -> list[NoteText]:
    """Return the clinic's own texts by name; where it has none, ours to begin with."""
    own = [
        NoteText(id=str(row.id), title=row.title, text=_text(row, language), starter=False)
        for row in NoteTemplate.objects.filter(clinic_id=clinic_id).order_by("title", "id")
    ]
    if own:
        return own
    with translation.override(language):
        return [
            NoteText(id=code, title=_(title), text=_(text), starter=True)
            for code, (title, text) in STARTERS.items()
        ]


def _text(row: NoteTemplate, language: str) -> str:
    texts = (row.text_en, row.text_zh_hans)
    return next(text for text in (texts if language == "en" else texts[::-1]) if text)


def _readings(note_ids: Collection[UUID], patient_id: UUID) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    rows = CareNoteReading.objects.filter(patient_id=patient_id, note_id__in=note_ids)
    for row in rows.select_related("reader").order_by("at", "reader_id"):
        found[row.note_id].append(row)
    return found


def _view(note: CareNote, readings: Sequence[Any], user_id: UUID) -> NoteView:
    mine = note.author_id == user_id
    return NoteView(
        id=note.id,
        author=str(note.author),
        is_mine=mine,
        from_clinic=note.from_clinic,
        readers=note.readers,
        body="" if note.withdrawn_at else note.body,
        series=note.series,
        written_at=note.written_at,
        withdrawn_at=note.withdrawn_at,
        read_by=[
            ReadBy(name=str(each.reader), at=each.at)
            for each in readings
            if each.by_clinic != note.from_clinic
        ],
        is_new=not mine
        and note.withdrawn_at is None
        and all(each.reader_id != user_id for each in readings),
    )
