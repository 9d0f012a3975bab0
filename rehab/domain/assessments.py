"""Judging what an instrument of the registry scored, and what a change of it means.

Limits, meaningful changes and cut-offs arrive as data. Ordinal scores are compared step by step
and never averaged; a cut-off is quoted with its criteria and year and is a reason to ask a
clinician, never a diagnosis.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from rehab.domain.measures import Finding, Limits, finding, is_number, judge, judge_change
from rehab.domain.session_entry import Value

UNABLE, CANNOT_FEEL, NOT_TESTABLE = "unable", "cannot_feel", "not_testable"
PLACES = ("side", "muscle", "motion", "site", "active_or_passive", "knee_position", "scale")
"""What was measured: each combination is a series of its own."""
CONDITIONS = (
    "landmark_distance_cm", "device", "angle_instrument", "distance_m", "walking_aid", "version",
    "value_set",
)  # fmt: skip
"""How it was measured: two values under different conditions are not compared."""
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
JUMP = 2
"""(proposed) A change of more than so many times what any study calls one is asked about."""
LIKELY: Mapping[str, tuple[str, ...]] = {
    "kg": ("pounds", "jin", "factor 10"),
    "cm": ("millimetres", "inches", "factor 10"),
    "m/s": ("factor 10",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeSpec:
    code: str
    rank: int
    clinicians_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSpec:
    """One score: grades in order of rank, or a range with step. needs: facts beside the value."""

    code: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    grades: tuple[GradeSpec, ...] = ()
    answers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    only_if: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSpec:
    """kind: below `noise` nothing is said to have changed; small, meaningful, substantial."""

    score: str
    kind: str
    value: float
    upper_value: float | None = None
    percent: float | None = None
    population: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOffSpec:
    score: str
    criteria: str
    year: int
    sex: str
    comparator: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentSpec:
    code: str
    scores: Mapping[str, ScoreSpec]
    better: str
    ordinal: bool
    changes: tuple[ChangeSpec, ...] = ()
    cut_offs: tuple[CutOffSpec, ...] = ()
    entered_by: str = "clinician"
    offered: bool = True
    reassess_weeks: int | None = None
    earliest_weeks: int | None = None

    def changes_of(self, score: str) -> list[ChangeSpec]:
        return [each for each in self.changes if each.score == score]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultEntry:
    """One score as it was told: a number, the code of a grade, or unable, cannot_feel or

    not_testable. facts: side, muscle, motion, site, landmark_distance_cm, device ... typed: what
    was typed where it was no plain number.
    """

    score: str
    value: Value
    facts: Mapping[str, Value] = field(default_factory=dict)
    typed: str = ""


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
    found = judge(_limits(score), value)
    if found is not None:
        yield path, found
    elif is_number(value) and score.step and not _on_step(value, score):
        params = {"value": value, "step": score.step}
        yield path, finding(score.code, "off_step", "refuse", **params)


def canonical(value: Value, score: ScoreSpec) -> Value:
    """Return a value as it is kept: a grade is its code, also where it was sent as a number."""
    if score.grades and is_number(value) and value == int(value):
        return str(int(value))
    return value


def _limits(score: ScoreSpec) -> Limits:
    low = score.minimum if score.minimum is not None else float("-inf")
    high = score.maximum if score.maximum is not None else float("inf")
    likely = LIKELY.get(score.unit, ("factor 10",))
    return Limits(score.code, score.unit, low, high, likely=likely)


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


def place_of(facts: Mapping[str, Value]) -> tuple[Value, ...]:
    """Return what was measured, so that the same is compared with the same."""
    return tuple(facts.get(name) or None for name in PLACES)


def position(value: Value, score: ScoreSpec) -> float | None:
    """Return where a value stands on its scale; None for what is no measure ("unable").

    A grade stands at its whole grade; those that only clinicians use lie between two whole ones
    at even distances, so that from 3 to 3+ is no whole grade.
    """
    value = canonical(value, score)
    if not score.grades:
        return float(value) if is_number(value) else None
    whole = [each.rank for each in score.grades if not each.clinicians_only]
    rank = next((each.rank for each in score.grades if each.code == value), None)
    if rank is None:
        return None
    below = [each for each in whole if each <= rank]
    above = [each for each in whole if each > rank]
    if rank in whole or not below or not above:
        return float(len(below) - 1)
    return len(below) - 1 + (rank - below[-1]) / (above[0] - below[-1])


Reached = Literal["yes", "between", "no"]
Verdict = Literal[
    "same", "no_clear_change", "may_have_changed", "changed", "not_judged", "not_comparable"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A published change that a difference was held against, and the people it was found in."""

    kind: str
    value: float
    upper_value: float | None
    population: Mapping[str, str]
    reached: Reached


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreChange:
    """What became of a score. direction: better, worse, up, down or none.

    difference: in the unit of the score, null for grades, which have no distance. differs: the
    conditions that were not the same, where the two are not comparable.
    """

    verdict: Verdict
    direction: str
    difference: float | None
    thresholds: Sequence[Threshold] = ()
    differs: Sequence[str] = ()


def change_between(
    spec: InstrumentSpec, score: ScoreSpec, before: ResultEntry, after: ResultEntry
) -> ScoreChange:
    """Judge a change against what studies call one; between two populations each is named."""
    differs = [
        name for name in CONDITIONS if before.facts.get(name) != after.facts.get(name)
    ]  # fmt: skip
    if differs:
        return ScoreChange(
            verdict="not_comparable", direction="none", difference=None, differs=differs
        )
    was, now = position(before.value, score), position(after.value, score)
    if was is None or now is None:
        return _of_answers(before.value, after.value)
    moved = round(now - was, 6)
    thresholds = [_held(each, was, abs(moved)) for each in spec.changes_of(score.code)]
    return ScoreChange(
        verdict=_verdict(moved, thresholds),
        direction=_direction(moved, spec.better),
        difference=None if score.grades else moved,
        thresholds=thresholds,
    )


def _of_answers(before: Value, after: Value) -> ScoreChange:
    """From "not able" to a value, or back, is a change that needs no number."""
    if before == after:
        return ScoreChange(verdict="same", direction="none", difference=None)
    if UNABLE in (before, after) and not {before, after} & {CANNOT_FEEL, NOT_TESTABLE}:
        better = "worse" if after == UNABLE else "better"
        return ScoreChange(verdict="changed", direction=better, difference=None)
    return ScoreChange(
        verdict="not_comparable", direction="none", difference=None, differs=["answer"]
    )


def _held(change: ChangeSpec, was: float, size: float) -> Threshold:
    upper = change.upper_value if change.upper_value is not None else change.value
    relative = bool(change.percent) and was > 0 and size / was * 100 >= (change.percent or 0)
    reached: Reached = "yes" if size >= upper or relative else "no"
    if reached == "no" and size >= change.value:
        reached = "between"
    return Threshold(
        kind=change.kind,
        value=change.value,
        upper_value=change.upper_value,
        population=change.population,
        reached=reached,
    )


def _verdict(moved: float, thresholds: Sequence[Threshold]) -> Verdict:
    if moved == 0:
        return "same"
    if not thresholds:
        return "not_judged"
    if any(each.kind == "noise" and each.reached != "yes" for each in thresholds):
        return "no_clear_change"
    reached = {each.reached for each in thresholds}
    if "yes" in reached:
        return "changed"
    return "may_have_changed" if "between" in reached else "no_clear_change"


def _direction(moved: float, better: str) -> str:
    if moved == 0:
        return "none"
    if better == "context":
        return "up" if moved > 0 else "down"
    return "better" if (moved > 0) == (better == "up") else "worse"


_HOLDS = {
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
}


def cut_offs_met(spec: InstrumentSpec, result: ResultEntry) -> list[CutOffSpec]:
    """Return the screening values that a score lies beyond, each with its criteria and year.

    Those for one sex alone are among them: nobody's sex is guessed, the reader sees for whom.
    """
    value = result.value
    if not is_number(value):
        return []
    return [
        each
        for each in spec.cut_offs
        if each.score == result.score and _HOLDS[each.comparator](value, each.value)
    ]


def jump(spec: InstrumentSpec, score: ScoreSpec, value: Value, previous: Value) -> Finding | None:
    """Ask about a measure that is far from the one before ("kg or lb?"), or return None."""
    sizes = [each.upper_value or each.value for each in spec.changes_of(score.code)]
    if spec.ordinal or score.grades or not sizes or not is_number(value):
        return None
    before = previous if is_number(previous) else None
    return judge_change(_limits(score), value, before, JUMP * max(sizes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An instrument that was used is due again. earliest_on: not to be repeated before."""

    due_on: date
    earliest_on: date | None
    overdue: bool


def due_again(spec: InstrumentSpec, last_on: date, today: date) -> Due | None:
    """Tell when an instrument is due again, or None when the registry says nothing of it."""
    if spec.reassess_weeks is None:
        return None
    due_on = last_on + timedelta(weeks=spec.reassess_weeks)
    earliest = (
        last_on + timedelta(weeks=spec.earliest_weeks) if spec.earliest_weeks is not None else None
    )
    return Due(due_on=due_on, earliest_on=earliest, overdue=due_on <= today)


def latest_and_first(
    readings: Iterable[tuple[datetime, ResultEntry]],
) -> tuple[ResultEntry | None, ResultEntry | None]:
    """Return the newest and the oldest of some readings: the last one and the baseline."""
    ordered = sorted(readings, key=lambda each: each[0])
    return (ordered[-1][1], ordered[0][1]) if ordered else (None, None)
