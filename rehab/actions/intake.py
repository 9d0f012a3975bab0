"""One batch of logs at work: what is known around it, and what is to be written at its end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from patients.domain.errors import NotVisible
from patients.models.prepared import Pen
from patients.models.session import Token
from patients.models.user import User
from rehab.actions.audit import AuditTrail
from rehab.actions.flags import FlagDesk
from rehab.actions.patient_row import PatientRow
from rehab.actions.programme import Programme
from rehab.actions.schedule import store_up_to
from rehab.domain.recurrence import week_of
from rehab.domain.session_entry import SessionEntry
from rehab.models.briefing import Briefing, brief
from rehab.models.item_days import RECOMPUTE_DAYS, Day, day_arguments
from rehab.models.ledger import LogRow, Resolved, add_logs, resolve

DAY = timedelta(days=1)
BASELINE = timedelta(days=15)
# A log may resolve what is open or dated within a day of it; a correction moves its neighbours too.
NEAR = timedelta(days=3)
FAR = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Sent:
    """One session log as a client sent it."""

    id: UUID
    entry: SessionEntry


@dataclass(slots=True)
class Intake:
    """One batch at work: what is known, and what is to be written at its end."""

    by: User
    at: datetime
    patient: PatientRow
    programme: Programme
    interactive: bool
    author_is_clinician: bool
    flags: FlagDesk
    audit: AuditTrail
    logs: list[LogRow] = field(default_factory=list)
    resolved: dict[UUID, Resolved] = field(default_factory=dict)
    days: set[Day] = field(default_factory=set)
    author_may_log_now: bool = True


def look_around(
    patient_id: UUID, sent: Sequence[Sent], *, by: User | Token | None = None, lock: bool = True
) -> Briefing:
    """Read what is known around a batch, and what `by` may rest on, in one trip.

    by: of a token that trip also puts up the wall and says whose it is.
    lock: the patient's row is locked first; False for who has locked it already.
    """
    moments = [aware(each.entry.performed_at) for each in sent]
    ids = [each.id for each in sent]
    return _brief(patient_id, ids, sent, min(moments), max(moments), lock=lock, by=by)


def programme_around(
    patient_id: UUID,
    sent: Sequence[Sent],
    *,
    at: datetime,
    lock: bool = True,
    known: Briefing | None = None,
) -> tuple[PatientRow, Programme]:
    """Return what is known around a batch, after storing what its time makes due.

    known: what `look_around` found, where the caller has asked. NotVisible when there is no such
    patient.
    """
    known = known or look_around(patient_id, sent, lock=lock)
    patient = known.patient
    if patient is None:
        raise NotVisible
    latest = max(each.entry.performed_at for each in sent)
    if known.stored_until is not None and known.stored_until < min(latest, at):
        store_up_to(patient_id, at=at)
        known = look_around(patient_id, sent, lock=False)
    return patient, Programme.of(known)


def settle(intake: Intake, *, replace: bool = False) -> None:
    """Write what a batch decided, in a fixed order of tables."""
    pen = Pen()
    add_logs(pen, intake.logs, replace=replace)
    resolve(
        pen,
        list(intake.resolved.values()),
        patient_id=intake.patient.id,
        at=intake.at,
        sequence=intake.patient.sequence,
    )
    if intake.flags.raised:
        pen.write()
        intake.days |= intake.flags.settle()
    if intake.days:
        pen.add(RECOMPUTE_DAYS, day_arguments(intake.days))
    intake.audit.settle(pen=pen)
    pen.leave()


def aware(moment: datetime) -> datetime:
    """Refuse a moment without an offset before anything is compared with it."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset")
    return moment


def _brief(
    patient_id: UUID,
    ids: Sequence[UUID],
    sent: Sequence[Sent],
    first: datetime,
    last: datetime,
    *,
    lock: bool,
    by: User | Token | None,
) -> Briefing:
    """Dates are widened so that every zone's date and the whole ISO week lie inside."""
    first_day = week_of(first.date() - DAY)
    return brief(
        patient_id=patient_id,
        ids=ids,
        series=list({each.entry.series for each in sent if each.entry.series}),
        occurrences=[each.entry.occurrence for each in sent if each.entry.occurrence],
        first=first - DAY,
        last=last + DAY,
        first_day=first_day,
        last_day=last.date() + DAY,
        closes_after=first - (NEAR if lock else FAR),
        opens_before=last + (NEAR if lock else FAR),
        readings_from=first_day - BASELINE,
        with_readings=any(_has_trend(each.entry) for each in sent),
        lock=lock,
        user_id=by.pk if isinstance(by, User) else None,
        token=by if isinstance(by, Token) else None,
    )


def _has_trend(entry: SessionEntry) -> bool:
    """Tell whether an entry says something that rules compare with the weeks before."""
    told = (entry.pain, entry.effort, entry.skin_before or None, entry.skin_after or None)
    return any(each is not None for each in told) or any(
        part.pain is not None or part.measures.get("end_angle_degrees") is not None
        for part in entry.parts
    )
