"""Notes between home and clinic, in the words and on the clock of whoever reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from rehab.domain.opening_hours import opening_from
from rehab.domain.recurrence import local_date
from rehab.models.care_note import NoteReaders
from rehab.models.reads.care_notes import NotePage, NoteText, NoteView
from rehab.web.presenters import clock
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class NoteCard:
    id: UUID
    author: str
    side: str
    when: str
    body: str
    private: str
    seen: str
    is_new: bool
    is_mine: bool
    withdraw_url: str


@dataclass(frozen=True, slots=True)
class Beginning:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class NotesPage:
    """open_line: when somebody at the clinic may read it. beginnings: texts to start with."""

    cards: Sequence[NoteCard]
    older: str
    open_line: str
    phone: str
    emergency_number: str
    beginnings: Sequence[Beginning]
    texts_url: str


def notes_page(found: NotePage, texts: Sequence[NoteText], viewer: Viewer) -> NotesPage:
    here = reverse("rehab:notes", args=[viewer.patient.pk])
    clinic = viewer.patient.clinic
    return NotesPage(
        cards=[_card(note, viewer) for note in found.results],
        older=f"{here}?after={found.next}" if found.next else "",
        open_line="" if viewer.is_clinician else _open(viewer),
        phone=clinic.phone,
        emergency_number=clinic.emergency_number,
        beginnings=[
            Beginning(each.title, f"{here}?{urlencode({'begin': each.id})}#write") for each in texts
        ],
        texts_url=reverse("rehab:note-texts", args=[clinic.pk]) if viewer.is_clinician else "",
    )


def _card(note: NoteView, viewer: Viewer) -> NoteCard:
    zone = viewer.patient.zone
    today = local_date(viewer.now, zone)
    mine_to_take = note.is_mine and note.withdrawn_at is None
    return NoteCard(
        id=note.id,
        author=note.author,
        side=_("Clinic") if note.from_clinic else _("Home"),
        when=clock.moment(note.written_at, zone, today),
        body=note.body or _("Taken back by whoever wrote it."),
        private=_("Not for helpers") if note.readers == NoteReaders.PATIENT else "",
        seen=_seen(note, zone, viewer),
        is_new=note.is_new,
        is_mine=note.is_mine,
        withdraw_url=reverse("rehab:note-withdraw", args=[viewer.patient.pk, note.id])
        if mine_to_take
        else "",
    )


def _seen(note: NoteView, zone: str, viewer: Viewer) -> str:
    """Said of one's own side's notes: whether anybody over there had it in front of them."""
    if note.withdrawn_at is not None or note.from_clinic != viewer.is_clinician:
        return ""
    if not note.read_by:
        return _("Not yet read by anyone.")
    today = local_date(viewer.now, zone)
    return _("Read by %(who)s") % {
        "who": _(", ").join(
            f"{each.name} ({clock.moment(each.at, zone, today)})" for each in note.read_by
        )
    }


def _open(viewer: Viewer) -> str:
    clinic = viewer.patient.clinic
    if clinic.unattended:
        return _("Nobody answers here: call, or ask at the next appointment.")
    opens_at = opening_from(viewer.now, clinic.hours, clinic.holidays, clinic.zone)
    if not clinic.hours or opens_at is None:
        return _("Nobody watches for notes. They are read when somebody has time.")
    if opens_at == viewer.now:
        return _("The clinic is open now. Notes are read when somebody has time.")
    when = clock.moment(opens_at, viewer.patient.zone, local_date(viewer.now, viewer.patient.zone))
    return _("The clinic is closed. Nobody reads notes before %(when)s.") % {"when": when}
