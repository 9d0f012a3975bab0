"""Session logs as they are shown: what was done, by whom, and what a reader must know about it.

A value that nobody entered is null and named in `not_recorded`: never normal, never the plan's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID
from zlib import crc32

import msgspec

from patients.models.prepared import Prepared
from rehab.models.reads.names import part_name, said_in, title_of
from rehab.models.reads.readers import Reader
from rehab.models.told_parts import Number, ToldPart

Pain = int | Literal["cannot_feel"] | None

_ASKED = ("pain", "effort", "minutes", "skin_before", "skin_after")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedText:
    """What a person typed, with the unit beside it."""

    text: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualValue:
    """A value outside the usual range, by field and by code of the finding."""

    field: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedPart:
    """What one part got. measures: dose-field code -> number; absent means not recorded."""

    part: UUID
    label: str
    motion: str
    muscle: str
    side: str
    outcome: str
    pain: Pain
    measures: Mapping[str, Number]
    typed: Mapping[str, TypedText]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """One session log as it now stands.

    performed_at has the offset of the clock that was read; on is the date in the item's zone.
    note: empty for who may not read what was written beside such signs. placement: slot, extra or
    not_in_plan. status: recorded, pending, quarantined or
    entered-in-error. pain: 0-10, "cannot_feel", or null when it was not recorded.
    """

    id: UUID
    series: UUID | None
    version: int | None
    title: str
    occurrence: UUID | None
    placement: str
    status: str
    revision: int
    on: date
    performed_at: datetime
    zone: str
    received_at: datetime
    client_sent_at: datetime | None
    author: str
    performer: str
    performer_name: str
    as_planned: bool
    outcome: str
    marks: Sequence[str]
    duplicate_of: UUID | None
    minutes: float | None
    pain: Pain
    effort: int | None
    gate: Mapping[str, Number]
    measures: Mapping[str, Number]
    typed: Mapping[str, TypedText]
    symptoms: Sequence[str]
    skin_before: str | None
    skin_after: str | None
    stop_reason: str | None
    limb: str | None
    device: str
    note: str
    source: str
    unusual: Sequence[UnusualValue]
    not_recorded: Sequence[str]
    parts: Sequence[LoggedPart]


class Unusual(msgspec.Struct, frozen=True, kw_only=True):
    field: str
    code: str


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a log that is kept as JSON."""

    gate: dict[str, Number] = {}
    measures: dict[str, Number] = {}
    typed: dict[str, dict[str, str]] = {}
    symptoms: list[str] = []
    skin_before: str = ""
    skin_after: str = ""
    stop_reason: str = ""
    limb: str = ""
    device: str = ""
    note: str = ""
    source: str = "live"
    unusual: list[Unusual] = []


class LogRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    series: UUID | None
    version: int | None
    title: dict[str, str] | None
    exercise: str | None
    occurrence_id: UUID | None
    placement: str
    status: str
    revision: int
    on: date
    performed_at: datetime
    performed_offset_minutes: int
    performed_zone: str
    received_at: datetime
    client_sent_at: datetime | None
    author: str
    author_id: UUID
    performer: str
    performer_name: str
    as_planned: bool
    outcome: str
    marks: list[str]
    duplicate_of: UUID | None
    minutes: float | None
    pain: int | None
    pain_unfelt: bool
    effort: int | None
    parts: list[ToldPart]
    details: Details
    sync_sequence: int


_decode_logs = msgspec.json.Decoder(list[LogRow]).decode

_LOGS = """
SELECT COALESCE(json_agg(page), '[]')::text FROM (
  SELECT l.id, l.series, l.version, COALESCE(NULLIF(i.title, '{{}}'::jsonb), x.names) AS title,
    x.slug AS exercise, l.occurrence_id, l.placement, l.status, l.revision, l."on",
    l.performed_at, l.performed_offset_minutes, l.performed_zone, l.received_at,
    l.client_sent_at, COALESCE(u.name, '') AS author, l.author_id, l.performer, l.performer_name,
    l.as_planned, l.outcome, l.marks, l.duplicate_of, l.minutes, l.pain, l.pain_unfelt, l.effort,
    l.parts, l.details, l.sync_sequence
  FROM rehab_sessionlog l
  LEFT JOIN rehab_planitem i ON i.id = l.item_id
  LEFT JOIN exercises_exercise x ON x.id = i.exercise_id
  LEFT JOIN patients_user u ON u.id = l.author_id
  WHERE l.patient_id = %(patient)s::uuid AND {condition}
  ORDER BY l.performed_at {order}, l.id {order}
  LIMIT %(limit)s::int
) page
"""


@lru_cache(maxsize=32)
def _statement(condition: str, order: str) -> Prepared:
    """Return the statement for one of the few conditions that this package asks with."""
    name = f"rehab_logs_{crc32(f'{condition} {order}'.encode()):08x}"
    return Prepared(name, _LOGS.format(condition=condition, order=order))


def read_logs(
    patient_id: UUID,
    condition: str,
    arguments: Mapping[str, Any],
    *,
    limit: int,
    newest_first: bool = True,
) -> list[LogRow]:
    """Read logs of a patient in one statement; `condition` is SQL of this package, over `l`."""
    statement = _statement(condition, "DESC" if newest_first else "ASC")
    found = statement.fetchall({**arguments, "patient": patient_id, "limit": limit})
    return _decode_logs(str(found[0][0]))


def view_of(row: LogRow, language: str, *, reader: Reader) -> SessionView:
    """Return a log as it is shown to a reader, in one language."""
    details = row.details
    pain = _pain(row.pain, row.pain_unfelt)
    entered = {
        "pain": pain,
        "effort": row.effort,
        "minutes": row.minutes,
        "skin_before": details.skin_before or None,
        "skin_after": details.skin_after or None,
    }
    return SessionView(
        id=row.id,
        series=row.series,
        version=row.version,
        title=title_of(row.title or {}, row.exercise or "")[language],
        occurrence=row.occurrence_id,
        placement=row.placement,
        status=row.status,
        revision=row.revision,
        on=row.on,
        performed_at=_on_its_clock(row.performed_at, row.performed_offset_minutes),
        zone=row.performed_zone,
        received_at=row.received_at,
        client_sent_at=row.client_sent_at,
        author=row.author,
        performer=row.performer,
        performer_name=row.performer_name,
        as_planned=row.as_planned,
        outcome=row.outcome,
        marks=row.marks,
        duplicate_of=row.duplicate_of,
        minutes=row.minutes,
        pain=pain,
        effort=row.effort,
        gate=details.gate,
        measures=details.measures,
        typed=_typed(details.typed),
        symptoms=reader.signs(details.symptoms),
        skin_before=details.skin_before or None,
        skin_after=details.skin_after or None,
        stop_reason=details.stop_reason or None,
        limb=details.limb or None,
        device=details.device,
        note=reader.words(details.note, details.symptoms),
        source=details.source,
        unusual=[UnusualValue(field=each.field, code=each.code) for each in details.unusual],
        not_recorded=[name for name in _ASKED if entered[name] is None],
        parts=[_part(part, language) for part in row.parts],
    )


def _part(row: ToldPart, language: str) -> LoggedPart:
    return LoggedPart(
        part=row.part,
        label=said_in(part_name(row), language),
        motion=row.motion,
        muscle=row.muscle,
        side=row.side,
        outcome=row.outcome,
        pain=_pain(row.pain, row.pain_unfelt),
        measures=row.measures,
        typed=_typed(row.typed),
    )


def _typed(kept: Mapping[str, Mapping[str, str]]) -> dict[str, TypedText]:
    return {
        code: TypedText(text=each.get("text", ""), unit=each.get("unit", ""))
        for code, each in kept.items()
    }


def _pain(score: int | None, unfelt: bool) -> Pain:
    return "cannot_feel" if unfelt and score is None else score


def _on_its_clock(moment: datetime, offset_minutes: int) -> datetime:
    return moment.astimezone(timezone(timedelta(minutes=offset_minutes)))
