"""Logging what was done: one session, or a batch of them.

In this order, inside one transaction: may they, has it been said before, red flags, is it
possible, where does it count, write, audit. A refusal that leaves something behind (a flag, a
measured clock skew) is returned, so that it commits.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from patients.access.decisions import Decision, require
from patients.access.uploads import Upload, judge_upload
from patients.access.walls import within_clinics
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.answers import Answer
from rehab.actions.audit import AuditTrail
from rehab.actions.bodies import clinical
from rehab.actions.flags import FlagDesk
from rehab.actions.intake import Intake, Sent, aware, programme_around, settle
from rehab.actions.judging import Verdict, judge_entry, unconfirmed
from rehab.actions.patient_row import lock_patient
from rehab.actions.placing import log_state, place
from rehab.domain.identity import fingerprint
from rehab.domain.receipt import Receipt, receipt
from rehab.domain.session_entry import SessionEntry
from rehab.models import LogStatus, Mark
from rehab.models.briefing import KnownItem, KnownLog

SKEW_WORTH_NOTING = timedelta(minutes=5)


def log_session(
    *,
    by: User,
    at: datetime,
    patient_id: UUID,
    log_id: UUID,
    entry: SessionEntry,
    interactive: bool = True,
) -> Answer:
    """Record one session; sending it again changes nothing.

    NotVisible and NotAllowed as `patients.access` says; everything else is in the answer.
    """
    return log_sessions(
        by=by, at=at, patient_id=patient_id, sent=[Sent(log_id, entry)], interactive=interactive
    )[0]


def log_sessions(
    *, by: User, at: datetime, patient_id: UUID, sent: Sequence[Sent], interactive: bool = False
) -> list[Answer]:
    """Record a batch of sessions, in the order in which they were performed; one answer each."""
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        uploads = {
            each.id: judge_upload(authority, patient_id, aware(each.entry.performed_at), at)
            for each in sent
        }
        _refuse_outsiders(uploads.values())
        patient = lock_patient(patient_id)
        intake = Intake(
            by=by,
            at=at,
            patient=patient,
            programme=programme_around(patient, sent, at=at),
            interactive=interactive,
            author_is_clinician=authority.is_clinician_of(patient_id, at),
            flags=FlagDesk(patient=patient, at=at),
            audit=AuditTrail(by=by, patient=patient, at=at),
        )
        answers = {
            each.id: _take(intake, each, uploads[each.id]) for each in _in_performed_order(sent)
        }
        settle(intake)
    return [answers[each.id] for each in sent]


def _take(intake: Intake, sent: Sent, upload: Upload) -> Answer:
    """Decide about one entry, remembering what is to be written."""
    known = intake.programme.sent_before.get(sent.id)
    print_of = fingerprint(clinical(sent.entry))
    if known is not None:
        return _said_before(sent.id, known, print_of)
    item = item_of(intake, sent.entry)
    if upload is Upload.QUARANTINED:
        row = place(
            intake,
            sent,
            item,
            Verdict((), ()),
            status=LogStatus.QUARANTINED,
            marks=[],
            printed=print_of,
        )
        return Answer(sent.id, 202, "quarantined", log_state(row))
    return _judge(intake, sent, item, upload, print_of)


def _judge(
    intake: Intake, sent: Sent, item: KnownItem | None, upload: Upload, printed: bytes
) -> Answer:
    verdict = judge_entry(sent.entry, item, received_at=intake.at)
    stored = not verdict.refused and not (
        intake.interactive and unconfirmed(verdict, sent.entry.confirmed)
    )
    flags = intake.flags.judge(sent.id, sent.entry, item, intake.programme, counted=stored)
    _note_clock(intake, sent)
    if verdict.refused:
        return Answer(sent.id, 422, "refused", errors=verdict.refused, flags=flags)
    if not stored:
        return Answer(
            sent.id,
            422,
            "confirm_required",
            errors=unconfirmed(verdict, sent.entry.confirmed),
            flags=flags,
        )
    times = receipt(sent.entry.performed_at, intake.at, sent.entry.client_sent_at)
    status = (
        LogStatus.PENDING
        if times.needs_confirmation and not intake.author_is_clinician
        else LogStatus.RECORDED
    )
    marks = marks_of(sent.entry, verdict, times, upload, status)
    row = place(intake, sent, item, verdict, status=status, marks=marks, printed=printed)
    return Answer(
        sent.id,
        201,
        "recorded" if status == LogStatus.RECORDED else "pending",
        log_state(row),
        flags=flags,
    )


def _said_before(log_id: UUID, known: KnownLog, printed: bytes) -> Answer:
    if known.fingerprint == printed.hex():
        return Answer(log_id, 200, "unchanged", log_state(known))
    return Answer(log_id, 409, "conflict", log_state(known))


def marks_of(
    entry: SessionEntry, verdict: Verdict, times: Receipt, upload: Upload, status: str
) -> list[str]:
    left = unconfirmed(verdict, entry.confirmed)
    skew = times.clock_skew is not None and abs(times.clock_skew) > SKEW_WORTH_NOTING
    marks = {
        Mark.LATE: times.late,
        Mark.RECALLED: entry.source == "recalled",
        Mark.RECEIVED_AFTER_ACCESS: upload is Upload.RECEIVED_AFTER_ACCESS,
        Mark.PENDING_CONFIRMATION: status == LogStatus.PENDING,
        Mark.CONFIRMED_UNUSUAL: bool(verdict.unusual) and not left,
        Mark.UNCONFIRMED_UNUSUAL: bool(left),
        Mark.ABOVE_PART_MAXIMUM: verdict.above_maximum,
        Mark.CLOCK_SKEW: skew,
    }
    return [mark.value for mark, holds in marks.items() if holds]


def item_of(intake: Intake, entry: SessionEntry) -> KnownItem | None:
    series = intake.programme.series_of(entry.series, entry.occurrence)
    return intake.programme.item_at(series, entry.performed_at)


def _refuse_outsiders(uploads: Iterable[Upload]) -> None:
    for upload in set(uploads):
        if upload is Upload.HIDDEN:
            require(Decision.HIDDEN)
        if upload is Upload.FORBIDDEN:
            require(Decision.FORBIDDEN)


def _note_clock(intake: Intake, sent: Sent) -> None:
    """Keep a measured clock skew even when the entry is refused (it is the way to repair it)."""
    times = receipt(sent.entry.performed_at, intake.at, sent.entry.client_sent_at)
    if times.clock_skew is not None and abs(times.clock_skew) > SKEW_WORTH_NOTING:
        intake.audit.add(
            "clock.skew",
            "session_log",
            sent.id,
            {"seconds": round(times.clock_skew.total_seconds())},
        )


def _in_performed_order(sent: Sequence[Sent]) -> list[Sent]:
    return sorted(sent, key=lambda each: aware(each.entry.performed_at))
