import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.domain.typed import UnreadableMeasure, parse_typed


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("8 st 3", "kg", 52.2),
        ("8st 3lb", "kg", 52.2),
        ("8 Stone 3 pounds", "kg", 52.2),
        ("8 st 3½ lb", "kg", 52.4),
        ("115 lb", "kg", 52.2),
        ("115 lbs.", "kg", 52.2),
        ("8 stone", "kg", 50.8),
        ("31 lb", "kg", 14.1),
        ("120斤", "kg", 60.0),
        ("52.2", "kg", 52.2),
        ("52,2", "kg", 52.2),
        ("52,2 kg", "kg", 52.2),
        ("５２．２公斤", "kg", 52.2),
        ("-12", "mA", -12),
        ("−12 mA", "mA", -12),
        ("100 us", "µs", 100),
        ("100µs", "µs", 100),
        ("100 毫秒", "ms", 100),
        ("40 赫兹", "Hz", 40),
        ("100.4 °F", "°C", 38.0),
        ("37.5℃", "°C", 37.5),
        ("15.9 kPa", "mmHg", 119),
        ("14 1/2 in", "cm", 36.8),
        ("14½″", "cm", 36.8),
        ("1/2", "min", 0.5),
        ("-1 1/2", "", -1.5),
        ("100.6 F", "°C", 38.1),
        ("90 s", "min", 1.5),
        ("2 cm", "cm", 2),
        ("10", "", 10),
    ],
)
def test_typed_text_is_read_in_the_fields_unit(text: str, unit: str, value: float) -> None:
    measured = parse_typed(text, unit)

    assert (measured.value, measured.unit, measured.typed) == (value, unit, text)


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("12 A", "mA", "unit_not_offered"),
        ("100 us", "ms", "unit_not_offered"),
        ("0.1 ms", "µs", "unit_not_offered"),
        ("8 st 3", "cm", "unit_not_offered"),
        ("8 st 15", "kg", "not_a_number"),
        ("98/52", "mmHg", "unit_not_offered"),
        ("2/10", "", "unit_not_offered"),
        ("about ten", "", "not_a_number"),
        ("", "kg", "not_a_number"),
        ("1.2.3", "kg", "unit_not_offered"),
        ("nan", "kg", "not_a_number"),
        ("1e9", "kg", "unit_not_offered"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, unit: str, code: str) -> None:
    with pytest.raises(UnreadableMeasure) as refused:
        parse_typed(text, unit)

    assert refused.value.code == code


@given(st.text())
def test_any_text_is_read_or_refused_and_keeps_what_was_typed(text: str) -> None:
    try:
        kept = parse_typed(text, "kg").typed
    except UnreadableMeasure as refused:
        kept = refused.typed

    assert kept == text


@given(st.integers(-(10**6), 10**6))
def test_whole_number_is_read_as_itself(number: int) -> None:
    assert parse_typed(str(number), "mA").value == number
