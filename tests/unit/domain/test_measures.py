import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.measures import (
    Finding,
    Limits,
    exceeds,
    judge,
    judge_change,
    judge_pressures,
)

AMPLITUDE = Limits(
    "amplitude_ma",
    "mA",
    0,
    200,
    likely=("factor 10", "amperes instead of milliamperes", "sign"),
    soft_over_plan_percent=20,
)
REPETITIONS = Limits("repetitions", "", 0, 200, integer=True, likely=("factor 10", "sign"))
MINUTES = Limits("minutes", "min", 0, 120, soft_max=60, likely=("factor 10", "seconds", "sign"))
SYSTOLIC = Limits("systolic_before_mmhg", "mmHg", 30, 330, likely=("factor 10", "kilopascals"))
GRIP = Limits("grip_kg", "kg", 0, 100, likely=("pounds",))


def found(limits: Limits, value: object, planned: float | None = None) -> Finding:
    finding = judge(limits, value, planned=planned)
    assert finding is not None
    return finding


def likely(finding: Finding) -> list[tuple[object, object]]:
    given_likely = finding.params["likely"]
    assert isinstance(given_likely, list)
    return [(each["meaning"], each["value"]) for each in given_likely]


def test_thousand_milliamperes_are_refused_with_their_likely_meaning() -> None:
    finding = found(AMPLITUDE, 1000)

    assert (finding.field, finding.code, finding.severity) == (
        "amplitude_ma",
        "above_recordable",
        "refuse",
    )
    assert finding.limit == 200
    assert likely(finding)[0] == ("factor_10", 100.0)


@pytest.mark.parametrize("value", [0, 100, 200, 12.5])
def test_limits_themselves_are_allowed(value: float) -> None:
    assert judge(AMPLITUDE, value) is None


@pytest.mark.parametrize(
    ("limits", "value", "code"),
    [
        (AMPLITUDE, -12, "negative"),
        (REPETITIONS, -8, "negative"),
        (REPETITIONS, 1000000, "above_recordable"),
        (REPETITIONS, 2.5, "not_whole"),
        (SYSTOLIC, 16, "below_recordable"),
        (AMPLITUDE, float("nan"), "not_a_number"),
        (AMPLITUDE, float("inf"), "not_a_number"),
        (AMPLITUDE, True, "not_a_number"),
        (AMPLITUDE, "12 A", "not_a_number"),
    ],
)
def test_what_cannot_be_is_refused(limits: Limits, value: object, code: str) -> None:
    finding = found(limits, value)

    assert (finding.code, finding.severity) == (code, "refuse")
    assert finding.detail_key == f"measures.{code}"


def test_wrong_sign_is_recognised() -> None:
    assert likely(found(REPETITIONS, -8)) == [("sign", 8)]


def test_value_without_a_likely_meaning_offers_none() -> None:
    assert likely(found(REPETITIONS, 1000000)) == []


def test_kilopascals_are_recognised() -> None:
    assert ("kilopascals", 120.0) in likely(found(SYSTOLIC, 16))


def test_negative_angle_is_no_wrong_sign() -> None:
    assert judge(Limits("end_angle_degrees", "°", -20, 170), -5) is None


def test_unusual_value_is_asked_about() -> None:
    finding = found(MINUTES, 90)

    assert (finding.code, finding.severity, finding.limit) == ("unusually_high", "confirm", 60)


def test_value_far_above_the_plan_is_asked_about() -> None:
    assert judge(AMPLITUDE, 72, planned=60) is None
    finding = found(AMPLITUDE, 73, planned=60)

    assert (finding.code, finding.severity, finding.limit) == ("far_above_plan", "confirm", 72)


def test_likely_meaning_nearest_to_the_plan_comes_first() -> None:
    assert likely(found(AMPLITUDE, 1200, planned=12))[0] == ("factor_100", 12.0)


def test_value_above_the_parts_maximum_is_confirmed_and_never_refused() -> None:
    finding = exceeds("end_angle_degrees", "°", 130, 90)

    assert finding is not None
    assert (finding.code, finding.severity, finding.limit) == (
        "above_prescribed_maximum",
        "confirm",
        90,
    )
    assert exceeds("end_angle_degrees", "°", 90, 90) is None
    assert exceeds("end_angle_degrees", "°", 130, None) is None


def test_no_maximum_is_not_a_maximum_of_zero() -> None:
    assert exceeds("repetitions", "", 1, 0) is not None
    assert exceeds("repetitions", "", 0, 0) is None


def test_grip_typed_in_pounds_is_asked_about() -> None:
    finding = judge_change(GRIP, 31, 14, most=5)

    assert finding is not None
    assert finding.code == "unusual_change"
    assert likely(finding) == [("pounds", 14.1)]
    assert judge_change(GRIP, 18, 14, most=5) is None
    assert judge_change(GRIP, 31, None, most=5) is None


def test_swapped_pressures_are_asked_about() -> None:
    swapped = judge_pressures(64, 102)

    assert swapped is not None
    assert swapped.severity == "confirm"
    assert judge_pressures(102, 64) is None
    assert judge_pressures(None, 64) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_refused_exactly_outside_the_hard_range(value: float) -> None:
    finding = judge(AMPLITUDE, value)

    assert (finding is not None and finding.severity == "refuse") is not (0 <= value <= 200)


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([AMPLITUDE, MINUTES]))
def test_likely_meaning_is_always_a_usual_value(value: float, limits: Limits) -> None:
    finding = judge(limits, value)

    for _, meant in likely(finding) if finding else []:
        assert isinstance(meant, float | int)
        assert judge(limits, meant) is None


def test_hours_typed_as_minutes_and_minutes_typed_as_seconds_are_recognised() -> None:
    hours = Limits("hours", "h", 0, 24, likely=("minutes",))
    hold = Limits("hold_seconds", "s", 5, 3600, likely=("minutes",))

    assert likely(found(hours, 90)) == [("minutes", 1.5)]
    assert likely(found(hold, 1)) == [("minutes", 60)]
