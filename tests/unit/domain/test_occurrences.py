from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.occurrences import PartOutcome, displayed, dose_met, state_of
from rehab.domain.states import (
    OCCURRENCE_TRANSITIONS,
    PLAN_TRANSITIONS,
    OccurrenceState,
    PlanStatus,
    TransitionRefused,
    check_occurrence,
    check_plan,
    plan_may_become,
)

CLOSES_AT = datetime(2026, 10, 19, 4, 30, tzinfo=UTC)


def part(name: str = "left-hip", *, paused: bool = False, met: bool = True) -> PartOutcome:
    return PartOutcome(name, paused=paused, prescribed_met=met, done=met)


def test_all_parts_at_the_prescribed_dose_are_done() -> None:
    assert state_of([part("left-hip"), part("left-knee")]) == "done"


def test_one_part_short_of_its_dose_is_partial() -> None:
    assert state_of([part("left-hip"), part("left-knee", met=False)]) == "partial"


def test_occurrence_is_done_when_its_unpaused_parts_are() -> None:
    # Case 5: the right leg is paused, the left leg goes on.
    assert state_of([part("left-hip"), part("right-hip", paused=True, met=False)]) == "done"


def test_all_parts_paused_is_paused() -> None:
    assert state_of([part(paused=True), part("right-hip", paused=True)]) == "paused"


def test_attempt_that_reached_nothing_is_partial() -> None:
    assert state_of([part(met=False)]) == "partial"


def test_part_said_to_be_short_is_not_done_even_when_its_numbers_are() -> None:
    assert (
        state_of([PartOutcome("hip", paused=False, prescribed_met=True, done=False)]) == "partial"
    )


@given(
    st.lists(st.builds(PartOutcome, st.text(), st.booleans(), st.booleans(), st.booleans())),
    st.builds(PartOutcome, st.text(), st.just(True), st.booleans(), st.booleans()),
)
def test_paused_part_never_changes_what_the_others_make(
    parts: list[PartOutcome], paused: PartOutcome
) -> None:
    assert state_of([*parts, paused]) == state_of(parts)


def test_due_is_shown_as_missed_only_when_its_window_is_past() -> None:
    assert displayed("due", CLOSES_AT, CLOSES_AT - timedelta(seconds=1)) == "due"
    assert displayed("due", CLOSES_AT, CLOSES_AT) == "missed"


@pytest.mark.parametrize("state", ["done", "partial", "skipped", "paused", "cancelled"])
def test_resolved_occurrence_is_never_shown_as_missed(state: str) -> None:
    assert displayed(state, CLOSES_AT, CLOSES_AT + timedelta(days=9)) == state


def test_dose_is_met_by_what_was_recorded() -> None:
    assert dose_met({"repetitions": 10}, {"repetitions": 10})
    assert not dose_met({"repetitions": 10}, {"repetitions": 9})
    assert not dose_met({"minutes": 30}, {"minutes": 12})


def test_no_repetitions_is_an_answer_and_not_the_dose() -> None:
    assert not dose_met({"repetitions": 10}, {"repetitions": 0})


def test_amount_that_was_not_recorded_is_not_judged() -> None:
    assert dose_met({"repetitions": 10, "hold_seconds": 5}, {"repetitions": 10})
    assert dose_met({"repetitions": 10}, {"repetitions": None})


def test_every_state_has_its_transitions() -> None:
    assert set(PLAN_TRANSITIONS) == set(PlanStatus)
    assert set(OCCURRENCE_TRANSITIONS) == set(OccurrenceState) - {OccurrenceState.MISSED}


def test_missed_is_never_stored() -> None:
    assert not any(OccurrenceState.MISSED in after for after in OCCURRENCE_TRANSITIONS.values())


def test_plan_lives_from_draft_to_completed() -> None:
    for present, wanted in [
        (PlanStatus.DRAFT, PlanStatus.ACTIVE),
        (PlanStatus.ACTIVE, PlanStatus.ON_HOLD),
        (PlanStatus.ON_HOLD, PlanStatus.ACTIVE),
        (PlanStatus.ACTIVE, PlanStatus.COMPLETED),
    ]:
        check_plan(present, wanted)


@pytest.mark.parametrize("ended", [PlanStatus.COMPLETED, PlanStatus.REVOKED])
@pytest.mark.parametrize("wanted", list(PlanStatus))
def test_ended_plan_never_comes_back(ended: PlanStatus, wanted: PlanStatus) -> None:
    assert not plan_may_become(ended, wanted)


def test_refused_change_names_both_states() -> None:
    with pytest.raises(TransitionRefused, match="draft may not become completed"):
        check_plan(PlanStatus.DRAFT, PlanStatus.COMPLETED)
    with pytest.raises(TransitionRefused, match="cancelled may not become done"):
        check_occurrence(OccurrenceState.CANCELLED, OccurrenceState.DONE)


def test_late_log_may_resolve_what_a_pause_had_covered() -> None:
    check_occurrence(OccurrenceState.PAUSED, OccurrenceState.DONE)


def test_retracted_log_leaves_its_occurrence_due() -> None:
    check_occurrence(OccurrenceState.DONE, OccurrenceState.DUE)
