"""One session that was told more than once: by two people, by a device and by hand.

Nothing is counted twice and nothing that was said is lost. A device's values come first; beside
them stands what only a person can say: pain, skin, signs, who did it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from patients.access.authority import Authority
from patients.access.decisions import Decision, decide
from patients.access.walls import within_a_wall_to_come, within_clinics
from patients.domain.errors import Invalid
from patients.models.authority import authority_of
from patients.models.session import Token
from patients.models.user import User
from rehab.actions.answers import Answer
from rehab.actions.bodies import tells_the_same
from rehab.actions.correcting import Case, finish, must_stand, open_log, put_back, take_out
from rehab.actions.intake import Sent
from rehab.actions.judging import Verdict, judge_entry
from rehab.actions.moving_up import NO_VERDICT
from rehab.actions.placing import log_state
from rehab.actions.sessions import item_of, log_behind_wall
from rehab.domain.receipt import SAME_START_WITHIN
from rehab.domain.session_entry import PartEntry, SessionEntry, Value
from rehab.models import AmendmentKind, LogStatus, SessionLog

DEVICE = "device"
Told = TypeVar("Told")


def tell_session(
    *, by: User | Token, at: datetime, patient_id: UUID, log_id: UUID, entry: SessionEntry
) -> Answer:
    """Record one session, asking back what is unusual; sending it again changes nothing.

    NotSignedIn for a token that lets nobody in; NotVisible and NotAllowed as `patients.access`
    says; everything else is in the answer.
    """
    sent = [Sent(log_id, entry)]
    return tell_sessions(by=by, at=at, patient_id=patient_id, sent=sent, interactive=True)[0]


def tell_sessions(
    *,
    by: User | Token,
    at: datetime,
    patient_id: UUID,
    sent: Sequence[Sent],
    interactive: bool = False,
    authority: Authority | None = None,
) -> list[Answer]:
    """Record a batch of sessions; one answer each.

    What a device wrote down already, with a start within five minutes, is put into its session:
    in whichever order the two come, one session is left.
    """
    wall = within_a_wall_to_come() if isinstance(by, Token) else within_clinics(by.clinic_ids)
    with wall:
        answers = log_behind_wall(
            by=by,
            at=at,
            patient_id=patient_id,
            sent=sent,
            interactive=interactive,
            authority=authority,
        )
        return [_with_the_device(answer, by, at, patient_id) for answer in answers]


def merge_session(
    *, by: User, at: datetime, patient_id: UUID, log_id: UUID, into: UUID, reason: str = ""
) -> Answer:
    """Say that two logs tell one session: this one stays readable and counts nowhere.

    What it alone says goes into the other; where one is a device's, that one's values come first.
    """
    with within_clinics(by.clinic_ids):
        case = open_log(by, at, patient_id, log_id, "settle_duplicate")
        if case.log.status == LogStatus.RETRACTED and case.log.duplicate_of == into:
            return Answer(log_id, 200, "unchanged", log_state(case.known()))
        must_stand(case.log)
        other = SessionLog.objects.filter(
            patient_id=patient_id, id=into, status=LogStatus.RECORDED
        ).first()
        if other is None or other.id == log_id or other.series != case.log.series:
            raise Invalid(
                _("Choose another log of the same item."), field="into", code="not_mergeable"
            )
        take_out(case)
        row = put_back(case, case.entry, NO_VERDICT, status=LogStatus.RETRACTED)
        case.intake.logs[-1] = merged = msgspec.structs.replace(row, duplicate_of=into)
        finish(case, AmendmentKind.MERGE, reason or str(into))
        _put_into(into, case.entry, by=by, at=at, patient_id=patient_id)
        return Answer(log_id, 200, "merged", log_state(merged))


def together(into: SessionEntry, told: SessionEntry) -> SessionEntry:
    """Return one session from two tellings of it; nothing that either says is left out.

    Where both say something of the same, `into` stands; a device's word on what it measured does.
    """
    by_device = told.source == DEVICE and into.source != DEVICE
    first, second = (told, into) if by_device else (into, told)
    hand = second if first.source == DEVICE else first
    measured = {**first.measures, **({} if first.minutes is None else {"minutes": None})}
    return replace(
        first,
        series=into.series,
        occurrence=into.occurrence or told.occurrence,
        performer=hand.performer,
        performer_name=hand.performer_name,
        as_planned=first.as_planned or second.as_planned,
        parts=_parts(first.parts, second.parts),
        gate={**second.gate, **first.gate},
        symptoms=_each_once(first.symptoms, second.symptoms),
        measures={**_besides(second.measures, measured), **first.measures},
        typed={**_besides(second.typed, measured), **first.typed},
        skin_before=first.skin_before or second.skin_before,
        skin_after=first.skin_after or second.skin_after,
        pain=second.pain if first.pain is None else first.pain,
        effort=second.effort if first.effort is None else first.effort,
        minutes=_minutes(first, second),
        stop_reason=first.stop_reason or second.stop_reason,
        limb=first.limb or second.limb,
        device=first.device or second.device,
        note="\n".join(_each_once(second.note.splitlines(), first.note.splitlines())),
        confirmed=_each_once(first.confirmed, second.confirmed),
        stopped_by_rule=_each_once(first.stopped_by_rule, second.stopped_by_rule),
    )


def _with_the_device(answer: Answer, by: User | Token, at: datetime, patient_id: UUID) -> Answer:
    """Merge what was just told by hand into what a device wrote down of the same start."""
    twin = answer.log.duplicate_of if answer.log else None
    if answer.status != 201 or twin is None:
        return answer
    if isinstance(by, Token):
        by = by.ask()
    authority = authority_of(by, at=at, patient_id=patient_id)
    if decide(authority, patient_id, "log_sessions", at) is not Decision.ALLOWED:
        # Somebody who has left corrects nothing of others: it waits, counted once.
        return answer
    rows = SessionLog.objects.filter(patient_id=patient_id, id__in=[answer.id, twin])
    logs = {row.id: row for row in rows}
    sources = [logs[each].details.get("source") for each in (twin, answer.id)]
    apart = abs(logs[twin].performed_at - logs[answer.id].performed_at)
    if sources[0] != DEVICE or sources[1] == DEVICE or apart > SAME_START_WITHIN:
        return answer
    reason = _("The same session from a device file")
    merged = merge_session(
        by=by, at=at, patient_id=patient_id, log_id=answer.id, into=twin, reason=reason
    )
    return replace(merged, status=201, flags=answer.flags)


def _put_into(
    log_id: UUID, told: SessionEntry, *, by: User, at: datetime, patient_id: UUID
) -> None:
    """Correct a log by what the other telling says. Both were judged when they were told."""
    case = open_log(by, at, patient_id, log_id, "settle_duplicate")
    entry = together(case.entry, told)
    if tells_the_same(entry, case.entry):
        return
    take_out(case)
    put_back(case, entry, _unusual_in(entry, case), status=case.log.status)
    finish(case, AmendmentKind.AMEND, _("The same session, told twice"))


def _unusual_in(entry: SessionEntry, case: Case) -> Verdict:
    return judge_entry(entry, item_of(case.intake, entry), received_at=case.intake.at)


def _minutes(first: SessionEntry, second: SessionEntry) -> Value:
    if first.minutes is not None or "minutes" in first.measures:
        return first.minutes
    return second.minutes


def _besides(values: Mapping[str, Told], known: Mapping[str, object]) -> dict[str, Told]:
    return {code: value for code, value in values.items() if code not in known}


def _each_once(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _parts(first: Sequence[PartEntry], second: Sequence[PartEntry]) -> tuple[PartEntry, ...]:
    others = {part.part: part for part in second}
    mine = {part.part for part in first}
    return (
        *(_part(part, others.get(part.part)) for part in first),
        *(part for part in second if part.part not in mine),
    )


def _part(part: PartEntry, other: PartEntry | None) -> PartEntry:
    if other is None:
        return part
    return replace(
        part,
        pain=other.pain if part.pain is None else part.pain,
        measures={**other.measures, **part.measures},
        typed={**_besides(other.typed, part.measures), **part.typed},
    )
