from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.realignment import Times, realigned
from rehab.domain.recurrence import Due

HOUR = timedelta(hours=1)
NINE = datetime(2026, 10, 19, 9, tzinfo=UTC)


def times(due_at: datetime, *, remind: bool = True) -> Times:
    return Times(due_at, due_at if remind else None, due_at - 5 * HOUR, due_at + 5 * HOUR)


def anew(due_at: datetime) -> Due:
    return Due(due_at.date(), "s1", due_at, due_at - 5 * HOUR, due_at + 5 * HOUR, due_at)


def test_what_is_to_come_moves() -> None:
    assert realigned(times(NINE), anew(NINE + HOUR), NINE - 3 * HOUR) == times(NINE + HOUR)


def test_what_was_reminded_stays_and_keeps_the_later_end_of_its_window() -> None:
    found = realigned(times(NINE), anew(NINE + HOUR), NINE)

    assert found == Times(NINE, NINE, NINE - 5 * HOUR, NINE + 6 * HOUR)


def test_window_of_what_was_reminded_never_shrinks() -> None:
    assert realigned(times(NINE), anew(NINE - 9 * HOUR), NINE) == times(NINE)


def test_what_the_clock_jumped_over_is_reminded_with_the_next_minute() -> None:
    at = NINE - timedelta(minutes=30, seconds=20)

    found = realigned(times(NINE), anew(NINE - HOUR), at)

    assert found is not None
    assert found.due_at == NINE - HOUR
    assert found.remind_at == NINE - timedelta(minutes=30)


def test_what_lay_wholly_in_the_jump_is_called_off() -> None:
    assert realigned(times(NINE), anew(NINE - 9 * HOUR), NINE - HOUR) is None


def test_date_that_the_new_clock_leaves_out_is_called_off() -> None:
    assert realigned(times(NINE), None, NINE - HOUR) is None
    assert realigned(times(NINE), None, NINE) == times(NINE)


def test_slot_without_a_reminder_counts_from_its_opening() -> None:
    running = times(NINE, remind=False)

    assert realigned(running, anew(NINE + HOUR), NINE) == Times(
        NINE, None, NINE - 5 * HOUR, NINE + 6 * HOUR
    )


@given(st.integers(-26, 26), st.integers(-600, 600))
def test_doing_it_twice_changes_nothing_more(hours: int, minutes: int) -> None:
    at = NINE + timedelta(minutes=minutes)
    once = realigned(times(NINE), anew(NINE + hours * HOUR), at)

    if once is not None:
        assert realigned(once, anew(NINE + hours * HOUR), at) == once


@given(st.integers(-26, 26), st.integers(-600, 600))
def test_nothing_reminded_is_ever_reminded_again(hours: int, minutes: int) -> None:
    at = NINE + timedelta(minutes=minutes)
    found = realigned(times(NINE), anew(NINE + hours * HOUR), at)

    if at >= NINE:
        assert found is not None
        assert found.remind_at == NINE
    elif found is not None:
        assert found.remind_at is not None
        assert found.remind_at > at
