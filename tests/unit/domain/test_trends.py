from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.trends import days_up, loss_percent, red_hours, skin_said, whole_days

NOON = datetime(2026, 10, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOON.date()


def ago(hours):
    return NOON - timedelta(hours=hours)


def days(*scores):
    """Scores of the last days, today's last; None where nobody scored."""
    first = TODAY - timedelta(days=len(scores) - 1)
    placed = ((first + timedelta(days=place), score) for place, score in enumerate(scores))
    return [(day, score) for day, score in placed if score is not None]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("red", "looked_fine", "red"),
        ("looked_fine", "red", "red"),
        ("looked_fine", "", "looked_fine"),
        ("not_looked", "", None),
        ("", "", None),
    ],
)
def test_what_a_session_says_of_the_skin(before, after, said):
    assert skin_said(before, after) == said


def test_redness_counts_from_when_it_was_first_seen():
    assert red_hours([(ago(30), "red"), (ago(6), "red")], NOON) == 30


def test_skin_that_was_fine_in_between_begins_anew():
    assert red_hours([(ago(30), "red"), (ago(20), "looked_fine"), (ago(6), "red")], NOON) == 6


def test_skin_that_was_fine_last_is_not_red():
    assert red_hours([(ago(30), "red"), (ago(6), "looked_fine")], NOON) is None
    assert red_hours([], NOON) is None


def test_weight_is_held_against_the_highest_of_the_half_year():
    known = [(TODAY - timedelta(weeks=20), 60.0), (TODAY - timedelta(weeks=2), 58.0)]
    assert loss_percent(57.0, known, TODAY) == pytest.approx(5)
    assert loss_percent(61.0, known, TODAY) == 0


def test_weight_of_long_ago_is_not_compared_with():
    assert loss_percent(40.0, [(TODAY - timedelta(weeks=27), 60.0)], TODAY) is None


@pytest.mark.parametrize(
    ("scores", "up"),
    [
        ((1, 2, 2, 2), 3),
        ((1, 2, 2), 2),
        ((1, 1, 1, 1), 0),
        ((2, 2, 1, 1), 0),
        ((1, 2, 2, 1), 0),
        ((1, 2, None, 2), 0),
        ((2, 3, 4, 4), 3),
        ((3,), 0),
        ((0, 1, 1, 1), 3),
    ],
)
def test_days_on_which_spasms_came_more_often(scores, up):
    assert days_up(days(*scores), TODAY) == up


def test_what_was_scored_more_than_a_week_before_the_rise_is_not_compared_with():
    scores = [(TODAY - timedelta(days=30), 1), *days(2, 2, 2)]
    assert days_up(scores, TODAY) == 0


@given(st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=1, max_size=14))
def test_days_up_never_exceeds_the_days_scored_and_a_worse_today_never_lowers_it(scores):
    known = days(*scores)
    up = days_up(known, TODAY)
    assert 0 <= up <= len(known)
    if scores[-1] is not None:
        assert days_up(days(*scores[:-1], scores[-1] + 1), TODAY) >= up


def test_whole_days_of_silence():
    assert whole_days(ago(24 * 7 - 1), NOON) == 6
    assert whole_days(ago(24 * 7), NOON) == 7
    assert whole_days(NOON + timedelta(hours=1), NOON) == 0
