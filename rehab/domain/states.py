"""The states of a plan and of an occurrence, and which may follow which, as data."""

from collections.abc import Mapping
from enum import StrEnum


class PlanStatus(StrEnum):
    """FHIR R4 CarePlan.status, as far as a plan uses it."""

    DRAFT = "draft"
    ACTIVE = "active"
    ON_HOLD = "on-hold"
    COMPLETED = "completed"
    REVOKED = "revoked"


class OccurrenceState(StrEnum):
    """What became of one item due at one local date and slot. `missed` is never stored."""

    DUE = "due"
    DONE = "done"
    PARTIAL = "partial"
    SKIPPED = "skipped"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    MISSED = "missed"


PLAN_TRANSITIONS: Mapping[PlanStatus, frozenset[PlanStatus]] = {
    PlanStatus.DRAFT: frozenset({PlanStatus.ACTIVE, PlanStatus.REVOKED}),
    PlanStatus.ACTIVE: frozenset({PlanStatus.ON_HOLD, PlanStatus.COMPLETED, PlanStatus.REVOKED}),
    PlanStatus.ON_HOLD: frozenset({PlanStatus.ACTIVE, PlanStatus.COMPLETED, PlanStatus.REVOKED}),
    PlanStatus.COMPLETED: frozenset(),
    PlanStatus.REVOKED: frozenset(),
}

_DUE, _DONE, _PARTIAL = OccurrenceState.DUE, OccurrenceState.DONE, OccurrenceState.PARTIAL
_SKIPPED, _PAUSED = OccurrenceState.SKIPPED, OccurrenceState.PAUSED

# Back to due: a log or a skip was retracted, or a clinician resumed the item. From paused to done:
# a log arrives late that was performed before the pause began.
OCCURRENCE_TRANSITIONS: Mapping[OccurrenceState, frozenset[OccurrenceState]] = {
    _DUE: frozenset({_DONE, _PARTIAL, _SKIPPED, _PAUSED, OccurrenceState.CANCELLED}),
    _DONE: frozenset({_PARTIAL, _DUE, _PAUSED}),
    _PARTIAL: frozenset({_DONE, _DUE, _PAUSED}),
    _SKIPPED: frozenset({_DONE, _PARTIAL, _DUE, _PAUSED, OccurrenceState.CANCELLED}),
    _PAUSED: frozenset({_DUE, _DONE, _PARTIAL, OccurrenceState.CANCELLED}),
    OccurrenceState.CANCELLED: frozenset(),
}

RESOLVED = frozenset({_DONE, _PARTIAL, _SKIPPED, _PAUSED, OccurrenceState.CANCELLED})


class TransitionRefused(ValueError):
    """A state that may not follow the present one."""

    def __init__(self, present: StrEnum, wanted: StrEnum) -> None:
        super().__init__(f"{present} may not become {wanted}")
        self.present = present
        self.wanted = wanted


def plan_may_become(present: PlanStatus, wanted: PlanStatus) -> bool:
    return wanted in PLAN_TRANSITIONS[present]


def occurrence_may_become(present: OccurrenceState, wanted: OccurrenceState) -> bool:
    return wanted in OCCURRENCE_TRANSITIONS.get(present, frozenset())


def check_plan(present: PlanStatus, wanted: PlanStatus) -> None:
    """Raise TransitionRefused unless the plan may go from one status to the other."""
    if not plan_may_become(present, wanted):
        raise TransitionRefused(present, wanted)


def check_occurrence(present: OccurrenceState, wanted: OccurrenceState) -> None:
    """Raise TransitionRefused unless the occurrence may go from one state to the other."""
    if not occurrence_may_become(present, wanted):
        raise TransitionRefused(present, wanted)
