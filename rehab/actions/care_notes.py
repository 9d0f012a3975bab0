"""Writing notes between home and clinic, reading them, and the texts that a clinic begins with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from patients.access.authority import Authority
from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.actions import audit
from patients.actions.permission import require_in_clinic
from patients.domain.errors import Conflict, FieldError, Invalid, NotAllowed, NotVisible
from patients.models import Patient
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.audit import AuditTrail
from rehab.actions.patient_row import lock_patient
from rehab.actions.recipients import contact_points
from rehab.actions.reminders import new_delivery
from rehab.actions.texts import text_faults
from rehab.domain.recurrence import local_date
from rehab.models import (
    CareNote,
    CareNoteReading,
    Delivery,
    NoteReaders,
    NoteTemplate,
    PlanItem,
    Reminder,
    ReminderKind,
)
from rehab.models.care_note import LONGEST_NOTE, LONGEST_TITLE
from rehab.models.reads.care_notes import home_readers


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteEntry:
    """body: at most 2,000 characters. readers: patient | helpers. series: an item of the plan."""

    body: str
    readers: str = NoteReaders.HELPERS
    series: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateEntry:
    """title: at most 80 characters. A text in one language at least."""

    title: str
    text_zh_hans: str = ""
    text_en: str = ""


def write_note(
    *, by: User, at: datetime, patient_id: UUID, note_id: UUID, entry: NoteEntry
) -> tuple[CareNote, bool]:
    """Keep a note under the client's own id; tell whether it is new.

    Raises Invalid for a text that cannot be kept or a note that nobody would read, and Conflict
    for an id that was used for another note.
    """
    with within_clinics(by.clinic_ids):
        authority = _may_write(by, patient_id, at)
        patient = lock_patient(patient_id)
        known = CareNote.objects.filter(patient_id=patient_id, id=note_id).first()
        if known is not None:
            return _said_before(known, by, entry), False
        from_clinic = authority.is_clinician_of(patient_id, at)
        _check(entry, patient_id, from_clinic=from_clinic, at=at)
        note = CareNote.objects.create(
            patient_id=patient_id,
            clinic_id=patient.clinic_id,
            id=note_id,
            author=by,
            from_clinic=from_clinic,
            readers=entry.readers,
            body=entry.body.strip(),
            series=entry.series,
            written_at=at,
        )
        trail = AuditTrail(by=by, patient=patient, at=at)
        trail.add("note.write", "note", note.id, {"readers": entry.readers})
        trail.settle()
        if from_clinic:
            _tell_home(note, at=at)
        return note, True


def withdraw_note(*, by: User, at: datetime, patient_id: UUID, note_id: UUID) -> CareNote:
    """Take back a note of one's own: that it was there stays, what it said is shown no more."""
    with within_clinics(by.clinic_ids):
        authority = _may_write(by, patient_id, at)
        patient = lock_patient(patient_id)
        visible = CareNote.objects.visible_under(authority, at=at)
        note = visible.filter(patient_id=patient_id, id=note_id).first()
        if note is None:
            raise NotVisible
        if note.author_id != by.pk:
            raise NotAllowed(_("Only whoever wrote a note can take it back."))
        if note.withdrawn_at is None:
            note.withdrawn_at = at
            note.save(update_fields=["withdrawn_at"])
            trail = AuditTrail(by=by, patient=patient, at=at)
            trail.add("note.withdraw", "note", note.id, {})
            trail.settle()
        return note


def mark_read(*, by: User, at: datetime, patient_id: UUID, note_ids: Iterable[UUID]) -> None:
    """Record that this account had notes of others in front of it; saying so again is safe."""
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        visible = CareNote.objects.visible_under(authority, at=at).filter(patient_id=patient_id)
        others = visible.filter(id__in=list(note_ids)).exclude(author=by)
        CareNoteReading.objects.bulk_create(
            [
                CareNoteReading(
                    patient_id=patient_id,
                    clinic_id=note.clinic_id,
                    note_id=note.id,
                    reader=by,
                    at=at,
                    by_clinic=authority.is_clinician_of(patient_id, at),
                )
                for note in others
            ],
            ignore_conflicts=True,
        )


def keep_template(
    *, by: User, at: datetime, clinic_id: UUID, template_id: UUID, entry: TemplateEntry
) -> NoteTemplate:
    """Keep a text that staff of this clinic begin notes with; any of them may change it."""
    with within_clinics(by.clinic_ids):
        clinic = require_in_clinic(by=by, at=at, clinic_id=clinic_id)
        _check_template(entry, clinic_id, template_id)
        template, _new = NoteTemplate.objects.update_or_create(
            id=template_id,
            clinic=clinic,
            defaults={
                "title": entry.title.strip(),
                "text_zh_hans": entry.text_zh_hans.strip(),
                "text_en": entry.text_en.strip(),
                "changed_by": by,
                "changed_at": at,
            },
        )
        _note_template(by, clinic_id, "clinic.note_template", template, at)
        return template


def remove_template(*, by: User, at: datetime, clinic_id: UUID, template_id: UUID) -> None:
    with within_clinics(by.clinic_ids):
        require_in_clinic(by=by, at=at, clinic_id=clinic_id)
        template = NoteTemplate.objects.filter(clinic_id=clinic_id, id=template_id).first()
        if template is None:
            raise NotVisible
        _note_template(by, clinic_id, "clinic.note_template_removed", template, at)
        template.delete()


def _tell_home(note: CareNote, *, at: datetime) -> None:
    """Tell whoever at home may read it that there is a note, and nothing of what it says.

    The clinic is told by its caseload: a message for each note would teach it to look away.
    """
    people = [each.user_id for each in home_readers(note.patient_id, at=at).of(note.readers)]
    points = contact_points(people)
    zone = Patient.objects.values_list("zone", flat=True).get(pk=note.patient_id)
    reminders = {
        user: Reminder(
            patient_id=note.patient_id,
            clinic_id=note.clinic_id,
            id=uuid5(note.id, f"note/{user}"),
            recipient_id=user,
            kind=ReminderKind.NOTE,
            on=local_date(at, zone),
            due_at=at,
            note_id=note.id,
            nobody_reachable=user not in points,
            created_at=at,
        )
        for user in people
        if user != note.author_id
    }
    Reminder.objects.bulk_create(reminders.values())
    Delivery.objects.bulk_create(
        [
            new_delivery(reminder, user, points[user][0], at=at)
            for user, reminder in reminders.items()
            if user in points
        ]
    )


def _may_write(by: User, patient_id: UUID, at: datetime) -> Authority:
    """Whoever works for the patient writes; somebody who only looks on does not."""
    authority = authority_of(by, at=at, patient_id=patient_id)
    require(decide(authority, patient_id, "log_sessions", at))
    return authority


def _said_before(known: CareNote, by: User, entry: NoteEntry) -> CareNote:
    same = (known.author_id, known.body, known.readers, known.series) == (
        by.pk, entry.body.strip(), entry.readers, entry.series,
    )  # fmt: skip
    if not same:
        raise Conflict(_("This id was used for another note. Send it under a new one."))
    return known


def _check(entry: NoteEntry, patient_id: UUID, *, from_clinic: bool, at: datetime) -> None:
    errors = list(text_faults({"body": entry.body}, longest=LONGEST_NOTE))
    if not entry.body.strip():
        errors.append(FieldError("body", "blank", _("Write something first.")))
    if entry.readers not in NoteReaders.values:
        errors.append(FieldError("readers", "not_a_choice", _("Choose who may read it.")))
    elif from_clinic and not home_readers(patient_id, at=at).of(entry.readers):
        errors.append(FieldError("readers", "nobody_reads", _nobody()))
    if entry.series and not _in_a_plan(patient_id, entry.series):
        errors.append(FieldError("series", "unknown_item", _("This item is in no plan here.")))
    if errors:
        raise Invalid(errors=tuple(errors))


def _nobody() -> str:
    return _(
        "Nobody at home would read it: they have no account yet, or may not read this. Choose the "
        "helpers too, or invite somebody first."
    )


def _in_a_plan(patient_id: UUID, series: UUID) -> bool:
    return PlanItem.objects.filter(patient_id=patient_id, series=series).exists()


def _check_template(entry: TemplateEntry, clinic_id: UUID, template_id: UUID) -> None:
    errors = [
        *text_faults({"title": entry.title}, longest=LONGEST_TITLE),
        *text_faults(
            {"text_zh_hans": entry.text_zh_hans, "text_en": entry.text_en}, longest=LONGEST_NOTE
        ),
    ]
    if not entry.title.strip():
        errors.append(FieldError("title", "blank", _("Give it a short name.")))
    if not (entry.text_zh_hans.strip() or entry.text_en.strip()):
        errors.append(FieldError("text_en", "blank", _("Write the text in one language at least.")))
    same = NoteTemplate.objects.filter(clinic_id=clinic_id, title=entry.title.strip())
    if same.exclude(id=template_id).exists():
        errors.append(FieldError("title", "taken", _("There is a text of this name already.")))
    if errors:
        raise Invalid(errors=tuple(errors))


def _note_template(
    by: User, clinic_id: UUID, kind: str, template: NoteTemplate, at: datetime
) -> None:
    event = audit.Event(
        clinic_id, by.pk, kind, at, target_kind="note_template", target_id=template.id
    )
    audit.record([event])
