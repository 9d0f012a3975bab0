"""Correcting logs: every earlier version stays readable, and says who changed it and why (R7)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from patients.access.authority import Authority
from patients.access.decisions import decide, require
from patients.access.uploads import Upload
from patients.access.walls import within_clinics
from patients.domain.errors import Conflict, Invalid, NotVisible
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.answers import Answer
from rehab.actions.audit import AuditTrail
from rehab.actions.bodies import clinical, entry_of
from rehab.actions.flags import FlagDesk
from rehab.actions.intake import Intake, Sent, programme_around, settle
from rehab.actions.judging import Verdict, judge_entry, unconfirmed
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.placing import FirstTelling, log_state, place
from rehab.actions.sessions import item_of, marks_of
from rehab.domain.identity import fingerprint
from rehab.domain.receipt import receipt
from rehab.domain.session_entry import SessionEntry
from rehab.models import AmendmentKind, LogStatus, Mark, SessionAmendment, SessionLog, SessionPart
from rehab.models.briefing import KnownLog
from rehab.models.ledger import LogRow, Resolved
from rehab.models.timetable import Day

NO_VERDICT = Verdict((), ())
GONE = (LogStatus.RETRACTED,)


@dataclass(frozen=True, slots=True)
class _Case:
    """One stored log on the desk, with everything a correction needs."""

    log: SessionLog
    entry: SessionEntry
    before: dict[str, object]
    intake: Intake
    authority: Authority


def amend_session(
    *, by: User, at: datetime, patient_id: UUID, log_id: UUID, entry: SessionEntry, reason: str
) -> Answer:
    """Put another version in place of a log. The author stays who told it first; the amendment names `by`."""
    with within_clinics(by.clinic_ids):
        case = _open(by, at, patient_id, log_id, "log_sessions", also=entry)
        _say_why(reason)
        entry = replace(entry, series=entry.series or case.log.series)
        if fingerprint(clinical(entry)) == bytes(case.log.fingerprint):
            return Answer(log_id, 200, "unchanged", log_state(_known(case)))
        _must_stand(case.log)
        sent = Sent(log_id, entry)
        _take_out(case)
        item = item_of(case.intake, entry)
        verdict = judge_entry(entry, item, received_at=at)
        left = unconfirmed(verdict, entry.confirmed)
        flags = case.intake.flags.judge(
            log_id, entry, item, case.intake.programme, counted=not verdict.refused and not left
        )
        if verdict.refused or left:
            case.intake.days |= case.intake.flags.settle()
            state, errors = (
                ("refused", verdict.refused) if verdict.refused else ("confirm_required", left)
            )
            return Answer(log_id, 422, state, errors=errors, flags=flags)
        row = _put_back(case, sent, verdict, status=case.log.status)
        _finish(case, AmendmentKind.AMEND, reason)
        return Answer(log_id, 200, "amended", log_state(row), flags=flags)


def retract_session(
    *, by: User, at: datetime, patient_id: UUID, log_id: UUID, reason: str
) -> Answer:
    """Mark a log as entered in error: it counts nowhere, and stays readable."""
    with within_clinics(by.clinic_ids):
        case = _open(by, at, patient_id, log_id, "log_sessions")
        _say_why(reason)
        if case.log.status == LogStatus.RETRACTED:
            return Answer(log_id, 200, "unchanged", log_state(_known(case)))
        _take_out(case)
        row = _put_back(case, Sent(log_id, case.entry), NO_VERDICT, status=LogStatus.RETRACTED)
        _promote_twins(case)
        _finish(case, AmendmentKind.RETRACT, reason)
        return Answer(log_id, 200, "retracted", log_state(row))


def confirm_session(
    *, by: User, at: datetime, patient_id: UUID, log_id: UUID, codes: Sequence[str] = ()
) -> Answer:
    """Say that an unusual log is right, or that a possible duplicate was a session of its own.

    A log that came more than seven days late counts once a clinician has confirmed it.
    """
    with within_clinics(by.clinic_ids):
        case = _open(by, at, patient_id, log_id, "log_sessions")
        _must_stand(case.log)
        if case.log.status == LogStatus.PENDING:
            require(decide(case.authority, patient_id, "resume", at))
        elif not _confirmable(case.log, codes):
            return Answer(log_id, 200, "unchanged", log_state(_known(case)))
        entry = replace(
            case.entry,
            confirmed=tuple(dict.fromkeys([*case.entry.confirmed, *codes, *_unusual(case.log)])),
        )
        _take_out(case)
        row = _put_back(
            case, Sent(log_id, entry), _verdict(entry, case), status=LogStatus.RECORDED, alone=True
        )
        _finish(case, AmendmentKind.CONFIRM, ", ".join(codes))
        return Answer(log_id, 200, "confirmed", log_state(row))


def merge_session(
    *, by: User, at: datetime, patient_id: UUID, log_id: UUID, into: UUID, reason: str = ""
) -> Answer:
    """Say that two logs tell one session: this one stays readable and counts nowhere."""
    with within_clinics(by.clinic_ids):
        case = _open(by, at, patient_id, log_id, "log_sessions")
        _must_stand(case.log)
        other = SessionLog.objects.filter(
            patient_id=patient_id, id=into, status=LogStatus.RECORDED
        ).first()
        if other is None or other.id == log_id or other.series != case.log.series:
            raise Invalid(
                _("Choose another log of the same item."), field="into", code="not_mergeable"
            )
        _take_out(case)
        row = _put_back(case, Sent(log_id, case.entry), NO_VERDICT, status=LogStatus.RETRACTED)
        case.intake.logs[-1] = replace(row, duplicate_of=into)
        _finish(case, AmendmentKind.MERGE, reason or str(into))
        return Answer(log_id, 200, "merged", log_state(case.intake.logs[-1]))


def adopt_session(*, by: User, at: datetime, patient_id: UUID, log_id: UUID, note: str) -> Answer:
    """Let a quarantined log count, as a coordinator of the clinic; its author stays its author."""
    with within_clinics(by.clinic_ids):
        case = _open(by, at, patient_id, log_id, "adopt")
        _say_why(note)
        if case.log.status != LogStatus.QUARANTINED:
            raise Conflict(_("This log is not waiting to be adopted."), code="not_quarantined")
        _take_out(case)
        verdict = _verdict(case.entry, case)
        if verdict.refused:
            raise Invalid(errors=verdict.refused)
        item = item_of(case.intake, case.entry)
        flags = case.intake.flags.judge(
            log_id, case.entry, item, case.intake.programme, counted=True
        )
        row = _put_back(case, Sent(log_id, case.entry), verdict, status=LogStatus.RECORDED)
        _finish(case, AmendmentKind.ADOPT, note)
        return Answer(log_id, 200, "adopted", log_state(row), flags=flags)


def _open(
    by: User,
    at: datetime,
    patient_id: UUID,
    log_id: UUID,
    action: str,
    *,
    also: SessionEntry | None = None,
) -> _Case:
    authority = authority_of(by, at=at, patient_id=patient_id)
    require(decide(authority, patient_id, action, at))
    patient = lock_patient(patient_id)
    log = SessionLog.objects.filter(patient_id=patient_id, id=log_id).first()
    if log is None:
        raise NotVisible
    rows = SessionPart.objects.filter(patient_id=patient_id, log_id=log_id).order_by("part")
    parts = {part.part: part for part in rows}
    entry = entry_of(log, parts)
    sent = [Sent(log_id, entry)] + ([Sent(log_id, also)] if also else [])
    intake = _intake(by, at, patient, sent, clinician=authority.is_clinician_of(patient_id, at))
    return _Case(log, entry, _before(log, list(parts.values())), intake, authority)


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


def _take_out(case: _Case) -> None:
    """Take the log out of its slot and its day, before it is placed again or left out."""
    case.intake.programme.forget(case.log.id)
    if case.log.occurrence_id is not None:
        case.intake.resolved[case.log.occurrence_id] = Resolved(case.log.occurrence_id, "due", None)
        known = case.intake.programme.occurrences.get(case.log.occurrence_id)
        if known is not None:
            case.intake.days.add(Day(case.log.patient_id, known.series, known.on))
    if case.log.series is not None:
        case.intake.days.add(Day(case.log.patient_id, case.log.series, case.log.on))


def _put_back(
    case: _Case, sent: Sent, verdict: Verdict, *, status: str, alone: bool = False
) -> LogRow:
    """Place the log anew. alone: a person said that it is no duplicate of another."""
    intake, entry = case.intake, sent.entry
    if alone:
        intake.programme.logs = {
            known: log
            for known, log in intake.programme.logs.items()
            if known != case.log.duplicate_of
        }
    times = receipt(entry.performed_at, case.log.received_at, entry.client_sent_at)
    marks = (
        marks_of(entry, verdict, times, _upload(case.log), status)
        if status != LogStatus.RETRACTED
        else list(case.log.marks)
    )
    first = FirstTelling(case.log.revision, case.log.author_id, case.log.received_at)
    printed = (
        fingerprint(clinical(entry)) if entry is not case.entry else bytes(case.log.fingerprint)
    )
    return place(
        intake,
        sent,
        item_of(intake, entry),
        verdict,
        status=status,
        marks=marks,
        printed=printed,
        first=first,
    )


def _finish(case: _Case, kind: str, reason: str) -> None:
    """Keep the earlier version, name who changed it, and write the new one."""
    SessionAmendment.objects.create(
        patient_id=case.log.patient_id,
        clinic_id=case.log.clinic_id,
        log_id=case.log.id,
        revision=case.log.revision,
        kind=kind,
        by=case.intake.by,
        at=case.intake.at,
        reason=reason.strip(),
        before=case.before,
    )
    case.intake.audit.add(
        f"session.{kind}", "session_log", case.log.id, {"revision": case.log.revision + 1}
    )
    settle(case.intake, replace=True)


def _promote_twins(case: _Case) -> None:
    """Let the earliest possible duplicate of a retracted log take its place."""
    twins = SessionLog.objects.filter(
        patient_id=case.log.patient_id, duplicate_of=case.log.id, status=LogStatus.RECORDED
    ).order_by("performed_at", "id")
    twin = twins.first()
    if twin is None:
        return
    rows = SessionPart.objects.filter(patient_id=twin.patient_id, log_id=twin.id).order_by("part")
    entry = entry_of(twin, {part.part: part for part in rows})
    case.intake.programme.forget(twin.id)
    marks = [mark for mark in twin.marks if mark != Mark.POSSIBLE_DUPLICATE]
    first = FirstTelling(twin.revision - 1, twin.author_id, twin.received_at)
    item = item_of(case.intake, entry)
    place(
        case.intake,
        Sent(twin.id, entry),
        item,
        NO_VERDICT,
        status=twin.status,
        marks=marks,
        printed=bytes(twin.fingerprint),
        first=first,
    )


def _before(log: SessionLog, parts: Sequence[SessionPart]) -> dict[str, object]:
    """Return a log and its parts as plain JSON, for the history of its versions."""
    hidden = {"fingerprint", "values_digest", "patient", "clinic", "sync_sequence"}
    row = {name: _plain(value) for name, value in _columns(log).items() if name not in hidden}
    row["parts"] = [
        {
            "part": str(part.part),
            "outcome": part.outcome,
            "pain": part.pain,
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
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _verdict(entry: SessionEntry, case: _Case) -> Verdict:
    return judge_entry(entry, item_of(case.intake, entry), received_at=case.intake.at)


def _unusual(log: SessionLog) -> list[str]:
    return [f"{each['field']}:{each['code']}" for each in log.details.get("unusual", ())]


def _confirmable(log: SessionLog, codes: Sequence[str]) -> bool:
    if Mark.POSSIBLE_DUPLICATE in log.marks and Mark.POSSIBLE_DUPLICATE.value in codes:
        return True
    return Mark.UNCONFIRMED_UNUSUAL in log.marks


def _upload(log: SessionLog) -> Upload:
    after = Mark.RECEIVED_AFTER_ACCESS in log.marks
    return Upload.RECEIVED_AFTER_ACCESS if after else Upload.ACCEPTED


def _known(case: _Case) -> KnownLog:
    return case.intake.programme.sent_before[case.log.id]


def _must_stand(log: SessionLog) -> None:
    if log.status in GONE:
        raise Conflict(_("This log was retracted. Record it anew instead."), code="retracted")


def _say_why(text: str) -> None:
    if not text.strip():
        raise Invalid(_("Say why in a few words."), field="reason", code="blank")
