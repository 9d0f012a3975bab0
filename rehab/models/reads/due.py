"""One thing due, as it is shown: the item, its parts with their doses, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from rehab.domain.occurrences import displayed
from rehab.domain.recurrence import local_time
from rehab.models.reads.agenda import (
    Agenda,
    ItemRow,
    LogRow,
    Number,
    OccurrenceRow,
    PartRow,
    SkipSigns,
)
from rehab.models.reads.forecast import is_all_paused, is_paused, is_weekly
from rehab.models.reads.names import part_name, said_in, title_of, zone_name
from rehab.models.reads.readers import Reader

NOT_REMINDED = "none"


class Sparse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A shape that leaves out what says nothing: a day of many sessions stays small on a phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTime:
    """The wall clock of the item's zone; `time` is empty where any time of the week will do."""

    date: date
    time: str | None
    zone: str
    label: str


class DueItem(Sparse, frozen=True, kw_only=True, omit_defaults=True):
    """maximum: sessions_per_day, sessions_per_week and session-wide dose fields."""

    series: UUID
    version: int
    kind: str
    modality: str
    exercise: str
    title: str
    instruction: str = ""
    target: dict[str, Number] = {}
    maximum: dict[str, Number] = {}


class DuePart(Sparse, frozen=True, kw_only=True, omit_defaults=True):
    """dose, maximum: dose-field code -> number, in the unit that the code names."""

    part: UUID
    label: str
    motion: str = ""
    muscle: str = ""
    channel: int | None = None
    side: str
    dose: dict[str, Number]
    maximum: dict[str, Number] = {}
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneBy:
    """The log that resolved an occurrence: who moved the limb, and who wrote it down."""

    id: UUID
    performed_at: datetime
    performer: str
    performer_name: str
    author: str
    outcome: str
    marks: Sequence[str]


class DueOccurrence(Sparse, frozen=True, kw_only=True, omit_defaults=True):
    """state: due, done, partial, skipped, missed, cancelled or paused; missed is derived now.

    paused: nothing of it may be done at present. reminder: sent, not_reminded (held back or
    failed) or none. skip_note: empty for who may not read what was written beside such signs.
    stored: false for a day further ahead than 48 hours. gate_questions: codes
    of what to ask before and after.
    """

    id: UUID
    item: DueItem
    on: date
    slot: str
    due_at: datetime
    opens_at: datetime
    closes_at: datetime
    local: LocalTime
    state: str
    paused: bool = False
    skip_reason: str = ""
    skip_note: str = ""
    skip_signs: SkipSigns | None = None
    snoozed_until: datetime | None = None
    superseded_by: UUID | None = None
    reminder: str = NOT_REMINDED
    stored: bool = True
    log: DoneBy | None = None
    parts: Sequence[DuePart]
    gate_questions: Sequence[str] = []


def shown(
    row: OccurrenceRow,
    item: ItemRow,
    agenda: Agenda,
    *,
    now: datetime,
    language: str,
    reader: Reader,
) -> DueOccurrence:
    """Return one occurrence as it is to be shown now to a reader, in one language."""
    # Judged now while the window is open, else at the end of it that is nearer.
    moment = min(max(now, row.due_at), row.closes_at)
    return DueOccurrence(
        id=row.id,
        item=item_shown(item, language),
        on=row.on,
        slot=row.slot,
        due_at=local_time(row.due_at, item.zone),
        opens_at=local_time(row.opens_at, item.zone),
        closes_at=local_time(row.closes_at, item.zone),
        local=_clock(row, item, language),
        state=displayed(row.state, row.closes_at, now),
        paused=is_all_paused(agenda.pauses, item, moment),
        skip_reason=row.skip_reason,
        skip_note=reader.words(row.skip_note, row.skip_signs.symptoms),
        skip_signs=_signs(row.skip_signs, reader),
        snoozed_until=row.snoozed_until,
        superseded_by=row.superseded_by,
        reminder=NOT_REMINDED if row.reminder == NOT_REMINDED else row.reminder,
        stored=row.stored,
        log=_done_by(row.log, item),
        parts=[part_shown(part, item, agenda, moment, language) for part in item.parts],
        gate_questions=item.gate_questions,
    )


def maximum_of(item: ItemRow) -> dict[str, Number]:
    """Return an item's limits: sessions per day and week beside its session-wide dose fields."""
    sessions = {
        "sessions_per_day": item.sessions_per_day_maximum,
        "sessions_per_week": item.sessions_per_week_maximum,
    }
    return {**{name: most for name, most in sessions.items() if most is not None}, **item.maximum}


def item_shown(item: ItemRow, language: str) -> DueItem:
    return DueItem(
        series=item.series,
        version=item.version,
        kind=item.kind,
        modality=item.modality,
        exercise=item.exercise,
        title=title_of(item.title, item.exercise)[language],
        instruction=item.instruction,
        target=item.target,
        maximum=maximum_of(item),
    )


def part_shown(
    part: PartRow, item: ItemRow, agenda: Agenda, moment: datetime, language: str
) -> DuePart:
    return DuePart(
        part=part.part,
        label=said_in(part_name(part), language),
        motion=part.motion,
        muscle=part.muscle,
        channel=part.channel,
        side=part.side,
        dose=part.dose,
        maximum=part.maximum,
        paused=is_paused(agenda.pauses, item.series, part.part, moment),
    )


def _signs(told: SkipSigns, reader: Reader) -> SkipSigns | None:
    seen = msgspec.structs.replace(told, symptoms=reader.signs(told.symptoms))
    return None if seen == SkipSigns() else seen


def _clock(row: OccurrenceRow, item: ItemRow, language: str) -> LocalTime:
    at = (
        item.schedule.get("at") if is_weekly(item) else f"{local_time(row.due_at, item.zone):%H:%M}"
    )
    return LocalTime(
        date=row.on,
        time=at if isinstance(at, str) else None,
        zone=item.zone,
        label=said_in(zone_name(item.zone), language),
    )


def _done_by(log: LogRow | None, item: ItemRow) -> DoneBy | None:
    if log is None:
        return None
    return DoneBy(
        id=log.id,
        performed_at=local_time(log.performed_at, item.zone),
        performer=log.performer,
        performer_name=log.performer_name,
        author=log.author,
        outcome=log.outcome,
        marks=log.marks,
    )
