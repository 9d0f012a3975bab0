"""The batch of a phone that was offline: every kind of entry, one answer each.

One bad entry never sinks the others. Sending a batch again, whole or in part, changes nothing.
Entries are taken in one order, whatever order they came in: stops first, then skips (what a person
said of a slot holds, unless a session names it), sessions as one set, then corrections of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from patients.access.authority import Authority
from patients.access.decisions import Decision, require
from patients.access.uploads import Upload, judge_upload
from patients.access.walls import within_clinics
from patients.domain.errors import DomainError, FieldError
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.answers import Answer
from rehab.actions.corrections import amend_session, retract_session
from rehab.actions.decoding import read
from rehab.actions.events import record_off_plan_event
from rehab.actions.intake import Sent
from rehab.actions.merging import tell_sessions
from rehab.actions.occurrences import skip_occurrence
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.stopping import stop_item
from rehab.domain.identity import fingerprint
from rehab.domain.session_entry import OffPlanEntry, SessionEntry, SkipEntry, StopEntry
from rehab.models import Entry

MOST = 200
SESSION = "session_log"
ORDER = ("stop", "skip", SESSION, "off_plan_event", "amend", "retract")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineEntry:
    """One entry of a batch: kind is session_log, skip, amend, retract, stop or off_plan_event."""

    id: UUID
    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendEntry:
    log: UUID
    entry: SessionEntry
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractEntry:
    log: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class _Desk:
    by: User
    at: datetime
    patient_id: UUID
    authority: Authority


def receive_entries(
    *,
    by: User,
    at: datetime,
    patient_id: UUID,
    entries: Sequence[OfflineEntry],
    authority: Authority | None = None,
) -> list[Answer]:
    """Take in a batch; answers come in the order in which the entries were sent.

    NotVisible and NotAllowed for whoever could not have one entry taken in; a former member may
    upload for 14 days. authority: what `by` may rest on, where the caller has asked already.
    """
    with within_clinics(by.clinic_ids):
        authority = authority or authority_of(by, at=at, patient_id=patient_id)
        _refuse_outsiders(authority, patient_id, at)
        desk = _Desk(by, at, patient_id, authority)
        answers: dict[int, Answer] = {}
        for kind in ORDER:
            if kind == SESSION:
                answers |= _sessions(desk, entries)
            else:
                answers |= _one_by_one(desk, entries, kind)
        return [answers.get(place) or _no_such_kind(entry) for place, entry in enumerate(entries)]


def _refuse_outsiders(authority: Authority, patient_id: UUID, at: datetime) -> None:
    match judge_upload(authority, patient_id, at, at):
        case Upload.HIDDEN:
            require(Decision.HIDDEN)
        case Upload.FORBIDDEN:
            require(Decision.FORBIDDEN)


def _one_by_one(desk: _Desk, entries: Sequence[OfflineEntry], kind: str) -> dict[int, Answer]:
    return {
        place: _guarded(desk, entry) for place, entry in enumerate(entries) if entry.kind == kind
    }


def _sessions(desk: _Desk, entries: Sequence[OfflineEntry]) -> dict[int, Answer]:
    """Take in all session logs as one set; what cannot be read is refused by itself."""
    answers: dict[int, Answer] = {}
    sent: dict[int, Sent] = {}
    seen: set[UUID] = set()
    again: list[int] = []
    for place, entry in enumerate(entries):
        if entry.kind != SESSION:
            continue
        body = _read(entry, SessionEntry)
        if isinstance(body, Answer):
            answers[place] = body
        elif entry.id in seen:
            again.append(place)
        else:
            seen.add(entry.id)
            sent[place] = Sent(entry.id, body)
    if sent:
        answers |= dict(zip(sent, _log(desk, list(sent.values())), strict=True))
    return answers | {place: _guarded(desk, entries[place]) for place in again}


def _log(desk: _Desk, sent: Sequence[Sent]) -> list[Answer]:
    return tell_sessions(
        by=desk.by, at=desk.at, patient_id=desk.patient_id, sent=sent, authority=desk.authority
    )


def _guarded(desk: _Desk, entry: OfflineEntry) -> Answer:
    """Take in one entry inside a savepoint, so that its refusal undoes nothing else."""
    try:
        with transaction.atomic():
            return _take(desk, entry)
    except DomainError as refused:
        return _refusal(entry.id, refused)


def _refusal(entry_id: UUID, refused: DomainError) -> Answer:
    errors = refused.errors or (FieldError(refused.field, refused.code, _(refused.detail)),)
    return Answer(entry_id, refused.status, "refused", errors=errors)


def _take(desk: _Desk, entry: OfflineEntry) -> Answer:
    shape, take = _KINDS[entry.kind]
    body = _read(entry, shape)
    if isinstance(body, Answer):
        return body
    if entry.kind in (SESSION, "off_plan_event"):
        return take(desk, entry.id, body)
    return _once(desk, entry, lambda: take(desk, entry.id, body))


def _once(desk: _Desk, entry: OfflineEntry, take: Callable[[], Answer]) -> Answer:
    """Act on an entry the first time; afterwards say that it is known."""
    patient = lock_patient(desk.patient_id)
    printed = fingerprint({"kind": entry.kind, "body": entry.body})
    known = Entry.objects.filter(patient_id=patient.id, id=entry.id).first()
    if known is not None:
        same = bytes(known.fingerprint) == printed
        return Answer(entry.id, 200 if same else 409, "unchanged" if same else "conflict")
    answer = take()
    if answer.status < 300:
        _remember(desk, entry, patient, printed, answer)
    return answer


def _remember(
    desk: _Desk, entry: OfflineEntry, patient: PatientRow, printed: bytes, answer: Answer
) -> None:
    Entry.objects.create(
        patient_id=patient.id,
        clinic_id=patient.clinic_id,
        id=entry.id,
        kind=entry.kind,
        fingerprint=printed,
        author=desk.by,
        received_at=desk.at,
        answer={"status": answer.status, "state": answer.state},
    )


def _read(entry: OfflineEntry, shape: type) -> Any:
    """Return the body in its shape, or the answer that names every field that does not fit."""
    body, errors = read(entry.body, shape)
    return Answer(entry.id, 422, "refused", errors=errors) if errors else body


def _no_such_kind(entry: OfflineEntry) -> Answer:
    detail = _("Choose one of: %(choices)s.") % {"choices": ", ".join(ORDER)}
    return Answer(entry.id, 422, "refused", errors=(FieldError("kind", "not_a_choice", detail),))


def _log_one(desk: _Desk, entry_id: UUID, body: SessionEntry) -> Answer:
    return _log(desk, [Sent(entry_id, body)])[0]


def _skip(desk: _Desk, entry_id: UUID, body: SkipEntry) -> Answer:
    skipped = skip_occurrence(by=desk.by, at=desk.at, patient_id=desk.patient_id, told=body)
    if skipped.refused is not None:
        return replace(_refusal(entry_id, skipped.refused), flags=skipped.flags)
    return Answer(entry_id, 201, "recorded", flags=skipped.flags)


def _stop(desk: _Desk, entry_id: UUID, body: StopEntry) -> Answer:
    stopped = stop_item(by=desk.by, at=desk.at, patient_id=desk.patient_id, entry=body)
    return Answer(entry_id, 201, "recorded", flags=stopped.flags)


def _amend(desk: _Desk, entry_id: UUID, body: AmendEntry) -> Answer:
    answer = amend_session(
        by=desk.by,
        at=desk.at,
        patient_id=desk.patient_id,
        log_id=body.log,
        entry=body.entry,
        reason=body.reason,
        interactive=False,
    )
    return Answer(entry_id, answer.status, answer.state, answer.log, answer.errors, answer.flags)


def _retract(desk: _Desk, entry_id: UUID, body: RetractEntry) -> Answer:
    answer = retract_session(
        by=desk.by, at=desk.at, patient_id=desk.patient_id, log_id=body.log, reason=body.reason
    )
    return Answer(entry_id, answer.status, answer.state, answer.log, answer.errors, answer.flags)


def _off_plan(desk: _Desk, entry_id: UUID, body: OffPlanEntry) -> Answer:
    return record_off_plan_event(
        by=desk.by, at=desk.at, patient_id=desk.patient_id, event_id=entry_id, entry=body
    )


_KINDS: Mapping[str, tuple[type, Callable[[_Desk, UUID, Any], Answer]]] = {
    SESSION: (SessionEntry, _log_one),
    "skip": (SkipEntry, _skip),
    "stop": (StopEntry, _stop),
    "amend": (AmendEntry, _amend),
    "retract": (RetractEntry, _retract),
    "off_plan_event": (OffPlanEntry, _off_plan),
}
