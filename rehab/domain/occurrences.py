"""The state of one occurrence, from what was done of its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rehab.domain.states import OccurrenceState


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """One part of the item: was it paused, was any of it done, and to the prescribed dose."""

    part_id: str
    paused: bool
    prescribed_met: bool
    done: bool


def state_of(parts: Sequence[PartOutcome]) -> Literal["done", "partial", "paused"]:
    """Return the state that a log gives to its occurrence.

    All unpaused parts at the prescribed dose: done. All parts paused: paused. Anything less:
    partial, also an attempt that was stopped before any of the dose was reached.
    """
    counted = [part for part in parts if not part.paused]
    if not counted:
        return "paused"
    return "done" if all(part.done and part.prescribed_met for part in counted) else "partial"


def displayed(state: str, closes_at: datetime, now: datetime) -> str:
    """Return the state to show: missed when it is still due and its window is past.

    Derived at every read and never stored, so that a late log or a pause can still change it.
    """
    if state == OccurrenceState.DUE and now >= closes_at:
        return OccurrenceState.MISSED.value
    return state


def dose_met(prescribed: Mapping[str, float], delivered: Mapping[str, float | None]) -> bool:
    """Tell whether every recorded amount reaches the prescribed one.

    `prescribed` holds the amounts that make a dose (repetitions, sets, minutes, seconds held),
    each as its lowest acceptable value. An amount that was not recorded is not judged: whether
    the part was done in full is then what the person said.
    """
    recorded = {field: delivered.get(field) for field in prescribed}
    return all(amount is None or amount >= prescribed[field] for field, amount in recorded.items())
