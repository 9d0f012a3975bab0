"""One stored log on the desk: taken out of its slot and day, and placed again or left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from patients.access.authority import Authority
from patients.access.decisions import Decision, decide, require
from patients.access.uploads import Upload, judge_upload
from patients.domain.errors import Conflict, NotVisible
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.audit import AuditTrail
from rehab.actions.bodies import entry_of
from rehab.actions.flags import FlagDesk
from rehab.actions.intake import Intake, Sent, programme_around, settle
from rehab.actions.judging import Verdict
from rehab.actions.moving_up import move_up
from rehab.actions.overdose import lift_over_maximum
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.pausing import settle_pauses
from rehab.actions.placing import FirstTelling, place
from rehab.actions.sessions import item_of, marks_of
from rehab.domain.receipt import receipt
from rehab.domain.session_entry import SessionEntry
from rehab.models import LogStatus, Mark, SessionAmendment, SessionLog
from rehab.models.briefing import KnownLog
from rehab.models.item_days import Day
from rehab.models.ledger import LogRow, Resolved


@dataclass(frozen=True, slots=True)
class Case:
    """One stored log, as the entry that would store it again, with all a correction needs."""

    log: SessionLog
    entry: SessionEntry
    before: dict[str, object]
    intake: Intake
    authority: Authority

    def known(self) -> KnownLog:
        return self.intake.programme.sent_before[self.log.id]


def open_log(
    by: User,
    at: datetime,
    patient_id: UUID,
    log_id: UUID,
    action: str,
    *,
    also: SessionEntry | None = None,
) -> Case:
    """Lock the patient and put a log on the desk; also: what is to take its place."""
    authority = authority_of(by, at=at, patient_id=patient_id)
    decision = decide(authority, patient_id, action, at)
    left = decision is not Decision.ALLOWED and action in ("log_sessions", "settle_duplicate")
    if not left:
        require(decision)
    patient = lock_patient(patient_id)
    log = SessionLog.objects.filter(patient_id=patient_id, id=log_id).first()
    if left and not _may_still_upload(log, authority, at):
        require(decision)
    if log is None:
        raise NotVisible
    entry = entry_of(log)
    sent = [Sent(log_id, entry)] + ([Sent(log_id, also)] if also else [])
    intake = _intake(by, at, patient, sent, clinician=authority.is_clinician_of(patient_id, at))
    return Case(log, entry, _before(log), intake, authority)


def must_stand(log: SessionLog) -> None:
    """Refuse to correct what counts nowhere: Conflict says what to do instead."""
    if log.status == LogStatus.RETRACTED:
        raise Conflict(_("This log was retracted. Record it anew instead."), code="retracted")
    if log.status == LogStatus.QUARANTINED:
        raise Conflict(_("This log waits until the clinic adopts it."), code="quarantined")


def take_out(case: Case) -> None:
    """Take the log out of its slot and its day, before it is placed again or left out."""
    programme, log = case.intake.programme, case.log
    programme.forget(log.id)
    if log.series is not None:
        case.intake.days.add(Day(log.patient_id, log.series, log.on))
    if log.occurrence_id is not None:
        case.intake.resolved[log.occurrence_id] = Resolved(log.occurrence_id, "due", None)
        if slot := programme.occurrences.get(log.occurrence_id):
            case.intake.days.add(Day(log.patient_id, slot.series, slot.on))


def put_back(case: Case, entry: SessionEntry, verdict: Verdict, *, status: str) -> LogRow:
    """Place the log anew. Its fingerprint stays that of what was first sent (R2)."""
    times = receipt(entry.performed_at, case.log.received_at, entry.client_sent_at)
    gone = status == LogStatus.RETRACTED
    marks = (
        list(case.log.marks) if gone else marks_of(entry, verdict, times, _upload(case.log), status)
    )
    return place(
        case.intake,
        Sent(case.log.id, entry),
        item_of(case.intake, entry),
        verdict,
        status=status,
        marks=marks,
        first=FirstTelling(
            case.log.revision,
            case.log.author_id,
            case.log.received_at,
            bytes(case.log.fingerprint),
        ),
    )


def finish(case: Case, kind: str, reason: str) -> None:
    """Keep the earlier version, name who changed it, and write the new one."""
    intake, log = case.intake, case.log
    SessionAmendment.objects.create(
        patient_id=log.patient_id,
        clinic_id=log.clinic_id,
        log_id=log.id,
        revision=log.revision,
        kind=kind,
        by=intake.by,
        at=intake.at,
        reason=reason.strip(),
        before=case.before,
    )
    intake.audit.add(f"session.{kind}", "session_log", log.id, {"revision": log.revision + 1})
    move_up(intake, log)
    settle(intake, replace=True)
    if (item := item_of(intake, case.entry)) and log.status == LogStatus.RECORDED:
        lift_over_maximum(intake.patient, item, log.on)
    if log.occurrence_id is not None:
        settle_pauses([log.patient_id], since=log.performed_at, at=intake.at)


def _may_still_upload(log: SessionLog | None, authority: Authority, at: datetime) -> bool:
    """Tell whether a former member may correct a log of their own that they were covered for."""
    if log is None or log.author_id != authority.user_id:
        return False
    upload = judge_upload(authority, log.patient_id, log.performed_at, at)
    return upload is Upload.RECEIVED_AFTER_ACCESS


def _intake(
    by: User, at: datetime, patient: PatientRow, sent: Sequence[Sent], *, clinician: bool
) -> Intake:
    return Intake(
        by=by,
        at=at,
        patient=patient,
        programme=programme_around(patient.id, sent, at=at, lock=False)[1],
        interactive=True,
        author_is_clinician=clinician,
        flags=FlagDesk(patient=patient, at=at),
        audit=AuditTrail(by=by, patient=patient, at=at),
    )


def _before(log: SessionLog) -> dict[str, object]:
    """Return a log and its parts as plain JSON, for the history of its versions."""
    hidden = {"fingerprint", "values_digest", "patient", "clinic", "sync_sequence"}
    return {name: _plain(value) for name, value in _columns(log).items() if name not in hidden}


def _columns(log: SessionLog) -> dict[str, object]:
    return {field.attname: getattr(log, field.attname) for field in log._meta.concrete_fields}


def _plain(value: object) -> object:
    if isinstance(value, dict | list | bool | int) or value is None:
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _upload(log: SessionLog) -> Upload:
    after = Mark.RECEIVED_AFTER_ACCESS in log.marks
    return Upload.RECEIVED_AFTER_ACCESS if after else Upload.ACCEPTED
