"""What one log says of each part: rows, and readings that later sessions are compared with."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from rehab.actions.bodies import number, whole
from rehab.actions.programme import Programme
from rehab.domain.session_entry import PartEntry, SessionEntry
from rehab.models.briefing import KnownItem, KnownPart, KnownReading
from rehab.models.ledger import LogRow, PartRow


def part_rows(
    row: LogRow, entry: SessionEntry, item: KnownItem | None, programme: Programme
) -> list[PartRow]:
    """Return one row a part: what was said of it, or that it was done as planned and no more."""
    said: dict[UUID, PartEntry | None] = {given.part: given for given in entry.parts}
    if entry.as_planned and item is not None:
        for part in item.parts:
            if not programme.is_paused(item.series, part.part, entry.performed_at):
                said.setdefault(part.part, None)
    known = {part.part: part for part in item.parts} if item else {}
    return [
        _part_row(row, known.get(part) or _unknown_part(part), given)
        for part, given in said.items()
    ]


def _unknown_part(part: UUID) -> KnownPart:
    """A part of a plan that was not in force: kept as it was told."""
    return KnownPart(part=part, motion="", muscle="", side="none", dose={}, maximum={})


def _part_row(row: LogRow, part: KnownPart, given: PartEntry | None) -> PartRow:
    measures = given.measures if given else {}
    return PartRow(
        patient_id=row.patient_id,
        clinic_id=row.clinic_id,
        log_id=row.id,
        part=part.part,
        on=row.on,
        performed_at=row.performed_at,
        motion=part.motion,
        muscle=part.muscle,
        side=part.side,
        outcome=given.outcome if given else "done",
        pain=whole(given.pain) if given else None,
        pain_unfelt=given is not None and given.pain == "cannot_feel",
        measures={code: value for code, value in measures.items() if value is not None},
        typed={code: asdict(typed) for code, typed in given.typed.items()} if given else {},
    )


def readings_of(row: LogRow, parts: Sequence[PartRow]) -> list[KnownReading]:
    """Return what later sessions of the batch are compared with; a twin is nothing new."""
    if row.duplicate_of is not None or row.series is None:
        return []
    session = KnownReading(
        log=row.id, part=row.series, performed_at=row.performed_at, pain=row.pain
    )
    return [
        session,
        *(
            KnownReading(
                log=row.id,
                part=part.part,
                performed_at=part.performed_at,
                pain=part.pain,
                degrees=number(part.measures.get("end_angle_degrees")),
            )
            for part in parts
        ),
    ]
