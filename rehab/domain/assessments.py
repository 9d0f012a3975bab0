"""What was assessed, and whether it can be so: every score against its instrument."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from rehab.domain.instruments import (
    CONDITIONS,
    PLACES,
    InstrumentSpec,
    ResultEntry,
    ScoreSpec,
    canonical,
    limits_of,
    place_of,
    position,
)
from rehab.domain.measures import Finding, Limits, finding, is_number, judge
from rehab.domain.session_entry import Value

BESIDE = ("rater", "swelling")


FACTS = (*PLACES, *CONDITIONS, *BESIDE)


CHOICES: Mapping[str, tuple[str, ...]] = {
    "side": ("left", "right", "none"),
    "active_or_passive": ("active", "passive"),
    "knee_position": ("straight", "bent", "not_applicable"),
    "swelling": ("yes", "no"),
}


NUMBERS: Mapping[str, Limits] = {
    "landmark_distance_cm": Limits("landmark_distance_cm", "cm", 0, 100),
    "distance_m": Limits("distance_m", "m", 1, 1000),
}


LONGEST_FACT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentEntry:
    """What was assessed, when, and by whom; who typed it is known from the sign-in.

    assessed_by: patient, caregiver, aide, clinician or other. confirmed: codes of what is unusual
    and right.
    """

    instrument: str
    performed_at: datetime
    zone: str
    results: tuple[ResultEntry, ...]
    assessed_by: str = "clinician"
    assessor_name: str = ""
    note: str = ""
    confirmed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.performed_at.utcoffset() is None:
            raise ValueError("performed_at needs its offset from UTC")


Found = Iterator[tuple[str, Finding]]


def assessment_findings(
    entry: AssessmentEntry,
    spec: InstrumentSpec,
    *,
    by_clinician: bool,
    codes: Mapping[str, Collection[str]],
) -> Found:
    """Yield what can't be so, each with its path in the entry.

    codes: the known muscles and motions. by_clinician: grades between whole ones may be used.
    """
    if not entry.results:
        yield "results", finding("results", "nothing_scored", "refuse")
    seen: set[tuple[str, tuple[object, ...]]] = set()
    for place, result in enumerate(entry.results):
        path = f"results.{place}"
        score = spec.scores.get(result.score)
        if score is None:
            listed = ", ".join(spec.scores)
            yield f"{path}.score", finding("score", "not_a_choice", "refuse", choices=listed)
            continue
        yield from _value(result, score, spec, f"{path}.value", by_clinician=by_clinician)
        yield from _facts(result, score, f"{path}.facts", codes)
        yield from _only_if(result, score, entry, spec, path)
        key = (result.score, place_of(result.facts))
        if key in seen:
            yield f"{path}.score", finding("score", "said_twice", "refuse")
        seen.add(key)


def _value(
    result: ResultEntry, score: ScoreSpec, spec: InstrumentSpec, path: str, *, by_clinician: bool
) -> Found:
    value = canonical(result.value, score)
    if value in score.answers and isinstance(value, str):
        return
    if score.grades:
        grade = next((each for each in score.grades if each.code == value), None)
        if grade is None:
            choices = ", ".join([*(each.code for each in score.grades), *score.answers])
            yield path, finding(score.code, "not_a_choice", "refuse", choices=choices)
        elif grade.clinicians_only and not by_clinician:
            yield path, finding(score.code, "clinicians_only", "refuse")
        return
    found = judge(limits_of(score), value)
    if found is not None:
        yield path, found
    elif is_number(value) and score.step and not _on_step(value, score):
        params = {"value": value, "step": score.step}
        yield path, finding(score.code, "off_step", "refuse", **params)


def _on_step(value: float, score: ScoreSpec) -> bool:
    steps = (value - (score.minimum or 0)) / (score.step or 1)
    return abs(steps - round(steps)) < 1e-6


def _facts(
    result: ResultEntry, score: ScoreSpec, path: str, codes: Mapping[str, Collection[str]]
) -> Found:
    for name in score.needs:
        given = result.facts.get(name)
        if given is None or (isinstance(given, str) and not given.strip()):
            yield f"{path}.{name}", finding(name, "needed_beside", "refuse")
    for name, value in result.facts.items():
        if value is not None and value != "":
            yield from _fact(name, value, f"{path}.{name[:60]}", codes)


def _fact(name: str, value: Value, path: str, codes: Mapping[str, Collection[str]]) -> Found:
    if name not in FACTS:
        yield path, finding(name, "unknown_field", "refuse", field=name[:60])
    elif name in NUMBERS:
        found = judge(NUMBERS[name], value)
        if found is not None:
            yield path, found
    elif (choices := CHOICES.get(name) or codes.get(name)) is not None:
        if value not in choices:
            yield path, finding(name, "not_a_choice", "refuse", choices=", ".join(choices))
    elif not isinstance(value, str) or len(value) > LONGEST_FACT or "\x00" in value:
        yield path, finding(name, "not_a_word", "refuse", most=LONGEST_FACT)


def _only_if(
    result: ResultEntry, score: ScoreSpec, entry: AssessmentEntry, spec: InstrumentSpec, path: str
) -> Found:
    """A score that exists only while another is above 0, in the same assessment."""
    if score.only_if is None:
        return
    needed = spec.scores[score.only_if]
    values = [position(each.value, needed) for each in entry.results if each.score == needed.code]
    if not any(value is not None and value > 0 for value in values):
        yield f"{path}.score", finding("score", "only_above_zero", "refuse", other=needed.code)
