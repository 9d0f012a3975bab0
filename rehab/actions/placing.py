"""Where a log counts: in a slot, beyond what was due, or outside the plan; and its rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rehab.actions.answers import LogState
from rehab.actions.bodies import offset_minutes
from rehab.actions.intake import Intake, Sent
from rehab.actions.judging import Verdict
from rehab.actions.programme import Programme
from rehab.actions.tellings import Telling
from rehab.actions.told_parts import readings_of
from rehab.domain.recurrence import local_date
from rehab.domain.resolution import choose, resolves
from rehab.domain.session_entry import SessionEntry
from rehab.models import LogStatus, Mark, Placement
from rehab.models.briefing import KnownItem, KnownLog
from rehab.models.item_days import Day
from rehab.models.ledger import LogRow, Resolved, as_bytea


@dataclass(frozen=True, slots=True)
class FirstTelling:
    """What a correction keeps of the log it corrects: who told it, when it came, what it said."""

    revision: int
    author_id: UUID
    received_at: datetime
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Placed:
    """The slot that a log resolves, the log that tells the same session, and all its marks."""

    occurrence: UUID | None
    twin: UUID | None
    marks: list[str]


def place(
    intake: Intake,
    sent: Sent,
    item: KnownItem | None,
    verdict: Verdict,
    *,
    status: str,
    marks: list[str],
    first: FirstTelling | None = None,
) -> LogRow:
    """Decide where a log counts and remember its rows. first: it corrects a log that was there."""
    entry, programme = sent.entry, intake.programme
    telling = programme.telling_of(entry, item)
    placed = Placed(None, None, marks)
    if item is not None and status == LogStatus.RECORDED:
        twin = _twin(sent, item, programme, telling.digest)
        paused = programme.is_item_paused(item, entry.performed_at)
        placed = Placed(
            None if twin or paused else _occurrence_for(entry, item, programme),
            twin,
            [*marks, *_marks_in_plan(sent, item, programme, twin)],
        )
    row = _log_row(intake, sent, telling, placed, verdict, status=status, first=first)
    _remember(intake, row, telling)
    if first is None:
        intake.audit.add(
            "session.log", "session_log", row.id, {"placement": row.placement, "status": status}
        )
    return row


def _log_row(
    intake: Intake,
    sent: Sent,
    telling: Telling,
    placed: Placed,
    verdict: Verdict,
    *,
    status: str,
    first: FirstTelling | None,
) -> LogRow:
    entry, item, programme = sent.entry, telling.item, intake.programme
    return LogRow(
        **telling.columns,
        patient_id=intake.patient.id,
        clinic_id=intake.patient.clinic_id,
        id=sent.id,
        series=programme.series_of(entry.series, entry.occurrence),
        occurrence_id=placed.occurrence,
        placement=_placement(entry, item, placed.occurrence, programme),
        status=status,
        revision=first.revision + 1 if first else 1,
        fingerprint=as_bytea(first.fingerprint if first else telling.fingerprint_of(entry)),
        values_digest=as_bytea(telling.digest),
        on=local_date(entry.performed_at, item.zone if item else entry.zone),
        performed_at=entry.performed_at,
        performed_offset_minutes=offset_minutes(entry.performed_at),
        client_sent_at=entry.client_sent_at,
        received_at=first.received_at if first else intake.at,
        author_id=first.author_id if first else intake.by.pk,
        marks=placed.marks,
        duplicate_of=placed.twin,
        details=telling.details(verdict),
        sync_sequence=intake.patient.sequence,
    )


def _twin(sent: Sent, item: KnownItem, programme: Programme, digest: bytes) -> UUID | None:
    """Return the log that tells the same session, unless a person said that it is another."""
    if Mark.POSSIBLE_DUPLICATE in sent.entry.confirmed:
        return None
    return programme.twin_of(
        sent.id,
        item.series,
        sent.entry.performed_at,
        digest.hex(),
        from_device=sent.entry.source == "device",
    )


def _marks_in_plan(
    sent: Sent, item: KnownItem, programme: Programme, twin: UUID | None
) -> list[str]:
    over = twin is None and _over_maximum(item, programme, sent.entry, sent.id)
    marks = (
        (Mark.POSSIBLE_DUPLICATE, twin is not None),
        (Mark.WHILE_PAUSED, programme.was_while_paused(sent.entry, item)),
        (Mark.OVER_MAXIMUM, over),
    )
    return [mark.value for mark, holds in marks if holds]


def log_state(row: LogRow | KnownLog) -> LogState:
    """Return a log as it now stands, for the answer."""
    return LogState(
        row.id,
        row.status,
        row.revision,
        row.placement,
        row.occurrence_id,
        row.outcome,
        tuple(row.marks),
        row.duplicate_of,
    )


def _placement(
    entry: SessionEntry, item: KnownItem | None, occurrence: UUID | None, programme: Programme
) -> str:
    if occurrence is not None:
        return Placement.SLOT.value
    named = programme.occurrences.get(entry.occurrence) if entry.occurrence else None
    if item is None or (named is not None and named.state == "cancelled"):
        return Placement.NOT_IN_PLAN.value
    return Placement.EXTRA.value


def _occurrence_for(entry: SessionEntry, item: KnownItem, programme: Programme) -> UUID | None:
    named = programme.occurrences.get(entry.occurrence) if entry.occurrence else None
    if named is not None and named.state == "cancelled":
        return None
    at, on = entry.performed_at, local_date(entry.performed_at, item.zone)
    if (
        named is not None
        and named.series == item.series
        and resolves(programme.candidate(named, named.id, at), at, on)
    ):
        return named.id
    candidates = programme.candidates(item.series, entry.occurrence, at)
    name = str(entry.occurrence) if entry.occurrence else None
    return choose(name, at, candidates, on)


def _over_maximum(item: KnownItem, programme: Programme, entry: SessionEntry, log_id: UUID) -> bool:
    a_day, a_week = item.sessions_per_day_maximum, item.sessions_per_week_maximum
    if a_day is None and a_week is None:
        return False
    on = local_date(entry.performed_at, item.zone)
    return (
        a_day is not None and programme.sessions_on(item.series, on, besides=log_id) >= a_day
    ) or (
        a_week is not None and programme.sessions_in_week(item.series, on, besides=log_id) >= a_week
    )


def _remember(intake: Intake, row: LogRow, telling: Telling) -> None:
    intake.logs.append(row)
    if row.status == LogStatus.RECORDED:
        readings = readings_of(row, telling.entry, telling.parts)
        intake.programme.remember(_as_known(row), readings)
    if row.series is not None:
        intake.days.add(Day(row.patient_id, row.series, row.on))
    occurrence, item, state = row.occurrence_id, telling.item, telling.state
    if occurrence is not None and item is not None and state is not None:
        intake.programme.resolve(occurrence, state)
        intake.resolved[occurrence] = Resolved(occurrence, state, row.id)
        due_on = intake.programme.occurrences[occurrence].on
        if due_on != row.on:
            intake.days.add(Day(row.patient_id, item.series, due_on))


def _as_known(row: LogRow) -> KnownLog:
    return KnownLog(
        id=row.id,
        series=row.series,
        version=row.version,
        occurrence_id=row.occurrence_id,
        placement=row.placement,
        status=row.status,
        revision=row.revision,
        outcome=row.outcome,
        on=row.on,
        performed_at=row.performed_at,
        fingerprint=row.fingerprint[2:],
        values_digest=row.values_digest[2:],
        duplicate_of=row.duplicate_of,
        marks=row.marks,
    )
