from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.adherence import (
    DayRow,
    Figures,
    days_since_last,
    figures,
    item_weeks,
    week_due,
)
from rehab.domain.definitions import DEFINITIONS, GROUPS, definitions_in
from rehab.models.reads.progress_shapes import Counted

MONDAY = date(2026, 10, 19)
TODAY = date(2026, 11, 2)


def days(*rows: tuple[int, int, int]) -> list[DayRow]:
    """Return consecutive days of (due, done, extra) from Monday 19 October."""
    return [
        DayRow(
            on=MONDAY + timedelta(days=place),
            due=due,
            done=done,
            extra=extra,
            sessions=done + extra,
        )
        for place, (due, done, extra) in enumerate(rows)
    ]


CASE_1 = days(
    (2, 2, 0), (2, 2, 0), (2, 2, 0), (2, 2, 0), (2, 0, 0), (2, 2, 0), (2, 2, 0),
    (2, 1, 0), (2, 1, 0), (2, 2, 2), (2, 2, 0), (1, 1, 0), (1, 1, 0), (1, 1, 0),
)  # fmt: skip


def test_fortnight_of_case_1() -> None:
    found = figures(CASE_1, today=TODAY)

    assert (found.due, found.fulfilled, found.extra) == (25, 21, 2)
    assert found.adherence == pytest.approx(0.84)


def test_rides_of_case_2() -> None:
    rows = [
        DayRow(on=date(2026, 10, 19), due=1, done=1, sessions=1),
        DayRow(on=date(2026, 10, 21), due=1, done=1, sessions=1),
        DayRow(on=date(2026, 10, 23), due=1),
        DayRow(on=date(2026, 10, 26), due=1, partial=1, sessions=1, over_maximum=0),
        DayRow(on=date(2026, 10, 28), while_paused=1, sessions=1),
        DayRow(on=date(2026, 10, 30), due=1, done=1, sessions=1),
    ]

    found = figures(rows, today=TODAY)

    assert (found.due, found.done, found.partial, found.missed) == (5, 3, 1, 1)
    assert found.while_paused == 1
    assert (found.adherence, found.adherence_with_partial) == (0.6, 0.8)


def test_strength_of_case_4_with_a_reason_is_not_missed() -> None:
    row = DayRow(on=MONDAY, due=6, done=4, partial=1, skipped=1)

    assert figures([row], today=TODAY).missed == 0


def test_adherence_is_shown_without_what_was_recalled() -> None:
    row = DayRow(on=MONDAY, due=8, done=8, recalled=6)

    found = figures([row], today=TODAY)

    assert (found.adherence, found.adherence_without_recalled) == (1.0, 0.25)


def test_extra_sessions_never_make_up_for_missed_ones() -> None:
    found = figures(days((2, 0, 0), (2, 2, 2)), today=TODAY)

    assert (found.fulfilled, found.missed, found.adherence) == (2, 2, 0.5)


def test_what_can_still_be_done_is_not_missed() -> None:
    found = figures([DayRow(on=MONDAY, due=2, waiting=1, done=1)], today=MONDAY)

    assert (found.due, found.waiting, found.missed, found.adherence) == (1, 1, 0, 1.0)


def test_nothing_due_has_no_adherence() -> None:
    found = figures([DayRow(on=MONDAY, extra=1, sessions=1)], today=MONDAY)

    assert found.adherence is None


def test_pain_of_zero_is_an_answer() -> None:
    rows = [
        DayRow(on=MONDAY, pain_max=0, pain_sum=0, pain_count=2),
        DayRow(on=MONDAY + timedelta(days=1), pain_unfelt=1),
    ]

    found = figures(rows, today=TODAY)

    assert (found.pain_max, found.pain_mean, found.pain_unfelt) == (0, 0.0, 1)


def test_pain_that_nobody_recorded_is_not_zero() -> None:
    found = figures([DayRow(on=MONDAY, sessions=1)], today=TODAY)

    assert (found.pain_max, found.pain_mean) == (None, None)


def test_pain_is_averaged_over_sessions_and_not_over_days() -> None:
    rows = [
        DayRow(on=MONDAY, pain_max=6, pain_sum=6, pain_count=1),
        DayRow(on=MONDAY + timedelta(days=1), pain_max=3, pain_sum=6, pain_count=3),
    ]

    found = figures(rows, today=TODAY)

    assert (found.pain_max, found.pain_mean) == (6, 3.0)


def test_days_since_last_session() -> None:
    assert days_since_last([MONDAY, date(2026, 10, 30)], today=TODAY) == 3
    assert days_since_last([TODAY], today=TODAY) == 0
    assert days_since_last([], today=TODAY) is None
    assert days_since_last([TODAY + timedelta(days=1)], today=TODAY) is None


def test_partial_session_is_a_session_for_days_since_last() -> None:
    rows = [
        DayRow(on=MONDAY, due=1, done=1, sessions=1),
        DayRow(on=date(2026, 10, 26), due=1, partial=1, sessions=1),
        DayRow(on=date(2026, 10, 30), due=1),
    ]

    assert figures(rows, today=TODAY).days_since_last == 7


def test_weeks_begin_on_monday() -> None:
    weeks = item_weeks(CASE_1, today=TODAY)

    assert [week.monday for week in weeks] == [MONDAY, MONDAY + timedelta(days=7)]
    assert [week.figures.due for week in weeks] == [14, 11]
    assert [week.figures.fulfilled for week in weeks] == [12, 9]


def test_part_week_is_due_by_days_in_force_and_unpaused() -> None:
    week = [MONDAY + timedelta(days=count) for count in range(7)]

    assert week_due(3, MONDAY, week, []) == 3
    assert week_due(3, MONDAY, week[2:], []) == 2
    assert week_due(3, MONDAY, week[2:], week[4:6]) == 1
    assert week_due(3, MONDAY, [], []) == 0


def test_every_figure_is_defined_in_both_languages() -> None:
    names = {each.name for each in fields(Figures)} | set(Counted.__struct_fields__)
    assert names <= set(DEFINITIONS)
    for language in ("zh-Hans", "en"):
        told = definitions_in(language)
        assert next(each.code for each in told if each.group == "diet") == "weight"
        assert {each.code for each in told} == set(DEFINITIONS)
        assert all(each.name and each.meaning and each.group in GROUPS for each in told)


def test_a_partial_session_from_memory_takes_nothing_from_what_was_done() -> None:
    row = DayRow(on=MONDAY, due=4, done=2, partial=2, recalled_partial=1)

    found = figures([row], today=TODAY)

    assert (found.adherence, found.adherence_without_recalled) == (0.5, 0.5)
    assert found.adherence_with_partial == 1.0
    assert found.adherence_with_partial_without_recalled == 0.75


counts = st.integers(0, 5)
rows = st.lists(
    st.builds(
        DayRow,
        on=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        due=counts,
        waiting=counts,
        done=counts,
        partial=counts,
        skipped=counts,
        extra=counts,
        recalled=counts,
        recalled_partial=counts,
        sessions=counts,
        pain_sum=counts,
        pain_count=counts,
    )
)


@given(rows)
def test_adherence_is_between_0_and_1_whatever_the_rows_say(given_rows: list[DayRow]) -> None:
    found = figures(given_rows, today=TODAY)

    for share in (
        found.adherence,
        found.adherence_without_recalled,
        found.adherence_with_partial,
        found.adherence_with_partial_without_recalled,
    ):
        assert share is None or 0 <= share <= 1
    assert found.missed >= 0


@given(rows)
def test_fulfilled_is_never_more_than_due(given_rows: list[DayRow]) -> None:
    found = figures(given_rows, today=TODAY)

    assert found.fulfilled <= max(found.due, 0)


@given(rows, counts)
def test_more_extra_sessions_change_no_adherence(given_rows: list[DayRow], more: int) -> None:
    changed = [replace(row, extra=row.extra + more) for row in given_rows]

    assert figures(changed, today=TODAY).adherence == figures(given_rows, today=TODAY).adherence


@given(rows)
def test_weeks_add_up_to_the_whole(given_rows: list[DayRow]) -> None:
    weeks = item_weeks(given_rows, today=TODAY)

    assert sum(week.figures.due for week in weeks) == figures(given_rows, today=TODAY).due
