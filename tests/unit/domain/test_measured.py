"""What was measured: kept apart by how it was, judged by the error of measuring, never invented."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehab.domain.instruments import GradeSpec, ScoreSpec
from rehab.domain.measured import (
    Key,
    angle_change,
    from_baseline,
    in_force_on,
    key_of,
    mean_of,
    middle_grade,
    minutes_asked,
    repetitions_asked,
    share,
)
from rehab.models.instruments import spec_of
from rehab.models.reads.programme import ProgrammeItem, Wording
from rehab.models.reads.progress_measures import measures_and_words, told_in
from rehab.models.reads.progress_rows import Summed
from rehab.models.reads.progress_table import safe

GRADES = ScoreSpec(
    code="strength",
    grades=tuple(GradeSpec(code=str(rank), rank=rank) for rank in range(6)),
    answers=("not_testable",),
)


def test_a_key_says_part_field_and_how_an_angle_was_told() -> None:
    assert key_of("p1|amplitude_ma", is_word=False) == Key("p1", "amplitude_ma")
    assert key_of("|skin_after|red", is_word=True) == Key("", "skin_after", choice="red")
    assert key_of("p1|end_angle_degrees|measured|bent", is_word=False) == Key(
        "p1", "end_angle_degrees", "measured", "bent"
    )
    assert key_of("p1|end_angle_degrees|not_said|", is_word=False).how == "not_said"


@pytest.mark.parametrize(
    ("last", "verdict", "direction"),
    [(84, "no_clear_change", "up"), (85, "changed", "up"), (76, "no_clear_change", "down"),
     (75, "changed", "down"), (80, "same", "none")],
)  # fmt: skip
def test_under_5_degrees_nothing_is_said_to_have_changed(
    last: float, verdict: str, direction: str
) -> None:
    goniometry = spec_of("goniometry")
    assert goniometry
    found = angle_change(80, last, "measured", goniometry)
    assert (found.verdict, found.direction) == (verdict, direction)
    assert angle_change(80, last, "estimated", goniometry).verdict == "not_judged"
    assert angle_change(80, last, "not_said", goniometry).verdict == "not_judged"


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["0", "1", "2", "3", "4", "5", "not_testable"])))
def test_the_middle_grade_is_one_that_was_given_with_as_many_on_each_side(
    given_: list[str],
) -> None:
    graded = sorted(value for value in given_ if value != "not_testable")
    middle = middle_grade(given_, GRADES)
    if not graded:
        assert middle is None
        return
    assert middle in graded
    assert sum(value < str(middle) for value in graded) <= len(graded) / 2
    assert sum(value > str(middle) for value in graded) <= len(graded) / 2


@settings(max_examples=40)
@given(st.none() | st.floats(0, 1e4), st.none() | st.floats(0, 1e4))
def test_nothing_told_or_nothing_asked_has_no_share(
    delivered: float | None, prescribed: float | None
) -> None:
    found = share(delivered, prescribed)
    assert (found is None) == (delivered is None or not prescribed)
    assert found is None or found >= 0


def test_zero_is_a_value_and_a_score_has_no_mean() -> None:
    assert (share(0, 30), mean_of("amplitude_ma", 0, 2), from_baseline(0, 5)) == (0, 0, -5)
    assert (mean_of("pain", 6, 2), mean_of("fatigue_next_day", 6, 2)) == (None, None)
    assert (from_baseline(120, None), from_baseline(None, 100)) == (None, None)


def test_what_a_plan_asks_of_one_session() -> None:
    assert repetitions_asked({"repetitions": 8, "sets": 2}) == 16
    assert (repetitions_asked({"repetitions": 8}), repetitions_asked({})) == (8, None)
    channels = [{"minutes": 20}, {"minutes": 30}, {}]
    assert (minutes_asked({"minutes": 45}, channels), minutes_asked({}, channels)) == (45, 30)
    assert minutes_asked({}, [{}]) is None


def test_a_target_counts_from_the_day_on_which_it_was_set() -> None:
    dated = [(date(2026, 10, 12), 42.0), (date(2026, 10, 26), None)]
    assert in_force_on(date(2026, 10, 11), dated) is None
    assert in_force_on(date(2026, 10, 25), dated) == 42.0
    assert in_force_on(date(2026, 10, 26), dated) is None


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1"])
def test_no_cell_is_run_as_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


def test_a_number_stays_a_number() -> None:
    assert (safe(-5), safe(0.5), safe("80"), safe(None)) == (-5, 0.5, "80", None)


def worded(version: int, modality: str) -> Wording:
    return Wording(
        version=version, effective_at=datetime(2026, 10, version, tzinfo=UTC), ended_at=None,
        kind="training", modality=modality, exercise="x", title={}, zone="Asia/Shanghai", note="",
        by="", target={"amplitude_ma": 10 * version}, maximum={}, parts=[],
    )  # fmt: skip


def test_versions_that_stimulate_in_two_ways_never_share_columns() -> None:
    series, days = uuid4(), [date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 12)]
    row = Summed(series, "|amplitude_ma", days, [1, 1, 2], [2, 1, 3], [25, 11.1, 60],
                 [12, 11.1, 20], [13, 11.1, 20], [12, 11.1, 20], [13, 11.1, 20])  # fmt: skip
    item = ProgrammeItem(
        series=series,
        last_performed_at=None,
        versions=[worded(1, "fes_nmes"), worded(2, "long_pulse")],
    )
    found, _ = measures_and_words(item, told_in([row])[series], {}, "en")
    by_kind = {each.physics: list(each.points) for each in found}
    intact, denervated = by_kind["intact"], by_kind["denervated"]
    assert [(each.on, each.lowest, each.mean, each.prescribed) for each in intact] == [
        (days[0], 12, 12.5, 10), (days[1], 11.1, 11.1, 10)
    ]  # fmt: skip
    assert [(each.version, each.count, each.mean, each.share) for each in denervated] == [
        (2, 3, 20, 1)
    ]
    # A column that says nothing is left out, and is null for whoever reads the rows.
    assert not found[0].points.maximum and intact[0].maximum is None
