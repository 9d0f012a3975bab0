"""Keeping what a person told under an id of their own, and every version of it that was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar, cast
from uuid import UUID

from django.utils.translation import gettext as _

from patients.access.authority import Authority
from patients.access.decisions import decide, require
from patients.access.uploads import Upload
from patients.domain.errors import Conflict, FieldError, Invalid, NotVisible
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.answers import RaisedFlag
from rehab.actions.audit import AuditTrail
from rehab.actions.bodies import offset_minutes
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.uploading import require_upload
from rehab.domain.receipt import receipt
from rehab.domain.recurrence import local_date
from rehab.models import Mark, RecordChange, RecordStatus
from rehab.models.amendment import Amendment, ToldRecord

Record = TypeVar("Record", bound=ToldRecord)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a record.

    status: what HTTP would say. state: recorded, pending, unchanged, conflict, refused,
    confirm_required, amended, confirmed or retracted.
    """

    id: UUID
    status: int
    state: str
    errors: tuple[FieldError, ...] = ()
    flags: tuple[RaisedFlag, ...] = ()


@dataclass(slots=True)
class Desk:
    """One patient's record, locked, with who writes into it and as what.

    upload: how it is taken in; None for a correction.
    """

    by: User
    at: datetime
    patient: PatientRow
    authority: Authority
    upload: Upload | None = None

    @property
    def by_clinician(self) -> bool:
        return self.authority.is_clinician_of(self.patient.id, self.at)

    def note(self, kind: str, target: str, target_id: UUID, **detail: object) -> None:
        trail = AuditTrail(by=self.by, patient=self.patient, at=self.at)
        trail.add(kind, target, target_id, detail)
        trail.settle()


def open_desk(by: User, at: datetime, patient_id: UUID, performed_at: datetime) -> Desk:
    """Lock the patient for something that was done; judged by who the author was then."""
    authority = authority_of(by, at=at, patient_id=patient_id)
    upload = require_upload(authority, patient_id, performed_at, at=at)
    return Desk(by, at, lock_patient(patient_id), authority, upload)


def desk_to_correct(by: User, at: datetime, patient_id: UUID) -> Desk:
    authority = authority_of(by, at=at, patient_id=patient_id)
    require(decide(authority, patient_id, "log_sessions", at))
    return Desk(by, at, lock_patient(patient_id), authority)


def said_before(model: type[Record], desk: Desk, record_id: UUID, printed: bytes) -> Kept | None:
    """Answer what is stored already under this id: the same 200, another 409."""
    known = model.objects.filter(patient_id=desk.patient.id, id=record_id).first()
    if known is None:
        return None
    if bytes(known.fingerprint) == printed:
        return Kept(record_id, 200, "unchanged")
    return Kept(record_id, 409, "conflict")


def keep(
    model: type[Record],
    desk: Desk,
    record_id: UUID,
    *,
    performed_at: datetime,
    zone: str,
    printed: bytes,
    values: Mapping[str, object],
    unusual: bool = False,
) -> Record:
    """Store a new record; what was told more than seven days late waits for a clinician."""
    late = receipt(performed_at, desk.at)
    waits = late.needs_confirmation and not desk.by_clinician
    marks = {
        Mark.LATE: late.late,
        Mark.RECEIVED_AFTER_ACCESS: desk.upload is Upload.RECEIVED_AFTER_ACCESS,
        Mark.PENDING_CONFIRMATION: waits,
        Mark.CONFIRMED_UNUSUAL: unusual,
    }
    row = model.objects.create(
        patient_id=desk.patient.id,
        clinic_id=desk.patient.clinic_id,
        id=record_id,
        status=RecordStatus.PENDING if waits else RecordStatus.RECORDED,
        fingerprint=printed,
        on=local_date(performed_at, zone),
        performed_at=performed_at,
        performed_offset_minutes=offset_minutes(performed_at),
        performed_zone=zone,
        received_at=desk.at,
        author=desk.by,
        marks=[mark.value for mark, holds in marks.items() if holds],
        **values,
    )
    return cast(Record, row)


def recorded(row: ToldRecord, **more: object) -> Kept:
    state = "pending" if row.status == RecordStatus.PENDING else "recorded"
    return Kept(row.id, 201, state, **more)  # type: ignore[arg-type]


def standing(model: type[Record], desk: Desk, record_id: UUID) -> Record:
    """Return a record that may still be corrected.

    NotVisible for one that is not this patient's, Conflict for one that was withdrawn.
    """
    row = model.objects.filter(patient_id=desk.patient.id, id=record_id).first()
    if row is None:
        raise NotVisible
    if row.status == RecordStatus.RETRACTED:
        raise Conflict(_("This was withdrawn. Record it anew instead."), code="retracted")
    return cast(Record, row)


def change(
    row: ToldRecord,
    desk: Desk,
    amendments: type[Amendment],
    kind: RecordChange,
    reason: str,
    values: Mapping[str, object],
) -> None:
    """Put new values in place of a record's; what it said before stays readable (R7)."""
    amendments.objects.create(
        patient_id=row.patient_id,
        clinic_id=row.clinic_id,
        record_id=row.id,
        revision=row.revision,
        kind=kind,
        by=desk.by,
        at=desk.at,
        reason=reason.strip(),
        before=_before(row),
    )
    for name, value in {**values, "revision": row.revision + 1}.items():
        setattr(row, name, value)
    row.save(update_fields=[*values, "revision"])


def moved(performed_at: datetime, zone: str) -> dict[str, object]:
    """Return the columns that say when, for a correction."""
    return {
        "performed_at": performed_at,
        "performed_zone": zone,
        "performed_offset_minutes": offset_minutes(performed_at),
        "on": local_date(performed_at, zone),
    }


def withdraw(
    model: type[Record],
    amendments: type[Amendment],
    desk: Desk,
    record_id: UUID,
    reason: str,
    *,
    may: Callable[[Record], None] = lambda row: None,
) -> Kept:
    """Mark a record as entered in error: it counts nowhere and stays readable."""
    say_why(reason)
    row = model.objects.filter(patient_id=desk.patient.id, id=record_id).first()
    if row is None:
        raise NotVisible
    may(cast(Record, row))
    if row.status == RecordStatus.RETRACTED:
        return Kept(record_id, 200, "unchanged")
    change(row, desk, amendments, RecordChange.RETRACT, reason, {"status": RecordStatus.RETRACTED})
    return Kept(record_id, 200, "retracted")


def confirm(model: type[Record], amendments: type[Amendment], desk: Desk, record_id: UUID) -> Kept:
    """Let a record count that came more than seven days late, as a clinician of the patient."""
    require(decide(desk.authority, desk.patient.id, "resume", desk.at))
    row = standing(model, desk, record_id)
    if row.status != RecordStatus.PENDING:
        return Kept(record_id, 200, "unchanged")
    marks = [mark for mark in row.marks if mark != Mark.PENDING_CONFIRMATION]
    values = {"status": RecordStatus.RECORDED, "marks": marks}
    change(row, desk, amendments, RecordChange.CONFIRM, "", values)
    return Kept(record_id, 200, "confirmed")


def say_why(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("Say why in a few words."), field="reason", code="blank")


def _before(row: ToldRecord) -> dict[str, object]:
    hidden = {"fingerprint", "patient_id", "clinic_id"}
    columns = ((field.attname, getattr(row, field.attname)) for field in row._meta.concrete_fields)
    return {name: _plain(value) for name, value in columns if name not in hidden}


def _plain(value: object) -> object:
    if isinstance(value, dict | list | bool | int | float) or value is None:
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
