"""Electrical stimulation, in two physics that never share a validator or a chart.

`intact`: FES/NMES through an intact lower motor neurone, pulse width in microseconds.
`denervated`: long pulses for muscle without nerve supply, pulse width in milliseconds.
Settings are what a device delivered; nothing here suggests a value. Source: clinical facts 2.2.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from rehab.domain.measures import Finding, Limits, exceeds, finding, is_number, judge

Physics = Literal["intact", "denervated"]
Innervation = Literal["intact", "partial", "denervated", "unknown"]
Verdict = Literal["allowed", "warn", "blocked", "must_be_answered"]
Settings = Mapping[str, object]

MICROSECONDS, MILLISECONDS, FREQUENCY = "pulse_width_us", "pulse_width_ms", "frequency_hz"
SECONDS: Mapping[str, float] = {MICROSECONDS: 1e-6, MILLISECONDS: 1e-3}
SAME_NUMBER = 0.2

_INNERVATION: Mapping[tuple[str, str], Verdict] = {
    ("intact", "intact"): "allowed",
    ("intact", "partial"): "warn",
    ("intact", "denervated"): "blocked",
    ("denervated", "intact"): "warn",
    ("denervated", "partial"): "warn",
    ("denervated", "denervated"): "allowed",
}


def allowed(physics: str | None, innervation: str | None) -> Verdict:
    """Tell whether stimulation of this physics may be assigned to a muscle.

    No physics (no stimulation): allowed. Innervation unknown, or not recorded: it must be answered
    first. The gates in `rehab/rules/gates.json` say the same, with texts and sources.
    """
    if physics is None:
        return "allowed"
    return _INNERVATION.get((physics, innervation or "unknown"), "must_be_answered")


def judge_intact(
    settings: Settings,
    limits: Mapping[str, Limits],
    *,
    planned: Mapping[str, float] | None = None,
    maximum: Mapping[str, float] | None = None,
) -> list[Finding]:
    """Judge the delivered settings of FES/NMES; only what was recorded is judged.

    Refused: a width in milliseconds, a value outside its hard range, a pulse longer than its
    period. Confirmed: unusual, far above the plan, above the part's maximum.
    """
    if is_number(settings.get(MILLISECONDS)):
        return [_wrong_unit(settings, MICROSECONDS, MILLISECONDS, planned or {})]
    return list(
        _findings(settings, limits, MICROSECONDS, planned=planned or {}, maximum=maximum or {})
    )


def judge_denervated(
    settings: Settings,
    limits: Mapping[str, Limits],
    *,
    planned: Mapping[str, float] | None = None,
    maximum: Mapping[str, float] | None = None,
) -> list[Finding]:
    """Judge the delivered settings of long-pulse stimulation; only what was recorded is judged.

    A width in microseconds is refused. The same number as the plan's milliseconds: code "unit",
    the likely meaning is the plan's unit, and the person corrects it. Any other number: code
    "wrong_device_class", an ordinary stimulator does not work on muscle without nerve supply.
    Confirming either would store one physics under the other, so it cannot be confirmed.
    """
    if is_number(settings.get(MICROSECONDS)):
        return [_wrong_unit(settings, MILLISECONDS, MICROSECONDS, planned or {})]
    return list(
        _findings(settings, limits, MILLISECONDS, planned=planned or {}, maximum=maximum or {})
    )


def width_times_frequency(width_seconds: float, frequency_hz: float) -> float:
    """Return the share of time that pulses fill; it must stay below 1."""
    return width_seconds * frequency_hz


def _findings(
    settings: Settings,
    limits: Mapping[str, Limits],
    width: str,
    *,
    planned: Mapping[str, float],
    maximum: Mapping[str, float],
) -> Iterator[Finding]:
    for code, value in settings.items():
        if value is not None and code in limits:
            yield from _judge_field(limits[code], value, planned.get(code), maximum.get(code))
    yield from _overlapping_pulses(settings, width)


def _judge_field(
    limits: Limits, value: object, planned: float | None, maximum: float | None
) -> Iterator[Finding]:
    found = judge(limits, value, planned=planned)
    if found is not None:
        yield found
    if is_number(value) and (found is None or found.severity == "confirm"):
        above = exceeds(limits.field, limits.unit, value, maximum)
        if above is not None:
            yield above


def _overlapping_pulses(settings: Settings, width: str) -> Iterator[Finding]:
    length, frequency = settings.get(width), settings.get(FREQUENCY)
    if not is_number(length) or not is_number(frequency):
        return
    product = round(width_times_frequency(length * SECONDS[width], frequency), 6)
    if product >= 1:
        params = {"product": product, width: length, FREQUENCY: frequency}
        yield finding(FREQUENCY, "width_times_frequency", "refuse", 1, **params)


def _wrong_unit(
    settings: Settings, right: str, wrong: str, planned: Mapping[str, float]
) -> Finding:
    typed, plan = settings[wrong], planned.get(right)
    unit = {MICROSECONDS: "µs", MILLISECONDS: "ms"}
    params = {"value": typed, "unit": unit[wrong], "planned": plan, "planned_unit": unit[right]}
    if is_number(typed) and plan is not None and abs(typed - plan) <= plan * SAME_NUMBER:
        likely = [{"meaning": "unit", "value": typed, "unit": unit[right]}]
        return finding(wrong, "unit", "refuse", plan, ratio=1000, likely=likely, **params)
    return finding(wrong, "wrong_device_class", "refuse", plan, **params)
