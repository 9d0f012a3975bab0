"""The batch of a phone that was offline: every kind of entry, one answer each.

One bad entry never sinks the others. Sending a batch again, whole or in part, changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from patients.access.walls import within_clinics
from patients.domain.errors import DomainError, FieldError
from patients.models.patient import Patient
from patients.models.user import User
from rehab.actions.answers import Answer
from rehab.actions.corrections import amend_session, retract_session
from rehab.actions.events import record_off_plan_event
from rehab.actions.occurrences import skip_occurrence
from rehab.actions.pauses import stop_item
from rehab.actions.sessions import Sent, log_sessions
from rehab.domain.identity import fingerprint
from rehab.domain.session_entry import OffPlanEntry, SessionEntry, SkipEntry, StopEntry
from rehab.models import Entry

MOST = 200
FIRST = ("stop",)


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


def receive_entries(
    *, by: User, at: datetime, patient_id: UUID, entries: Sequence[OfflineEntry]
) -> list[Answer]:
    """Take in a batch; stops first, then sessions as one set, then what refers to them."""
    desk = _Desk(by, at, patient_id)
    with within_clinics(by.clinic_ids):
        answers: dict[int, Answer] = {}
        for place, entry in enumerate(entries):
            if entry.kind in FIRST:
                answers[place] = _guarded(desk, entry)
        answers |= _sessions(desk, entries)
        for place, entry in enumerate(entries):
            if place not in answers:
                answers[place] = _guarded(desk, entry)
        return [answers[place] for place in range(len(entries))]


def _sessions(desk: _Desk, entries: Sequence[OfflineEntry]) -> dict[int, Answer]:
    """Take in all session logs of the batch in one set; what cannot be read is refused by itself."""
    answers: dict[int, Answer] = {}
    sent: dict[int, Sent] = {}
    seen: set[UUID] = set()
    again: list[int] = []
    for place, entry in enumerate(entries):
        if entry.kind != "session_log":
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
        told = log_sessions(
            by=desk.by, at=desk.at, patient_id=desk.patient_id, sent=list(sent.values())
        )
        answers |= dict(zip(sent, told, strict=True))
    for place in again:
        answers[place] = _guarded(desk, entries[place])
    return answers


def _guarded(desk: _Desk, entry: OfflineEntry) -> Answer:
    """Take in one entry inside a savepoint, so that its refusal undoes nothing else."""
    try:
        with transaction.atomic():
            return _take(desk, entry)
    except DomainError as refused:
        errors = refused.errors or (FieldError(refused.field, refused.code, _(refused.detail)),)
        return Answer(entry.id, refused.status, "refused", errors=errors)


def _take(desk: _Desk, entry: OfflineEntry) -> Answer:
    known = _KINDS.get(entry.kind)
    if known is None:
        return _unreadable(
            entry, "kind", _("Choose one of: %(choices)s.") % {"choices": ", ".join(_KINDS)}
        )
    shape, take = known
    body = _read(entry, shape)
    if isinstance(body, Answer):
        return body
    if entry.kind in ("session_log", "off_plan_event"):
        return take(desk, entry.id, body)
    return _once(desk, entry, lambda: take(desk, entry.id, body))


def _once(desk: _Desk, entry: OfflineEntry, take: Callable[[], Answer]) -> Answer:
    """Act on an entry the first time; afterwards say what it was answered then."""
    printed = fingerprint({"kind": entry.kind, "body": entry.body})
    known = (
        Entry.objects.visible_to(desk.by, scope="log_sessions", at=desk.at)
        .filter(patient_id=desk.patient_id, id=entry.id)
        .first()
    )
    if known is not None:
        if bytes(known.fingerprint) != printed:
            return Answer(entry.id, 409, "conflict")
        return Answer(entry.id, 200, "unchanged")
    answer = take()
    if answer.status < 300:
        clinic_id = Patient.objects.values_list("clinic_id", flat=True).get(pk=desk.patient_id)
        Entry.objects.create(
            patient_id=desk.patient_id,
            clinic_id=clinic_id,
            id=entry.id,
            kind=entry.kind,
            fingerprint=printed,
            author=desk.by,
            received_at=desk.at,
            answer={"status": answer.status, "state": answer.state},
        )
    return answer


def _read(entry: OfflineEntry, shape: type) -> Any:
    try:
        return msgspec.convert(entry.body, shape, strict=False)
    except msgspec.ValidationError as problem:
        return _unreadable(entry, "body", str(problem))


def _unreadable(entry: OfflineEntry, where: str, problem: str) -> Answer:
    return Answer(entry.id, 422, "refused", errors=(FieldError(where, "shape", problem),))


def _log(desk: _Desk, entry_id: UUID, body: SessionEntry) -> Answer:
    return log_sessions(
        by=desk.by, at=desk.at, patient_id=desk.patient_id, sent=[Sent(entry_id, body)]
    )[0]


def _skip(desk: _Desk, entry_id: UUID, body: SkipEntry) -> Answer:
    skip_occurrence(
        by=desk.by,
        at=desk.at,
        patient_id=desk.patient_id,
        occurrence_id=body.occurrence,
        reason=body.reason,
        note=body.note,
    )
    return Answer(entry_id, 201, "recorded")


def _stop(desk: _Desk, entry_id: UUID, body: StopEntry) -> Answer:
    stop_item(by=desk.by, at=desk.at, patient_id=desk.patient_id, entry=body)
    return Answer(entry_id, 201, "recorded")


def _amend(desk: _Desk, entry_id: UUID, body: AmendEntry) -> Answer:
    answer = amend_session(
        by=desk.by,
        at=desk.at,
        patient_id=desk.patient_id,
        log_id=body.log,
        entry=body.entry,
        reason=body.reason,
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
    "session_log": (SessionEntry, _log),
    "skip": (SkipEntry, _skip),
    "stop": (StopEntry, _stop),
    "amend": (AmendEntry, _amend),
    "retract": (RetractEntry, _retract),
    "off_plan_event": (OffPlanEntry, _off_plan),
}
