"""Judging a number that a person typed: what can't be is refused, what is unusual is asked about.

Limits are recording limits and arrive as data; the only constants here are unit conversions.
Red flags are judged before any of this: a refused field never hides a flag.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default_of
from math import isfinite
from typing import Literal, TypeGuard

Severity = Literal["refuse", "confirm"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The recording limits of one field, in the unit that its code names.

    `likely`: what a mistyped value usually means, in the words of the dose-field list
    ("factor 10", "sign", "pounds"); `soft_over_plan_percent`: ask above the plan's own value by
    more than this.
    """

    field: str
    unit: str
    hard_min: float
    hard_max: float
    soft_min: float | None = None
    soft_max: float | None = None
    integer: bool = False
    likely: tuple[str, ...] = ("sign", "factor 10")
    soft_over_plan_percent: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong (refuse) or unusual (confirm) about one field.

    `detail_key` names a message that the door translates and fills with `params`. Where the value
    has a likely meaning, params["likely"] is a list of {"meaning", "value", "unit"}, best first.
    """

    field: str
    code: str
    severity: Severity
    limit: float | None
    detail_key: str
    params: Mapping[str, object] = default_of(default_factory=dict)


def finding(
    field: str, code: str, severity: Severity, limit: float | None = None, /, **params: object
) -> Finding:
    """Return a finding whose message is named after its code; params repeat the limit."""
    limited = {} if limit is None else {"limit": limit}
    return Finding(field, code, severity, limit, f"measures.{code}", {**limited, **params})


def judge(limits: Limits, value: object, *, planned: float | None = None) -> Finding | None:
    """Return what is wrong or unusual about a value, or None.

    Refused: not a finite number, not whole where it must be, a sign that can't be, outside the
    hard range. Confirmed: outside the soft range, or far above the plan's own value. The limits
    themselves are allowed. `planned` also puts the likely meaning nearest to the plan first.
    """
    if not is_number(value):
        return finding(limits.field, "not_a_number", "refuse", value=str(value), unit=limits.unit)
    if limits.integer and value != int(value):
        return _judged(limits, "not_whole", "refuse", value, limit=None, planned=planned)
    return (
        _beyond_hard(limits, value, planned)
        or _beyond_soft(limits, value, planned)
        or _beyond_plan(limits, value, planned)
    )


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a finite number; True and False are answers, not numbers."""
    kind = type(value)
    if kind is not int and kind is not float and not _is_kind_of_number(value):
        return False
    try:
        return isfinite(value)  # type: ignore[arg-type]
    except OverflowError:
        # A whole number of hundreds of digits: nothing that anybody measured.
        return False


def _is_kind_of_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def exceeds(field: str, unit: str, value: float, maximum: float | None) -> Finding | None:
    """Return the finding for a value above the part's prescribed maximum, or None.

    It happened, so it is confirmed and stored, never refused; the rules flag it.
    """
    if maximum is None or value <= maximum:
        return None
    code = "above_prescribed_maximum"
    return finding(field, code, "confirm", maximum, value=value, unit=unit)


def judge_change(
    limits: Limits, value: float, previous: float | None, most: float
) -> Finding | None:
    """Ask about a jump of more than `most` from the previous value ("kg or lb?"), or None."""
    if previous is None or abs(value - previous) <= most:
        return None
    near = [each for each in _likely(limits, value, previous) if _is_near(each, previous, most)]
    params = {"value": value, "previous": previous, "unit": limits.unit, "likely": near}
    return finding(limits.field, "unusual_change", "confirm", most, **params)


def judge_pressures(systolic: float | None, diastolic: float | None) -> Finding | None:
    """Ask whether the two pressures (mmHg) were swapped, or return None."""
    if systolic is None or diastolic is None or diastolic < systolic:
        return None
    params = {"systolic": systolic, "diastolic": diastolic}
    return finding("systolic", "swapped_pressures", "confirm", diastolic, **params)


def judge_angles(start: float | None, end: float | None) -> Finding | None:
    """Ask whether start and end angle (degrees) were swapped, or return None.

    Only asked: some motions are read from bent to straight.
    """
    if start is None or end is None or start <= end:
        return None
    return finding("start_angle_degrees", "swapped_angles", "confirm", end, start=start, end=end)


def _beyond_hard(limits: Limits, value: float, planned: float | None) -> Finding | None:
    if value < 0 <= limits.hard_min:
        return _judged(limits, "negative", "refuse", value, limit=limits.hard_min, planned=planned)
    if value < limits.hard_min:
        return _judged(
            limits, "below_recordable", "refuse", value, limit=limits.hard_min, planned=planned
        )
    if value > limits.hard_max:
        return _judged(
            limits, "above_recordable", "refuse", value, limit=limits.hard_max, planned=planned
        )
    return None


def _beyond_soft(limits: Limits, value: float, planned: float | None) -> Finding | None:
    if limits.soft_min is not None and value < limits.soft_min:
        return _judged(
            limits, "unusually_low", "confirm", value, limit=limits.soft_min, planned=planned
        )
    if limits.soft_max is not None and value > limits.soft_max:
        return _judged(
            limits, "unusually_high", "confirm", value, limit=limits.soft_max, planned=planned
        )
    return None


def _beyond_plan(limits: Limits, value: float, planned: float | None) -> Finding | None:
    if planned is None or limits.soft_over_plan_percent is None:
        return None
    most = planned * (100 + limits.soft_over_plan_percent) / 100
    if value <= most:
        return None
    found = _judged(limits, "far_above_plan", "confirm", value, limit=most, planned=planned)
    # A setting is never suggested: a slip is named only where it explains the plan's own value.
    near = planned * limits.soft_over_plan_percent / 100
    likely = [each for each in _listed(found) if _is_near(each, planned, near)]
    return replace(found, params={**found.params, "likely": likely})


def _judged(
    limits: Limits,
    code: str,
    severity: Severity,
    value: float,
    *,
    limit: float | None,
    planned: float | None,
) -> Finding:
    likely = list(_likely(limits, value, planned))
    params: dict[str, object] = {"value": value, "unit": limits.unit, "likely": likely}
    if planned is not None:
        params["planned"] = planned
    return finding(limits.field, code, severity, limit, **params)


# What a number may have meant instead, by the hint of the dose field and the field's own unit.

Conversion = Callable[[float], float]

CONVERSIONS: Mapping[str, tuple[tuple[str, Conversion], ...]] = {
    "sign": (("sign", lambda value: -value),),
    "factor 10": (
        ("factor_10", lambda value: value / 10),
        ("factor_100", lambda value: value / 100),
        ("factor_1000", lambda value: value / 1000),
        ("factor_10", lambda value: value * 10),
    ),
    "seconds": (("seconds", lambda value: value / 60),),
    "milliseconds instead of microseconds": (("milliseconds", lambda value: value * 1000),),
    "microseconds instead of milliseconds": (("microseconds", lambda value: value / 1000),),
    "amperes instead of milliamperes": (("amperes", lambda value: value * 1000),),
    "metres instead of kilometres": (("metres", lambda value: value / 1000),),
    "joules instead of kilojoules": (("joules", lambda value: value / 1000),),
    "kilopascals": (("kilopascals", lambda value: float(round(value * 7.50062))),),
    "Fahrenheit": (("fahrenheit", lambda value: round((value - 32) * 5 / 9, 1)),),
    "pounds": (("pounds", lambda value: round(value * 0.45359237, 1)),),
    "stones": (("stones", lambda value: round(value * 6.35029318, 1)),),
    "jin": (("jin", lambda value: value / 2),),
    "inches": (("inches", lambda value: round(value * 2.54, 1)),),
    "millimetres": (("millimetres", lambda value: value / 10),),
}


def _likely(limits: Limits, value: float, expected: float | None) -> list[dict[str, object]]:
    usual = [
        (meaning, round(meant, 2))
        for meaning, meant in _meanings(limits, value)
        if meant != value and _is_usual(limits, meant)
    ]
    if expected is not None:
        usual.sort(key=lambda pair: abs(pair[1] - expected))
    return [{"meaning": name, "value": meant, "unit": limits.unit} for name, meant in usual]


def _meanings(limits: Limits, value: float) -> Iterator[tuple[str, float]]:
    for hint in limits.likely:
        if hint == "minutes":
            yield "minutes", value / 60 if limits.unit == "h" else value * 60
        for meaning, convert in CONVERSIONS.get(hint, ()):
            yield meaning, convert(value)


def _is_usual(limits: Limits, value: float) -> bool:
    low = limits.hard_min if limits.soft_min is None else limits.soft_min
    high = limits.hard_max if limits.soft_max is None else limits.soft_max
    return low <= value <= high and (not limits.integer or value == int(value))


def _listed(found: Finding) -> list[Mapping[str, object]]:
    likely = found.params.get("likely")
    return likely if isinstance(likely, list) else []


def _is_near(likely: Mapping[str, object], previous: float, most: float) -> bool:
    meant = likely["value"]
    return is_number(meant) and abs(meant - previous) <= most
