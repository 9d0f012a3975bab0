"""Taking in what a cycle wrote down: each ride becomes one session, and none is counted twice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import FieldError, Invalid
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.answers import Answer, LogState, RaisedFlag
from rehab.actions.audit import AuditTrail
from rehab.actions.bodies import entry_of
from rehab.actions.corrections import amend_session
from rehab.actions.judging import zone_faults
from rehab.actions.merging import together
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.sessions import log_session
from rehab.actions.texts import text_faults
from rehab.domain.device_file import MEASURES, DeviceRide, DeviceTable
from rehab.domain.identity import fingerprint
from rehab.domain.receipt import SAME_START_WITHIN
from rehab.domain.session_entry import SessionEntry
from rehab.models import Entry, LogStatus, PlanItem, SessionLog
from rehab.models.reads.cycling import CYCLING

KIND = "device_row"
LONGEST_NAME = 80
UNREADABLE = {
    "empty": gettext_noop("There is no row in this file."),
    "no_start_column": gettext_noop("The file needs a column started_at."),
    "too_many_rows": gettext_noop("Send fewer rows in one file."),
    "not_text": gettext_noop("This is no text in UTF-8."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFile:
    """A file as it came. digest: SHA-256 of its bytes, in hexadecimal.

    serial: of the device; with it a ride is known again in another file. series: the item that
    it belongs to; null: the one item of cycling that the plan had then.
    """

    digest: str
    model: str
    serial: str
    zone: str
    series: UUID | None
    table: DeviceTable


@dataclass(frozen=True, slots=True, kw_only=True)
class RideAnswer:
    """What became of one row. state: recorded, pending, merged (put into the session that was

    told by hand), unchanged, conflict (this start was imported with other values) or refused.
    """

    row: int
    id: UUID | None
    state: str
    log: LogState | None = None
    errors: tuple[FieldError, ...] = ()
    flags: tuple[RaisedFlag, ...] = ()


def import_device_file(
    *, by: User, at: datetime, patient_id: UUID, file: DeviceFile
) -> list[RideAnswer]:
    """Record every ride of a file, once; the same file again changes nothing.

    A ride that somebody told by hand with a start within five minutes is put into that session:
    the device's values take the place of typed ones, all else that was typed stays, and the
    typed version stays readable.
    """
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require(decide(authority, patient_id, "log_sessions", at))
        faults = (
            *zone_faults(file.zone),
            *text_faults({"model": file.model, "serial": file.serial}, longest=LONGEST_NAME),
        )
        if faults:
            raise Invalid(errors=faults)
        patient = lock_patient(patient_id)
        answers = [_take(by, at, patient, file, ride) for ride in file.table.rides]
        trail = AuditTrail(by=by, patient=patient, at=at)
        trail.add(
            "device.import",
            "patient",
            patient.id,
            {"file": file.digest, "rows": len(answers)},
        )
        trail.settle()
        return answers


def _take(
    by: User, at: datetime, patient: PatientRow, file: DeviceFile, ride: DeviceRide
) -> RideAnswer:
    if ride.started_at is None:
        return _refused(ride, "started_at", "not_a_moment", _("This is no date with a time."))
    ride_id = row_id(patient.id, file, ride, ride.started_at)
    printed = print_of(ride)
    if (known := known_ride(patient.id, ride_id, printed)) is not None:
        return RideAnswer(row=ride.row, id=known[1], state=known[0])
    series = file.series or cycling_at(patient.id, ride.started_at)
    if series is None:
        return _refused(
            ride, "series", "which_item", _("Say which item of the plan this belongs to.")
        )
    entry = _entry(file, ride, ride.started_at, series)
    told = told_by_hand(patient.id, series, ride.started_at)
    reply = (
        _merge(by, at, patient.id, told, entry)
        if told is not None
        else log_session(
            by=by, at=at, patient_id=patient.id, log_id=ride_id, entry=entry, interactive=False
        )
    )
    if reply.status in (200, 201):
        _remember(by, at, patient, ride_id, printed, file, ride, reply)
    return RideAnswer(
        row=ride.row,
        id=reply.id,
        state="merged" if told is not None and reply.status == 200 else reply.state,
        log=reply.log,
        errors=reply.errors,
        flags=reply.flags,
    )


def row_id(patient_id: UUID, file: DeviceFile, ride: DeviceRide, started_at: datetime) -> UUID:
    """The same ride of the same device has one id, in whatever file it stands."""
    if file.serial:
        return uuid5(patient_id, f"device/{file.serial}/{started_at.astimezone(UTC).isoformat()}")
    return uuid5(patient_id, f"file/{file.digest}/{ride.row}")


def print_of(ride: DeviceRide) -> bytes:
    return fingerprint({"started_at": ride.started_at, **ride.values})


def known_ride(patient_id: UUID, ride_id: UUID, printed: bytes) -> tuple[str, UUID] | None:
    """Tell whether a ride came before, with the same values (unchanged) or others (conflict)."""
    known = Entry.objects.filter(patient_id=patient_id, id=ride_id, kind=KIND).first()
    if known is None:
        return None
    state = "unchanged" if bytes(known.fingerprint) == printed else "conflict"
    return state, UUID(known.answer["log"])


def cycling_at(patient_id: UUID, moment: datetime) -> UUID | None:
    """Return the one item of cycling in force at a moment; None for none or several."""
    items = PlanItem.objects.filter(
        patient_id=patient_id, modality=CYCLING, version__effective_at__lte=moment
    )
    newest: dict[UUID, tuple[int, set[UUID]]] = {}
    for plan, number, series in items.values_list("version__plan", "version__number", "series"):
        last, found = newest.get(plan, (0, set()))
        newest[plan] = (number, {series}) if number > last else (last, found | {series})
        if number < last:
            newest[plan] = (last, found)
    found_series = {series for _number, group in newest.values() for series in group}
    return found_series.pop() if len(found_series) == 1 else None


def _entry(file: DeviceFile, ride: DeviceRide, started_at: datetime, series: UUID) -> SessionEntry:
    stimulation = ride.values.get("mean_stimulation_ma")
    return SessionEntry(
        performed_at=started_at,
        zone=file.zone,
        series=series,
        source="device",
        minutes=ride.values.get("minutes"),
        measures={name: ride.values[name] for name in MEASURES if name in ride.values},
        device=" ".join(filter(None, (file.model, file.serial))),
        note=""
        if stimulation is None
        else _("Mean stimulation, by the device: %(value)s mA") % {"value": stimulation},
    )


def told_by_hand(
    patient_id: UUID, series: UUID, started_at: datetime, *, besides: Collection[UUID] = ()
) -> SessionLog | None:
    """Return the session nearest to a start that somebody told by hand within five minutes."""
    rows = SessionLog.objects.filter(
        patient_id=patient_id,
        series=series,
        status=LogStatus.RECORDED,
        duplicate_of__isnull=True,
        performed_at__range=(started_at - SAME_START_WITHIN, started_at + SAME_START_WITHIN),
    )
    by_hand = [
        row for row in rows if row.details.get("source") != "device" and row.id not in besides
    ]
    return min(by_hand, key=lambda row: abs(row.performed_at - started_at), default=None)


def _merge(
    by: User, at: datetime, patient_id: UUID, told: SessionLog, device: SessionEntry
) -> Answer:
    entry = together(entry_of(told), device)
    return amend_session(
        by=by,
        at=at,
        patient_id=patient_id,
        log_id=told.id,
        entry=entry,
        reason=_("The same session from a device file"),
        interactive=False,
    )


def _remember(
    by: User,
    at: datetime,
    patient: PatientRow,
    row_id: UUID,
    printed: bytes,
    file: DeviceFile,
    ride: DeviceRide,
    reply: Answer,
) -> None:
    Entry.objects.create(
        patient_id=patient.id,
        clinic_id=patient.clinic_id,
        id=row_id,
        kind=KIND,
        fingerprint=printed,
        author=by,
        received_at=at,
        answer={"log": str(reply.id), "file": file.digest, "row": ride.row, "state": reply.state},
    )


def _refused(ride: DeviceRide, name: str, code: str, words: str) -> RideAnswer:
    errors: Sequence[FieldError] = (FieldError(name, code, words),)
    return RideAnswer(row=ride.row, id=None, state="refused", errors=tuple(errors))
