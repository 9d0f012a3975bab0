"""What a device file would do, before anybody says that it shall: nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from rehab.actions.device_imports import (
    DeviceFile,
    cycling_at,
    known_ride,
    print_of,
    row_id,
    told_by_hand,
)
from rehab.domain.device_file import DeviceRide
from rehab.domain.session_entry import Value
from rehab.models import SessionLog


@dataclass(frozen=True, slots=True, kw_only=True)
class HandTold:
    """What somebody typed about a ride before its file came."""

    id: UUID
    started_at: datetime
    minutes: float | None
    measures: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenRide:
    """state: new, merges (into `told`), unchanged, conflict, no_start or no_item. log: of a ride

    that is here already. unread: columns whose cell is no number; with one the row is refused.
    """

    ride: DeviceRide
    state: str
    log: UUID | None = None
    told: HandTold | None = None
    unread: tuple[str, ...] = ()


def foresee(patient_id: UUID, file: DeviceFile) -> list[ForeseenRide]:
    """Say of each row what importing it would do, by the same rules as the import."""
    taken: set[UUID] = set()
    found = []
    for ride in file.table.rides:
        seen = _foreseen(patient_id, file, ride, taken)
        taken |= {seen.told.id} if seen.told else set()
        found.append(seen)
    return found


def _foreseen(
    patient_id: UUID, file: DeviceFile, ride: DeviceRide, taken: set[UUID]
) -> ForeseenRide:
    unread = tuple(name for name, value in ride.values.items() if isinstance(value, str))
    if ride.started_at is None:
        return ForeseenRide(ride=ride, state="no_start", unread=unread)
    ride_id = row_id(patient_id, file, ride, ride.started_at)
    if (known := known_ride(patient_id, ride_id, print_of(ride))) is not None:
        return ForeseenRide(ride=ride, state=known[0], log=known[1], unread=unread)
    series = file.series or cycling_at(patient_id, ride.started_at)
    if series is None:
        return ForeseenRide(ride=ride, state="no_item", unread=unread)
    told = None
    if not unread:
        told = told_by_hand(patient_id, series, ride.started_at, besides=taken)
    return ForeseenRide(
        ride=ride,
        state="merges" if told else "new",
        told=_hand(told) if told else None,
        unread=unread,
    )


def _hand(log: SessionLog) -> HandTold:
    measures = log.details.get("measures", {})
    return HandTold(
        id=log.id,
        started_at=log.performed_at,
        minutes=None if log.minutes is None else float(log.minutes),
        measures={name: value for name, value in measures.items() if name != "minutes"},
    )
