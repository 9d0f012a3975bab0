"""Is what this entry says possible, usual, and within what was prescribed?

Pure over its arguments: reads no clock and no database. Red flags are judged elsewhere and first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from exercises import reference
from patients.domain.errors import FieldError
from rehab.actions.findings import as_error
from rehab.actions.programme import Programme
from rehab.domain.measures import Finding, Limits, exceeds, is_number, judge, judge_pressures
from rehab.domain.occurrences import PartOutcome, dose_met, state_of
from rehab.domain.receipt import judge_performed_at
from rehab.domain.recurrence import ScheduleError, zone_named
from rehab.domain.session_entry import PartEntry, SessionEntry
from rehab.domain.stimulation import judge_denervated, judge_intact
from rehab.models import Outcome, Performer
from rehab.models.briefing import KnownItem, KnownPart

ABOVE_MAXIMUM = "above_prescribed_maximum"
AMOUNTS = ("repetitions", "sets", "minutes", "hold_seconds")
SOURCES = ("live", "recalled", "device")


@dataclass(frozen=True, slots=True)
class Verdict:
    """refused: it can't be so. unusual: a person must say that it is so. `code` of each is stable."""

    refused: tuple[FieldError, ...]
    unusual: tuple[FieldError, ...]

    @property
    def above_maximum(self) -> bool:
        return any(error.code == ABOVE_MAXIMUM for error in self.unusual)


def judge_entry(entry: SessionEntry, item: KnownItem | None, *, received_at: datetime) -> Verdict:
    """Judge every value of one entry against recording limits and against the plan."""
    refused = list(_impossible_frame(entry, item, received_at))
    unusual: list[FieldError] = []
    for path, finding in _findings(entry, item):
        (refused if finding.severity == "refuse" else unusual).append(as_error(finding, path=path))
    return Verdict(tuple(refused), tuple(unusual))


def unconfirmed(verdict: Verdict, confirmed: tuple[str, ...]) -> tuple[FieldError, ...]:
    """Return the unusual values that nobody has confirmed yet, by code or by "field:code"."""
    return tuple(
        error
        for error in verdict.unusual
        if error.code not in confirmed and f"{error.field}:{error.code}" not in confirmed
    )


def state_from(entry: SessionEntry, item: KnownItem, programme: Programme) -> str:
    """Return what this entry makes of its occurrence: done, partial or paused."""
    given = {part.part: part for part in entry.parts}
    whole_met = (
        dose_met(_amounts(item.target), _session_measures(entry)) and entry.stop_reason == ""
    )
    outcomes = [
        PartOutcome(
            str(part.part),
            programme.is_paused(item.series, part.part, entry.performed_at),
            whole_met and _part_met(part, given.get(part.part), entry),
            entry.as_planned or _was_done(given.get(part.part)),
        )
        for part in item.parts
    ]
    return state_of(outcomes)


def outcome_from(entry: SessionEntry, item: KnownItem | None, programme: Programme) -> str:
    """Return what was done of the session as a whole."""
    if entry.parts and all(part.outcome == Outcome.NOT_DONE for part in entry.parts):
        return Outcome.NOT_DONE.value
    if item is None or state_from(entry, item, programme) != "partial":
        return Outcome.DONE.value
    return Outcome.PARTIAL.value


def _impossible_frame(
    entry: SessionEntry, item: KnownItem | None, received_at: datetime
) -> Iterator[FieldError]:
    if future := judge_performed_at(entry.performed_at, received_at):
        yield as_error(future)
    if not _zone_exists(entry.zone):
        yield FieldError(
            "zone",
            "unknown_zone",
            _("There is no time zone “%(zone)s”. Use an IANA name such as Asia/Shanghai.")
            % {"zone": entry.zone},
        )
    if entry.performer not in Performer.values:
        yield FieldError("performer", "not_a_choice", _choose(Performer.values))
    if entry.source not in SOURCES:
        yield FieldError("source", "not_a_choice", _choose(SOURCES))
    yield from _impossible_parts(entry, item)


def _impossible_parts(entry: SessionEntry, item: KnownItem | None) -> Iterator[FieldError]:
    known = {part.part for part in item.parts} if item else set()
    seen = set()
    for place, part in enumerate(entry.parts):
        if item is not None and part.part not in known:
            yield FieldError(
                f"parts.{place}.part",
                "unknown_part",
                _(
                    "This part is not in the plan. Reload the plan, or record it as something outside the plan."
                ),
            )
        if part.part in seen:
            yield FieldError(
                f"parts.{place}.part",
                "used_twice",
                _("This part is there twice. Keep one of the two."),
            )
        if part.outcome not in Outcome.values:
            yield FieldError(f"parts.{place}.outcome", "not_a_choice", _choose(Outcome.values))
        seen.add(part.part)


def _findings(entry: SessionEntry, item: KnownItem | None) -> Iterator[tuple[str, Finding]]:
    modality = item.modality if item else None
    for code in ("pain", "effort"):
        yield from scale_findings(code, getattr(entry, code), code)
    for code, value in _session_measures(entry).items():
        path = "minutes" if code == "minutes" and entry.minutes is not None else f"measures.{code}"
        yield from _measure(
            code, value, path, modality, item.target if item else {}, item.maximum if item else {}
        )
    if swapped := _swapped(entry):
        yield "measures.systolic_before_mmhg", swapped
    parts = {part.part: part for part in item.parts} if item else {}
    for place, given in enumerate(entry.parts):
        yield from scale_findings("pain", given.pain, f"parts.{place}.pain")
        yield from _part(given, parts.get(given.part), modality, f"parts.{place}.measures")


def _part(
    given: PartEntry, part: KnownPart | None, modality: str | None, path: str
) -> Iterator[tuple[str, Finding]]:
    dose, maximum = (part.dose, part.maximum) if part else ({}, {})
    physics = reference.modalities()[modality].physics if modality else None
    if physics is None:
        for code, value in given.measures.items():
            yield from _measure(
                code,
                value,
                f"{path}.{code}",
                modality,
                dose,
                maximum,
                motion=part.motion if part else "",
            )
        return
    judge_settings = judge_intact if physics == "intact" else judge_denervated
    limits = {code: found for code in given.measures if (found := _limits(code, modality, ""))}
    for found in judge_settings(
        given.measures, limits, planned=_numbers(dose), maximum=_numbers(maximum)
    ):
        yield f"{path}.{found.field}", found
    for code in given.measures:
        if code not in limits and code not in _OTHER_PHYSICS:
            yield f"{path}.{code}", _unknown(code)


_OTHER_PHYSICS = frozenset({"pulse_width_us", "pulse_width_ms"})


def _measure(
    code: str,
    value: object,
    path: str,
    modality: str | None,
    dose: Mapping[str, object],
    maximum: Mapping[str, object],
    *,
    motion: str = "",
) -> Iterator[tuple[str, Finding]]:
    if value is None or _is_choice(code, value):
        return
    limits = _limits(code, modality, motion)
    if limits is None:
        yield path, _unknown(code)
        return
    found = judge(limits, value, planned=_number(dose.get(code)))
    if found is not None:
        yield path, found
    if is_number(value) and (found is None or found.severity == "confirm"):
        if above := exceeds(code, limits.unit, value, _number(maximum.get(code))):
            yield path, above


def scale_findings(code: str, value: object, path: str) -> Iterator[tuple[str, Finding]]:
    if value is None or (code == "pain" and value == "cannot_feel"):
        return
    limits = _limits(code, None, "")
    if limits and (found := judge(limits, value)):
        yield path, found


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


def _is_choice(code: str, value: object) -> bool:
    field = reference.choice_fields().get(code)
    return field is not None and any(choice.code == value for choice in field.choices)


def _unknown(code: str) -> Finding:
    return Finding(code, "unknown_field", "refuse", None, "measures.unknown_field", {"field": code})


def _swapped(entry: SessionEntry) -> Finding | None:
    systolic, diastolic = (
        _number(entry.measures.get(f"{name}_before_mmhg")) for name in ("systolic", "diastolic")
    )
    return judge_pressures(systolic, diastolic)


def _session_measures(entry: SessionEntry) -> dict[str, object]:
    minutes = {} if entry.minutes is None else {"minutes": entry.minutes}
    return {**entry.measures, **minutes}


def _part_met(part: KnownPart, given: PartEntry | None, entry: SessionEntry) -> bool:
    if given is None:
        return entry.as_planned
    return given.outcome == Outcome.DONE and dose_met(_amounts(part.dose), given.measures)


def _was_done(given: PartEntry | None) -> bool:
    return given is not None and given.outcome != Outcome.NOT_DONE


def _numbers(values: Mapping[str, object]) -> dict[str, float]:
    return {code: value for code, value in values.items() if is_number(value)}


def _amounts(dose: Mapping[str, object]) -> dict[str, float]:
    """Return the amounts among a dose: what fills it, not what describes it."""
    return {code: value for code, value in _numbers(dose).items() if code in AMOUNTS}


def _number(value: object) -> float | None:
    return value if is_number(value) else None


def _zone_exists(zone: str) -> bool:
    try:
        zone_named(zone)
    except ScheduleError:
        return False
    return True


def _choose(values: object) -> str:
    return _("Choose one of: %(choices)s.") % {"choices": ", ".join(values)}  # type: ignore[arg-type]
