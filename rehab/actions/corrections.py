"""Correcting logs: every earlier version stays readable, and says who changed it and why (R7)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import Conflict, Invalid
from patients.models.user import User
from rehab.actions.answers import Answer
from rehab.actions.bodies import tells_the_same
from rehab.actions.correcting import Case, finish, must_stand, open_log, put_back, take_out
from rehab.actions.judging import Verdict, judge_entry, unconfirmed
from rehab.actions.moving_up import NO_VERDICT
from rehab.actions.placing import log_state
from rehab.actions.sessions import in_no_plan, item_of
from rehab.actions.typed_values import with_typed_values
from rehab.domain.receipt import receipt
from rehab.domain.session_entry import SessionEntry
from rehab.models import AmendmentKind, LogStatus, Mark, SessionLog
from rehab.models.reads.readers import Reader


def amend_session(
    *,
    by: User,
    at: datetime,
    patient_id: UUID,
    log_id: UUID,
    entry: SessionEntry,
    reason: str,
    interactive: bool = True,
) -> Answer:
    """Put another version in place of a log.

    The author stays who told it first; the amendment names `by`.
    """
    entry = with_typed_values(entry)
    with within_clinics(by.clinic_ids):
        case = open_log(by, at, patient_id, log_id, "log_sessions", also=entry)
        _say_why(reason)
        entry = _with_what_is_hidden(_continued(entry, case), case, at=at)
        if tells_the_same(entry, case.entry):
            return Answer(log_id, 200, "unchanged", log_state(case.known()))
        must_stand(case.log)
        take_out(case)
        verdict = _verdict(entry, case)
        left = unconfirmed(verdict, entry.confirmed) if interactive else ()
        stored = not verdict.refused and not left
        flags = case.intake.flags.judge(
            log_id, entry, item_of(case.intake, entry), case.intake.programme, counted=stored
        )
        if not stored:
            case.intake.flags.settle()
            state = "refused" if verdict.refused else "confirm_required"
            return Answer(log_id, 422, state, errors=verdict.refused or left, flags=flags)
        row = put_back(case, entry, verdict, status=_amended_status(entry, case))
        finish(case, AmendmentKind.AMEND, reason)
        return Answer(log_id, 200, "amended", log_state(row), flags=flags)


def _with_what_is_hidden(entry: SessionEntry, case: Case, *, at: datetime) -> SessionEntry:
    """Keep what whoever corrects may not see: they cannot have meant to take it out."""
    reader = Reader.with_scopes(case.authority.scopes_for(case.log.patient_id, at))
    if not reader.may_read_words(case.entry.symptoms):
        entry = replace(entry, note=_both(case.entry.note, entry.note))
    hidden = set(case.entry.symptoms) - set(reader.signs(case.entry.symptoms))
    if hidden <= set(entry.symptoms):
        return entry
    kept = [each for each in case.entry.symptoms if each in hidden or each in entry.symptoms]
    new = [each for each in entry.symptoms if each not in kept]
    return replace(entry, symptoms=(*kept, *new))


def _both(hidden: str, note: str) -> str:
    """Return the note that was hidden with what is new below it; a line sent again is not new."""
    there = hidden.splitlines()
    return "\n".join([*there, *(line for line in note.splitlines() if line not in there)]).strip()


def retract_session(
    *, by: User, at: datetime, patient_id: UUID, log_id: UUID, reason: str
) -> Answer:
    """Mark a log as entered in error: it counts nowhere, and stays readable."""
    with within_clinics(by.clinic_ids):
        case = open_log(by, at, patient_id, log_id, "log_sessions")
        _say_why(reason)
        if case.log.status == LogStatus.RETRACTED:
            return Answer(log_id, 200, "unchanged", log_state(case.known()))
        must_stand(case.log)
        take_out(case)
        row = put_back(case, case.entry, NO_VERDICT, status=LogStatus.RETRACTED)
        finish(case, AmendmentKind.RETRACT, reason)
        return Answer(log_id, 200, "retracted", log_state(row))


def confirm_session(
    *, by: User, at: datetime, patient_id: UUID, log_id: UUID, codes: Sequence[str] = ()
) -> Answer:
    """Say that an unusual log is right, or that a possible duplicate was a session of its own.

    A log that came more than seven days late counts once a clinician has confirmed it.
    """
    with within_clinics(by.clinic_ids):
        case = open_log(by, at, patient_id, log_id, _action_to_confirm(codes))
        must_stand(case.log)
        if case.log.status == LogStatus.PENDING:
            require(decide(case.authority, patient_id, "resume", at))
        elif not _confirmable(case.log, codes):
            return Answer(log_id, 200, "unchanged", log_state(case.known()))
        said = [*case.entry.confirmed, *codes, *_unusual(case.log)]
        entry = replace(case.entry, confirmed=tuple(dict.fromkeys(said)))
        take_out(case)
        verdict = _verdict(entry, case)
        flags = case.intake.flags.judge(
            log_id, entry, item_of(case.intake, entry), case.intake.programme, counted=True
        )
        row = put_back(case, entry, verdict, status=LogStatus.RECORDED)
        finish(case, AmendmentKind.CONFIRM, ", ".join(codes))
        return Answer(log_id, 200, "confirmed", log_state(row), flags=flags)


def adopt_session(*, by: User, at: datetime, patient_id: UUID, log_id: UUID, note: str) -> Answer:
    """Let a quarantined log count, as a coordinator of the clinic; its author stays its author."""
    with within_clinics(by.clinic_ids):
        case = open_log(by, at, patient_id, log_id, "adopt")
        _say_why(note, field="note")
        if case.log.status != LogStatus.QUARANTINED:
            raise Conflict(_("This log is not waiting to be adopted."), code="not_quarantined")
        take_out(case)
        verdict = _verdict(case.entry, case)
        if verdict.refused:
            raise Invalid(errors=verdict.refused)
        flags = case.intake.flags.judge(
            log_id,
            case.entry,
            item_of(case.intake, case.entry),
            case.intake.programme,
            counted=True,
        )
        row = put_back(case, case.entry, verdict, status=LogStatus.RECORDED)
        finish(case, AmendmentKind.ADOPT, note)
        return Answer(log_id, 200, "adopted", log_state(row), flags=flags)


def _continued(entry: SessionEntry, case: Case) -> SessionEntry:
    """Return the new version with what it leaves to the one before: its item, and its identity.

    That it was a session of its own was said of the session, not of its values.
    """
    confirmed = entry.confirmed
    if Mark.POSSIBLE_DUPLICATE in case.entry.confirmed:
        confirmed = tuple(dict.fromkeys([*confirmed, Mark.POSSIBLE_DUPLICATE.value]))
    return replace(entry, series=entry.series or case.log.series, confirmed=confirmed)


def _amended_status(entry: SessionEntry, case: Case) -> str:
    """Return the status of an amended log: moved more than seven days back, it waits again."""
    times = receipt(entry.performed_at, case.log.received_at)
    if times.needs_confirmation and not case.intake.author_is_clinician:
        return LogStatus.PENDING
    return case.log.status


def _verdict(entry: SessionEntry, case: Case) -> Verdict:
    item = item_of(case.intake, entry)
    verdict = judge_entry(entry, item, received_at=case.intake.at)
    if item is not None:
        return verdict
    return replace(verdict, refused=(*verdict.refused, *in_no_plan(case.intake, entry)))


def _unusual(log: SessionLog) -> list[str]:
    return [f"{each['field']}:{each['code']}" for each in log.details.get("unusual", ())]


def _action_to_confirm(codes: Sequence[str]) -> str:
    """A coordinator says that two sessions were two, and nothing about their values."""
    alone = set(codes) == {Mark.POSSIBLE_DUPLICATE.value}
    return "settle_duplicate" if alone else "log_sessions"


def _confirmable(log: SessionLog, codes: Sequence[str]) -> bool:
    if Mark.POSSIBLE_DUPLICATE in log.marks and Mark.POSSIBLE_DUPLICATE.value in codes:
        return True
    return Mark.UNCONFIRMED_UNUSUAL in log.marks


def _say_why(text: str, *, field: str = "reason") -> None:
    if not text.strip():
        raise Invalid(_("Say why in a few words."), field=field, code="blank")
