"""What one log says of each part, and readings that later sessions are compared with."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from uuid import UUID

from rehab.actions.bodies import number, whole
from rehab.domain.session_entry import PartEntry, SessionEntry
from rehab.domain.trends import skin_said
from rehab.models.briefing import KnownItem, KnownPart, KnownReading
from rehab.models.ledger import LogRow
from rehab.models.told_parts import ToldPart


def told_parts(
    entry: SessionEntry, item: KnownItem | None, paused: Collection[UUID]
) -> list[ToldPart]:
    """Return what was said of each part, or that it was done as planned and no more.

    In the plan's order; a part of a plan that was not in force is kept at the end as it was told.
    paused: the parts that were paused when it was performed.
    """
    said = {given.part: given for given in entry.parts}
    told = []
    for part in item.parts if item else ():
        given = said.pop(part.part, None)
        if given is not None:
            told.append(_told(given, part))
        elif entry.as_planned and part.part not in paused:
            told.append(
                ToldPart(part=part.part, motion=part.motion, muscle=part.muscle, side=part.side)
            )
    return [*told, *(_told(given) for given in said.values())]


def _told(given: PartEntry, part: KnownPart | None = None) -> ToldPart:
    return ToldPart(
        part=given.part,
        motion=part.motion if part else "",
        muscle=part.muscle if part else "",
        side=part.side if part else "none",
        outcome=given.outcome,
        pain=whole(given.pain),
        pain_unfelt=given.pain == "cannot_feel",
        measures={code: value for code, value in given.measures.items() if value is not None},
        typed={code: asdict(typed) for code, typed in given.typed.items()},
    )


def readings_of(row: LogRow, entry: SessionEntry, parts: Iterable[ToldPart]) -> list[KnownReading]:
    """Return what later sessions of the batch are compared with; a twin is nothing new."""
    if row.duplicate_of is not None or row.series is None:
        return []
    at, log = row.performed_at, row.id
    whole_session = KnownReading(
        log=log,
        part=row.series,
        performed_at=at,
        pain=row.pain,
        effort=row.effort,
        skin=skin_said(entry.skin_before, entry.skin_after),
    )
    said = [(part.part, part.pain, part.measures.get("end_angle_degrees")) for part in parts]
    return [whole_session] + [
        KnownReading(log=log, part=part, performed_at=at, pain=pain, degrees=number(angle))
        for part, pain, angle in said
        if pain is not None or number(angle) is not None
    ]
