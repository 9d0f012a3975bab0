"""Weeks since an injury, days since a ride, tasks of a plan."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.windows import (
    Course,
    Window,
    WindowStanding,
    standing_in,
    tasks_ahead,
    waits_for_a_plan,
)

TODAY = date(2026, 10, 19)
ATROPHY = Window(code="denervation", counts="injury", weeks=8)
RIDES = Window(code="rides", counts="last_session", days=14, modality="fes_cycling")


def injured(days_ago: int) -> Course:
    return Course(today=TODAY, injured_on=TODAY - timedelta(days=days_ago))


def rode(days_ago: int) -> Course:
    return Course(today=TODAY, last_on={"fes_cycling": TODAY - timedelta(days=days_ago)})


@pytest.mark.parametrize(("days_ago", "week"), [(0, 1), (6, 1), (7, 2), (21, 4), (55, 8)])
def test_the_day_of_the_injury_is_in_week_one_of_eight(days_ago: int, week: int) -> None:
    found = standing_in(ATROPHY, injured(days_ago))
    assert found == WindowStanding(code="denervation", week=week, weeks=8)


def test_a_window_that_has_passed_is_not_mentioned() -> None:
    assert standing_in(ATROPHY, injured(56)) is None
    assert standing_in(ATROPHY, injured(4000)) is None


def test_without_a_date_of_injury_nothing_is_counted() -> None:
    assert standing_in(ATROPHY, Course(today=TODAY)) is None


def test_an_injury_of_tomorrow_is_a_slip_and_counts_nothing() -> None:
    assert standing_in(ATROPHY, injured(-1)) is None


@pytest.mark.parametrize(("days_ago", "too_long"), [(0, False), (14, False), (15, True)])
def test_more_than_fourteen_days_off_the_bike_asks_for_settings_again(
    days_ago: int, too_long: bool
) -> None:
    found = standing_in(RIDES, rode(days_ago))
    assert found == WindowStanding(code="rides", days_since=days_ago, gap_too_long=too_long)


def test_who_never_rode_has_no_gap() -> None:
    assert standing_in(RIDES, Course(today=TODAY, last_on={"standing": TODAY})) is None


def test_a_programme_counts_its_weeks_from_its_own_start() -> None:
    programme = Window(code="programme", counts="plan_start", weeks=26)
    course = Course(today=TODAY, plan_began_on=TODAY - timedelta(weeks=3))
    assert standing_in(programme, course) == WindowStanding(code="programme", week=4, weeks=26)


def test_a_window_without_a_span_is_mentioned_for_a_while() -> None:
    repair = Window(code="repair", counts="injury")
    assert standing_in(repair, injured(30)) == WindowStanding(code="repair", week=5)
    assert standing_in(repair, injured(26 * 7)) is None
    early = Window(code="early", counts="plan_start", modality="passive_range_of_motion")
    course = Course(
        today=TODAY, plan_began_on=TODAY, modalities=frozenset({"passive_range_of_motion"})
    )
    assert standing_in(early, course) == WindowStanding(code="early", week=1)


def test_a_window_about_a_modality_concerns_plans_that_hold_it() -> None:
    early = Window(code="early", counts="plan_start", modality="passive_range_of_motion")
    of_no_plan = Window(code="any", counts="plan_start")
    course = Course(today=TODAY, plan_began_on=TODAY, modalities=frozenset({"standing"}))
    assert standing_in(early, course) is None
    assert standing_in(of_no_plan, course) is None


def test_a_window_without_use_counts_nothing() -> None:
    assert standing_in(Window(code="mice", counts="none", weeks=8), injured(3)) is None


@pytest.mark.parametrize(
    ("week", "has_plan", "waits"), [(2, False, False), (3, False, True), (3, True, False)]
)
def test_after_two_weeks_without_a_plan_somebody_waits(
    week: int, has_plan: bool, waits: bool
) -> None:
    standing = WindowStanding(code="denervation", week=week, weeks=8)
    assert waits_for_a_plan([standing], has_plan=has_plan) is waits


def test_a_gap_or_a_window_without_a_span_is_no_waiting() -> None:
    gap = WindowStanding(code="rides", days_since=40, gap_too_long=True)
    assert not waits_for_a_plan([gap, WindowStanding(code="repair", week=5)], has_plan=False)


def test_tasks_come_at_three_and_six_months_and_stay_a_fortnight() -> None:
    def ahead(weeks_ago: float) -> list[int]:
        began = TODAY - timedelta(days=round(weeks_ago * 7))
        return [task.week for task in tasks_ahead([26, 13], began_on=began, today=TODAY)]

    assert ahead(0) == [13, 26]
    assert ahead(15) == [13, 26]
    assert ahead(15.2) == [26]
    assert ahead(29) == []


@given(st.integers(0, 20_000), st.integers(1, 60))
def test_a_week_shown_is_never_past_the_last(days_ago: int, weeks: int) -> None:
    found = standing_in(Window(code="any", counts="injury", weeks=weeks), injured(days_ago))
    assert found is None or 1 <= (found.week or 0) <= weeks
