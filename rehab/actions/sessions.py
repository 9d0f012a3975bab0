"""Logging what was done: one session, or a batch of them.

In this order, inside one transaction: may they, has it been said before, red flags, is it
possible, where does it count, write, audit. A refusal that leaves something behind (a flag, a
measured clock skew) is returned, so that it commits.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from patients.access.authority import Authority
from patients.access.decisions import Decision, decide, require
from patients.access.uploads import Upload, judge_upload
from patients.access.walls import within_clinics
from patients.domain.errors import FieldError
from patients.models.authority import authority_in
from patients.models.session import Token
from patients.models.user import User
from rehab.actions.allergy_findings import with_allergies
from rehab.actions.answers import Answer, RaisedFlag
from rehab.actions.audit import AuditTrail
from rehab.actions.bodies import clinical
from rehab.actions.flags import FlagDesk
from rehab.actions.intake import Intake, Sent, aware, look_around, programme_around, settle
from rehab.actions.judging import Verdict, unconfirmed, with_moment
from rehab.actions.placing import log_state, place
from rehab.actions.typed_values import with_typed_values
from rehab.domain.identity import fingerprint
from rehab.domain.receipt import Receipt, moment_meant, receipt
from rehab.domain.session_entry import SessionEntry
from rehab.models import LogStatus, Mark, PlanItem
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
    *,
    by: User,
    at: datetime,
    patient_id: UUID,
    sent: Sequence[Sent],
    interactive: bool = False,
    authority: Authority | None = None,
) -> list[Answer]:
    """Record a batch of sessions, in the order in which they were performed; one answer each.

    authority: what `by` may rest on, where the caller has asked already.
    """
    with within_clinics(by.clinic_ids):
        return log_behind_wall(
            by=by,
            at=at,
            patient_id=patient_id,
            sent=sent,
            interactive=interactive,
            authority=authority,
        )


def log_behind_wall(
    *,
    by: User | Token,
    at: datetime,
    patient_id: UUID,
    sent: Sequence[Sent],
    interactive: bool,
    authority: Authority | None,
) -> list[Answer]:
    """Do what `log_sessions` says, in a transaction behind the wall of `by`.

    A token's wall is put up, and whose it is found, in the trip that looks around; NotSignedIn.
    """
    sent = [_with_values(each) for each in sent]
    known = look_around(patient_id, sent, by=None if authority else by)
    author = by.user_of(known.account) if isinstance(by, Token) else by
    authority = authority or authority_in(author, patient_id, known.held)
    uploads = {
        each.id: judge_upload(authority, patient_id, _moment_meant(each.entry, at), at)
        for each in sent
    }
    _refuse_outsiders(uploads.values())
    patient, programme = programme_around(patient_id, sent, at=at, known=known)
    intake = Intake(
        by=author,
        at=at,
        patient=patient,
        programme=programme,
        interactive=interactive,
        author_is_clinician=authority.is_clinician_of(patient_id, at),
        author_may_log_now=decide(authority, patient_id, "log_sessions", at) is Decision.ALLOWED,
        flags=FlagDesk(patient=patient, at=at),
        audit=AuditTrail(by=author, patient=patient, at=at),
    )
    answers = {each.id: _take(intake, each, uploads[each.id]) for each in _in_performed_order(sent)}
    settle(intake)
    return [answers[each.id] for each in sent]


def _with_values(sent: Sent) -> Sent:
    entry = with_typed_values(sent.entry)
    return sent if entry is sent.entry else replace(sent, entry=entry)


def _take(intake: Intake, sent: Sent, upload: Upload) -> Answer:
    """Decide about one entry, remembering what is to be written."""
    known = intake.programme.sent_before.get(sent.id)
    if known is not None:
        return _said_before(sent, known, upload)
    item = item_of(intake, sent.entry)
    telling = intake.programme.telling_of(sent.entry, item)
    verdict = with_moment(telling.verdict, sent.entry, received_at=intake.at)
    verdict = with_allergies(verdict, sent.entry, intake.patient.id)
    if item is None:
        verdict = replace(verdict, refused=(*verdict.refused, *in_no_plan(intake, sent.entry)))
    if upload is Upload.QUARANTINED:
        return _quarantine(intake, sent, item, verdict)
    return _judge(intake, sent, item, upload, verdict)


def _judge(
    intake: Intake, sent: Sent, item: KnownItem | None, upload: Upload, verdict: Verdict
) -> Answer:
    left = unconfirmed(verdict, sent.entry.confirmed) if intake.interactive else ()
    stored = not verdict.refused and not left
    flags = intake.flags.judge(sent.id, sent.entry, item, intake.programme, counted=stored)
    times = receipt(sent.entry.performed_at, intake.at, sent.entry.client_sent_at)
    _note_clock(intake, sent, times)
    if verdict.refused:
        return Answer(sent.id, 422, "refused", errors=verdict.refused, flags=flags)
    if left:
        return Answer(sent.id, 422, "confirm_required", errors=left, flags=flags)
    waits = times.needs_confirmation and not intake.author_is_clinician
    status = LogStatus.PENDING if waits else LogStatus.RECORDED
    marks = marks_of(sent.entry, verdict, times, upload, status)
    row = place(intake, sent, item, verdict, status=status, marks=marks)
    return Answer(sent.id, 201, "pending" if waits else "recorded", log=log_state(row), flags=flags)


def _quarantine(intake: Intake, sent: Sent, item: KnownItem | None, verdict: Verdict) -> Answer:
    """Keep a log of somebody who had no access then, and tell them nothing but that.

    Whoever is of the circle now is told what a red flag asks for, and it is raised: a helper who
    came today may tell of yesterday's chest pain.
    """
    flags: tuple[RaisedFlag, ...] = ()
    if intake.author_may_log_now:
        flags = intake.flags.judge(sent.id, sent.entry, item, intake.programme, counted=False)
    if verdict.refused:
        return Answer(sent.id, 422, "refused", errors=verdict.refused, flags=flags)
    place(intake, sent, item, verdict, status=LogStatus.QUARANTINED, marks=[])
    return Answer(sent.id, 202, "quarantined", flags=flags)


def _said_before(sent: Sent, known: KnownLog, upload: Upload) -> Answer:
    """Answer a log that is stored already: the same body 200 and its state, another 409.

    Who had no access when it was performed is told neither.
    """
    state = None if upload is Upload.QUARANTINED else log_state(known)
    if known.fingerprint != _printed(sent.entry):
        return Answer(sent.id, 409, "conflict", log=state)
    if known.status == LogStatus.QUARANTINED:
        return Answer(sent.id, 202, "quarantined")
    return Answer(sent.id, 200, "unchanged", log=state)


def _printed(entry: SessionEntry) -> str | None:
    """Return the fingerprint as text, None for a body that cannot be stored at all."""
    try:
        return fingerprint(clinical(entry)).hex()
    except ValueError:
        return None


def in_no_plan(intake: Intake, entry: SessionEntry) -> Iterator[FieldError]:
    """Refuse what names no item that this patient was ever assigned.

    Asked of the database only where no version in force has the item.
    """
    series = intake.programme.series_of(entry.series, entry.occurrence)
    if series is None:
        path, code = (
            ("occurrence", "unknown_occurrence") if entry.occurrence else ("series", "required")
        )
    elif not PlanItem.objects.filter(
        patient_id=intake.patient.id, series=series, version__effective_at__isnull=False
    ).exists():
        path, code = "series", "unknown_item"
    else:
        return
    yield FieldError(
        path,
        code,
        _(
            "This is in no plan of this patient. Reload the plan, or record it as something"
            " outside the plan."
        ),
    )


def marks_of(
    entry: SessionEntry, verdict: Verdict, times: Receipt, upload: Upload, status: str
) -> list[str]:
    left = unconfirmed(verdict, entry.confirmed)
    skew = times.clock_skew is not None and abs(times.clock_skew) > SKEW_WORTH_NOTING
    marks = (
        (Mark.LATE, times.late),
        (Mark.RECALLED, entry.source == "recalled"),
        (Mark.RECEIVED_AFTER_ACCESS, upload is Upload.RECEIVED_AFTER_ACCESS),
        (Mark.PENDING_CONFIRMATION, status == LogStatus.PENDING),
        (Mark.CONFIRMED_UNUSUAL, bool(verdict.unusual) and not left),
        (Mark.UNCONFIRMED_UNUSUAL, bool(left)),
        (Mark.ABOVE_PART_MAXIMUM, verdict.above_maximum),
        (Mark.CLOCK_SKEW, skew),
        (Mark.FROM_DEVICE, entry.source == "device"),
    )
    return [mark.value for mark, holds in marks if holds]


def item_of(intake: Intake, entry: SessionEntry) -> KnownItem | None:
    series = intake.programme.series_of(entry.series, entry.occurrence)
    return intake.programme.item_at(series, entry.performed_at)


def _moment_meant(entry: SessionEntry, at: datetime) -> datetime:
    return moment_meant(aware(entry.performed_at), at, entry.client_sent_at)


def _refuse_outsiders(uploads: Iterable[Upload]) -> None:
    for upload in set(uploads):
        if upload is Upload.HIDDEN:
            require(Decision.HIDDEN)
        if upload is Upload.FORBIDDEN:
            require(Decision.FORBIDDEN)


def _note_clock(intake: Intake, sent: Sent, times: Receipt) -> None:
    """Keep a measured clock skew even when the entry is refused (it is the way to repair it)."""
    if times.clock_skew is not None and abs(times.clock_skew) > SKEW_WORTH_NOTING:
        intake.audit.add(
            "clock.skew",
            "session_log",
            sent.id,
            {"seconds": round(times.clock_skew.total_seconds())},
        )


def _in_performed_order(sent: Sequence[Sent]) -> list[Sent]:
    return sorted(sent, key=lambda each: aware(each.entry.performed_at))
