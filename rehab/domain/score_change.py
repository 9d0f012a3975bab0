"""What a change of a score means: against what studies call one, a cut-off, and when again.

Ordinal scores are compared step by step and never averaged; a cut-off is quoted with its criteria
and year and is a reason to ask a clinician, never a diagnosis.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from rehab.domain.instruments import (
    CANNOT_FEEL,
    CONDITIONS,
    NOT_TESTABLE,
    UNABLE,
    ChangeSpec,
    CutOffSpec,
    InstrumentSpec,
    ResultEntry,
    ScoreSpec,
    limits_of,
    position,
)
from rehab.domain.measures import Finding, is_number, judge_change
from rehab.domain.session_entry import Value

JUMP = 2
"""(proposed) A change of more than so many times what any study calls one is asked about."""


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
    return judge_change(limits_of(score), value, before, JUMP * max(sizes))


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
