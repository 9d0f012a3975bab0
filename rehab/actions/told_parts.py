"""What one log says of each part, and readings that later sessions are compared with."""

from dataclasses import asdict

from rehab.actions.bodies import number, whole
from rehab.actions.programme import Programme
from rehab.domain.session_entry import PartEntry, SessionEntry
from rehab.domain.trends import skin_said
from rehab.models.briefing import KnownItem, KnownPart, KnownReading
from rehab.models.ledger import LogRow
from rehab.models.told_parts import ToldPart


def told_parts(entry: SessionEntry, item: KnownItem | None, programme: Programme) -> list[ToldPart]:
    """Return what was said of each part, or that it was done as planned and no more.

    In the plan's order; a part of a plan that was not in force is kept at the end as it was told.
    """
    said = {given.part: given for given in entry.parts}
    told = []
    for part in item.parts if item else ():
        given = said.pop(part.part, None)
        if given is not None:
            told.append(_told(given, part))
        elif entry.as_planned and not _is_paused(part, item, entry, programme):
            told.append(
                ToldPart(part=part.part, motion=part.motion, muscle=part.muscle, side=part.side)
            )
    return [*told, *(_told(given) for given in said.values())]


def _is_paused(
    part: KnownPart, item: KnownItem | None, entry: SessionEntry, programme: Programme
) -> bool:
    return item is not None and programme.is_paused(item.series, part.part, entry.performed_at)


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


def readings_of(row: LogRow) -> list[KnownReading]:
    """Return what later sessions of the batch are compared with; a twin is nothing new."""
    if row.duplicate_of is not None or row.series is None:
        return []
    whole_session = KnownReading(
        log=row.id,
        part=row.series,
        performed_at=row.performed_at,
        pain=row.pain,
        effort=row.effort,
        skin=skin_said(str(row.details.get("skin_before")), str(row.details.get("skin_after"))),
    )
    said = [
        (part.part, part.pain, number(part.measures.get("end_angle_degrees"))) for part in row.parts
    ]
    return [whole_session] + [
        KnownReading(log=row.id, part=part, performed_at=row.performed_at, pain=pain, degrees=angle)
        for part, pain, angle in said
        if pain is not None or angle is not None
    ]
