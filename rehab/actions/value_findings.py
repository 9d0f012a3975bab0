"""Judging every value of one entry against recording limits and against the plan."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from exercises import reference
from rehab.domain.measures import (
    Finding,
    Limits,
    exceeds,
    is_number,
    judge,
    judge_angles,
    judge_pressures,
)
from rehab.domain.session_entry import PartEntry, SessionEntry
from rehab.domain.stimulation import MICROSECONDS, MILLISECONDS, judge_denervated, judge_intact
from rehab.models.briefing import KnownItem, KnownPart

Found = Iterator[tuple[str, Finding]]
Values = Mapping[str, object]

WIDTHS = (MICROSECONDS, MILLISECONDS)


def findings(entry: SessionEntry, item: KnownItem | None) -> Found:
    """Yield what is wrong or unusual, each with its path in the entry."""
    yield from scale_findings("pain", entry.pain, "pain")
    yield from scale_findings("effort", entry.effort, "effort")
    if entry.measures or entry.minutes is not None:
        yield from _session(entry, item)
    parts = item.part_by_id if item else {}
    for place, given in enumerate(entry.parts):
        yield from scale_findings("pain", given.pain, f"parts.{place}.pain")
        yield from _part(given, parts.get(given.part), item, f"parts.{place}")


def scale_findings(code: str, value: object, path: str) -> Found:
    """Judge a score from 0 to 10; "cannot feel here" is an answer about pain."""
    if value is None or (code == "pain" and value == "cannot_feel"):
        return
    limits = _limits(code, None, "")
    if limits and (found := judge(limits, value)):
        yield path, found


def measure_findings(measures: Values, path: str) -> Found:
    """Judge values that belong to no item of a plan."""
    for code, value in measures.items():
        yield from _measure(code, value, f"{path}.{code}", None, {}, {})


def _session(entry: SessionEntry, item: KnownItem | None) -> Found:
    modality = item.modality if item else None
    planned, most = _planned_for_session(item), _most_for_session(item)
    for code, value in entry.measures.items():
        path = f"measures.{code}"
        if code in WIDTHS:
            # A width belongs to a channel, where the physics of the item judges it.
            yield path, _unknown(code)
        else:
            yield from _measure(code, value, path, modality, planned, most)
    for code in entry.typed:
        if not _is_field(code):
            yield f"typed.{code}", _unknown(code)
    if entry.minutes is not None:
        yield from _measure("minutes", entry.minutes, "minutes", modality, planned, most)
    yield from pressure_findings(entry.measures)


def pressure_findings(measures: Values) -> Found:
    """Judge pairs of pressures that may have been typed into each other's fields."""
    for moment in MOMENTS:
        pair = [_number(measures.get(f"{name}_{moment}_mmhg")) for name in PRESSURES]
        if swapped := judge_pressures(*pair):
            yield f"measures.systolic_{moment}_mmhg", swapped


PRESSURES = ("systolic", "diastolic")
MOMENTS = ("before", "during", "after")


def _planned_for_session(item: KnownItem | None) -> Values:
    """Return the item's target, and of what only its parts prescribe the highest."""
    if item is None:
        return {}
    return {**_of_parts((part.dose for part in item.parts), max), **item.target}


def _most_for_session(item: KnownItem | None) -> Values:
    """Return the item's maximum, and of what only its parts limit the lowest."""
    if item is None:
        return {}
    return {**_of_parts((part.maximum for part in item.parts), min), **item.maximum}


def _of_parts(values: Iterable[Values], pick: type | object) -> dict[str, object]:
    found: dict[str, list[float]] = {}
    for each in values:
        for code, value in each.items():
            if is_number(value):
                found.setdefault(code, []).append(value)
    return {code: pick(given) for code, given in found.items()}  # type: ignore[operator]


def _part(given: PartEntry, part: KnownPart | None, item: KnownItem | None, path: str) -> Found:
    for code in given.typed:
        if not _is_field(code):
            yield f"{path}.typed.{code}", _unknown(code)
    physics = reference.modalities()[item.modality].physics if item else None
    if item is None or physics is None:
        yield from _plain_part(given, part, item, f"{path}.measures")
    else:
        yield from _stimulated_part(given, part, item, physics, f"{path}.measures")


def _plain_part(
    given: PartEntry, part: KnownPart | None, item: KnownItem | None, path: str
) -> Found:
    for code, value in given.measures.items():
        if code in WIDTHS and (item is not None or set(WIDTHS) <= set(given.measures)):
            yield f"{path}.{code}", _unknown(code)
        else:
            yield from _measure(
                code,
                value,
                f"{path}.{code}",
                item.modality if item else None,
                part.dose if part else {},
                part.maximum if part else {},
                motion=part.motion if part else "",
            )
    angles = [_number(given.measures.get(f"{end}_angle_degrees")) for end in ("start", "end")]
    if swapped := judge_angles(*angles):
        yield f"{path}.start_angle_degrees", swapped


def _stimulated_part(
    given: PartEntry, part: KnownPart | None, item: KnownItem, physics: str, path: str
) -> Found:
    """Judge delivered settings by the physics of the item, and by no other."""
    choices = {code for code in given.measures if code in reference.choice_fields()}
    settings = {code: value for code, value in given.measures.items() if code not in choices}
    limits = {
        code: known for code in settings if (known := _limits(code, item.modality, "")) is not None
    }
    judge_settings = judge_intact if physics == "intact" else judge_denervated
    for found in judge_settings(
        settings,
        limits,
        planned=_numbers(part.dose if part else {}),
        maximum=_numbers(part.maximum if part else {}),
    ):
        yield f"{path}.{found.field}", found
    for code in settings:
        if code not in limits and code not in WIDTHS:
            yield f"{path}.{code}", _unknown(code)
    for code in choices:
        yield from _choice(code, given.measures[code], f"{path}.{code}")


def _measure(
    code: str,
    value: object,
    path: str,
    modality: str | None,
    dose: Values,
    maximum: Values,
    *,
    motion: str = "",
) -> Found:
    if code in reference.choice_fields():
        yield from _choice(code, value, path)
        return
    limits = _limits(code, modality, motion)
    if limits is None:
        yield path, _unknown(code)
        return
    found = None if value is None else judge(limits, value, planned=_number(dose.get(code)))
    if found is not None:
        yield path, found
    if is_number(value) and (found is None or found.severity == "confirm"):
        above = exceeds(code, limits.unit, value, _number(maximum.get(code)))
        if above is not None:
            yield path, above


def _choice(code: str, value: object, path: str) -> Found:
    choices = [choice.code for choice in reference.choice_fields()[code].choices]
    if value is not None and value not in choices:
        listed = {"choices": ", ".join(choices)}
        yield path, Finding(code, "not_a_choice", "refuse", None, "measures.not_a_choice", listed)


@lru_cache(maxsize=2048)
def _limits(code: str, modality: str | None, motion: str) -> Limits | None:
    """Return the recording limits of a field, None when there is no field of that code."""
    try:
        field = reference.limits(code, modality=modality, motion=motion or None)
    except KeyError:
        return None
    return Limits(
        code,
        field.unit,
        field.hard_min,
        field.hard_max,
        field.soft_min,
        field.soft_max,
        field.integer,
        field.likely,
        field.soft_over_plan_percent,
    )


def _is_field(code: str) -> bool:
    return code in reference.dose_fields() or code in reference.choice_fields()


def _unknown(code: str) -> Finding:
    return Finding(code, "unknown_field", "refuse", None, "measures.unknown_field", {"field": code})


def _numbers(values: Values) -> dict[str, float]:
    return {code: value for code, value in values.items() if is_number(value)}


def _number(value: object) -> float | None:
    return value if is_number(value) else None
