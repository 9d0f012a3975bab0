"""One stored log on the desk: taken out of its slot and day, and placed again or left out.

Whoever comes after a log that leaves moves up: a session told twice takes the place of its first
telling, one beyond what was due takes the slot that is open again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from patients.access.authority import Authority
from patients.access.decisions import Decision, decide, require
from patients.access.uploads import Upload, judge_upload
from patients.domain.errors import NotVisible
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.audit import AuditTrail
from rehab.actions.bodies import entry_of
from rehab.actions.flags import FlagDesk
from rehab.actions.intake import Intake, Sent, programme_around, settle
from rehab.actions.judging import Verdict
from rehab.actions.overdose import lift_over_maximum
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.pausing import settle_pauses
from rehab.actions.placing import FirstTelling, place
from rehab.actions.sessions import item_of, marks_of
from rehab.domain.receipt import SAME_START_WITHIN, receipt
from rehab.domain.recurrence import local_date
from rehab.domain.resolution import choose
from rehab.domain.session_entry import SessionEntry
from rehab.models import LogStatus, Mark, SessionAmendment, SessionLog, SessionPart
from rehab.models.briefing import KnownLog, KnownOccurrence
from rehab.models.ledger import LogRow, Resolved
from rehab.models.timetable import Day

NO_VERDICT = Verdict((), ())
# What a log is marked with because of the others around it.
AMONG_OTHERS = (Mark.POSSIBLE_DUPLICATE, Mark.WHILE_PAUSED, Mark.OVER_MAXIMUM)


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
    left = decision is not Decision.ALLOWED and action == "log_sessions"
    if not left:
        require(decision)
    patient = lock_patient(patient_id)
    log = SessionLog.objects.filter(patient_id=patient_id, id=log_id).first()
    if left and not _may_still_upload(log, authority, at):
        require(decision)
    if log is None:
        raise NotVisible
    parts = _parts_of(log)
    entry = entry_of(log, parts)
    sent = [Sent(log_id, entry)] + ([Sent(log_id, also)] if also else [])
    intake = _intake(by, at, patient, sent, clinician=authority.is_clinician_of(patient_id, at))
    return Case(log, entry, _before(log, parts), intake, authority)


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
        printed=bytes(case.log.fingerprint),
        first=FirstTelling(case.log.revision, case.log.author_id, case.log.received_at),
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
    _move_up(case)
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
        programme=programme_around(patient, sent, at=at),
        interactive=True,
        author_is_clinician=clinician,
        flags=FlagDesk(patient=patient, at=at),
        audit=AuditTrail(by=by, patient=patient, at=at),
    )


def _move_up(case: Case) -> None:
    """Let twins of a log that left, and then one extra session, take the place that it left."""
    for twin in _twins_left(case):
        _place_again(case, twin)
    slot = case.intake.programme.occurrences.get(case.log.occurrence_id or case.log.id)
    if slot is not None and slot.state == "due":
        for extra in _extras_for(slot, case):
            log = SessionLog.objects.get(patient_id=case.log.patient_id, id=extra.id)
            _place_again(case, log)
            return


def _twins_left(case: Case) -> list[SessionLog]:
    """Return the possible duplicates of a log that is gone, or was moved to another time."""
    stands = case.intake.programme.logs.get(case.log.id)
    twins = SessionLog.objects.filter(
        patient_id=case.log.patient_id, duplicate_of=case.log.id, status=LogStatus.RECORDED
    ).order_by("performed_at", "id")
    return [
        twin
        for twin in twins
        if stands is None or abs(stands.performed_at - twin.performed_at) > SAME_START_WITHIN
    ]


def _extras_for(slot: KnownOccurrence, case: Case) -> Iterable[KnownLog]:
    """Yield the sessions beyond what was due that would have resolved an open slot."""
    programme = case.intake.programme
    for log in sorted(programme.logs.values(), key=lambda each: (each.performed_at, each.id)):
        item = programme.item_at(slot.series, log.performed_at)
        if item is None or not _is_extra(log, slot.series, besides=case.log.id):
            continue
        candidates = programme.candidates(slot.series, None, log.performed_at)
        on = local_date(log.performed_at, item.zone)
        if choose(None, log.performed_at, candidates, on) == slot.id:
            yield log


def _is_extra(log: KnownLog, series: UUID, *, besides: UUID) -> bool:
    return (
        log.series == series
        and log.placement == "extra"
        and log.duplicate_of is None
        and Mark.WHILE_PAUSED not in log.marks
        and log.id != besides
    )


def _place_again(case: Case, log: SessionLog) -> None:
    """Place a neighbour anew: nobody changed it, so it stays the same revision."""
    entry = entry_of(log, _parts_of(log))
    case.intake.programme.forget(log.id)
    place(
        case.intake,
        Sent(log.id, entry),
        item_of(case.intake, entry),
        NO_VERDICT,
        status=log.status,
        marks=[mark for mark in log.marks if mark not in AMONG_OTHERS],
        printed=bytes(log.fingerprint),
        first=FirstTelling(log.revision - 1, log.author_id, log.received_at),
    )


def _parts_of(log: SessionLog) -> list[SessionPart]:
    rows = SessionPart.objects.filter(patient_id=log.patient_id, log_id=log.id)
    return list(rows.order_by("part"))


def _before(log: SessionLog, parts: Sequence[SessionPart]) -> dict[str, object]:
    """Return a log and its parts as plain JSON, for the history of its versions."""
    hidden = {"fingerprint", "values_digest", "patient", "clinic", "sync_sequence"}
    row = {name: _plain(value) for name, value in _columns(log).items() if name not in hidden}
    row["parts"] = [
        {
            "part": str(part.part),
            "outcome": part.outcome,
            "pain": part.pain,
            "pain_unfelt": part.pain_unfelt,
            "measures": part.measures,
            "typed": part.typed,
        }
        for part in parts
    ]
    return row


def _columns(log: SessionLog) -> dict[str, object]:
    return {field.attname: getattr(log, field.attname) for field in log._meta.concrete_fields}


def _plain(value: object) -> object:
    if isinstance(value, dict | list | bool | int) or value is None:
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _upload(log: SessionLog) -> Upload:
    after = Mark.RECEIVED_AFTER_ACCESS in log.marks
    return Upload.RECEIVED_AFTER_ACCESS if after else Upload.ACCEPTED
