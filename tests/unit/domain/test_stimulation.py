import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.measures import Finding, Limits
from rehab.domain.stimulation import allowed, judge_denervated, judge_intact, width_times_frequency

INTACT = {
    "pulse_width_us": Limits("pulse_width_us", "µs", 20, 1000, soft_max=600),
    "frequency_hz": Limits("frequency_hz", "Hz", 1, 150, soft_max=50),
    "amplitude_ma": Limits("amplitude_ma", "mA", 0, 200, soft_over_plan_percent=20),
    "minutes": Limits("minutes", "min", 0, 120),
}
DENERVATED = {
    "pulse_width_ms": Limits("pulse_width_ms", "ms", 1, 1000, soft_min=10, soft_max=300),
    "frequency_hz": Limits("frequency_hz", "Hz", 0.1, 150),
    "amplitude_ma": Limits("amplitude_ma", "mA", 0, 300),
}
RADIAL_PLAN = {"pulse_width_ms": 100.0, "frequency_hz": 0.5, "amplitude_ma": 12.0}


def codes(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(each.field, each.code, each.severity) for each in findings]


def test_ride_as_planned_is_accepted() -> None:
    settings = {"pulse_width_us": 300, "frequency_hz": 40, "amplitude_ma": 100, "minutes": 30}

    assert judge_intact(settings, INTACT, planned={"amplitude_ma": 100}) == []


def test_thousand_milliamperes_are_refused() -> None:
    assert codes(judge_intact({"amplitude_ma": 1000}, INTACT)) == [
        ("amplitude_ma", "above_recordable", "refuse")
    ]


def test_long_pulses_as_planned_are_accepted() -> None:
    settings = {"pulse_width_ms": 100, "frequency_hz": 0.5, "amplitude_ma": 12}

    assert judge_denervated(settings, DENERVATED, planned=RADIAL_PLAN) == []


def test_microseconds_for_a_plan_in_milliseconds_are_a_wrong_unit() -> None:
    (finding,) = judge_denervated({"pulse_width_us": 100}, DENERVATED, planned=RADIAL_PLAN)

    assert (finding.code, finding.severity) == ("unit", "refuse")
    assert finding.params["planned"] == 100
    assert finding.params["ratio"] == 1000
    assert finding.params["likely"] == [{"meaning": "unit", "value": 100, "unit": "ms"}]


def test_borrowed_massage_stimulator_is_a_wrong_device_class() -> None:
    settings = {"pulse_width_us": 200, "frequency_hz": 80}

    assert codes(judge_denervated(settings, DENERVATED, planned=RADIAL_PLAN)) == [
        ("pulse_width_us", "wrong_device_class", "refuse")
    ]


def test_milliseconds_never_enter_the_other_physics() -> None:
    assert codes(judge_intact({"pulse_width_ms": 100}, INTACT)) == [
        ("pulse_width_ms", "wrong_device_class", "refuse")
    ]


def test_pulses_longer_than_their_period_are_refused() -> None:
    findings = judge_denervated({"pulse_width_ms": 100, "frequency_hz": 50}, DENERVATED)

    assert codes(findings) == [("frequency_hz", "width_times_frequency", "refuse")]
    assert findings[0].params["product"] == 5
    assert findings[0].limit == 1


def test_product_of_exactly_one_is_refused() -> None:
    assert codes(judge_denervated({"pulse_width_ms": 20, "frequency_hz": 50}, DENERVATED))
    assert not judge_denervated({"pulse_width_ms": 19.9, "frequency_hz": 50}, DENERVATED)


def test_setting_above_the_parts_maximum_is_confirmed() -> None:
    findings = judge_intact(
        {"amplitude_ma": 66}, INTACT, planned={"amplitude_ma": 60}, maximum={"amplitude_ma": 65}
    )

    assert codes(findings) == [("amplitude_ma", "above_prescribed_maximum", "confirm")]


def test_setting_that_cannot_be_is_not_also_above_the_maximum() -> None:
    findings = judge_intact({"amplitude_ma": 1000}, INTACT, maximum={"amplitude_ma": 65})

    assert len(findings) == 1


def test_what_was_not_recorded_is_not_judged() -> None:
    assert judge_intact({"amplitude_ma": None, "pulse_width_ms": None}, INTACT) == []


@pytest.mark.parametrize(
    ("physics", "innervation", "verdict"),
    [
        ("intact", "intact", "allowed"),
        ("intact", "partial", "warn"),
        ("intact", "denervated", "blocked"),
        ("intact", "unknown", "must_be_answered"),
        ("intact", None, "must_be_answered"),
        ("denervated", "denervated", "allowed"),
        ("denervated", "partial", "warn"),
        ("denervated", "intact", "warn"),
        ("denervated", "unknown", "must_be_answered"),
        (None, "unknown", "allowed"),
    ],
)
def test_innervation_gates_stimulation(
    physics: str | None, innervation: str | None, verdict: str
) -> None:
    assert allowed(physics, innervation) == verdict


@given(st.floats(20, 1000), st.floats(1, 150))
def test_no_recordable_pulse_of_the_intact_class_overlaps(width: float, frequency: float) -> None:
    assert width_times_frequency(width * 1e-6, frequency) < 1


@given(st.floats(1, 1000), st.floats(0.1, 150))
def test_overlapping_long_pulses_are_always_refused(width: float, frequency: float) -> None:
    found = codes(
        judge_denervated({"pulse_width_ms": width, "frequency_hz": frequency}, DENERVATED)
    )
    refused = ("frequency_hz", "width_times_frequency", "refuse") in found

    assert refused is (round(width * frequency / 1000, 6) >= 1)
