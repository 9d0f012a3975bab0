"""Figures that count every day up to now, also where the tick that stores days has not run."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rehab.actions.schedule import keep_up
from rehab.models.reads.progress import FallenBehind, progress_of
from rehab.models.reads.progress_shapes import Progress


def progress_up_to_now(patient_id: UUID, *, now: datetime, **asked: Any) -> Progress:
    """Return the progress of some days (`progress_of`), storing first what has fallen behind.

    Nothing is written and nothing more is asked of the database while the tick is alive.
    """
    try:
        return progress_of(patient_id, now=now, **asked)
    except FallenBehind:
        keep_up(patient_id, at=now)
        return progress_of(patient_id, now=now, even_if_behind=True, **asked)
