"""Instruments as the registry defines them, one score as it was told, and where it stands.

Limits, meaningful changes and cut-offs arrive as data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rehab.domain.measures import Limits, is_number
from rehab.domain.session_entry import Value
from rehab.domain.typed import UnreadableMeasure, parse_typed

UNABLE, CANNOT_FEEL, NOT_TESTABLE = "unable", "cannot_feel", "not_testable"


PLACES = ("side", "muscle", "motion", "site", "active_or_passive", "knee_position", "scale")
"""What was measured: each combination is a series of its own."""


CONDITIONS = (
    "landmark_distance_cm", "device", "angle_instrument", "distance_m", "walking_aid", "version",
    "value_set",
)  # fmt: skip
"""How it was measured: two values under different conditions are not compared."""


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


def canonical(value: Value, score: ScoreSpec) -> Value:
    """Return a value as it is kept: a grade is its code, also where it was sent as a number."""
    if score.grades and is_number(value) and value == int(value):
        return str(int(value))
    return value


def with_typed(result: ResultEntry, score: ScoreSpec) -> ResultEntry:
    """Return a result whose value is the number that was typed with its unit ("31 lb").

    The text is read where there is no value, or where the value is text that is no answer of the
    score; what was read from another unit is put on the nearest step. What cannot be read stays
    as it is, and is refused by name.
    """
    said = result.typed if result.value is None else result.value
    if score.grades or not isinstance(said, str) or said in score.answers or not said.strip():
        return result
    try:
        read = parse_typed(said, score.unit).value
    except UnreadableMeasure:
        return replace(result, value=said, typed=result.typed or said)
    value = int(read) if read == int(read) else read
    return replace(result, value=value, typed=result.typed or said)


def typed_number(result: ResultEntry, score: ScoreSpec) -> float | None:
    """Return what the typed text of a result says as a number, None for text that says none."""
    if score.grades or not result.typed.strip():
        return None
    try:
        return parse_typed(result.typed, score.unit).value
    except UnreadableMeasure:
        return None


def limits_of(score: ScoreSpec) -> Limits:
    """Return the recording limits of a score that is a number."""
    low = score.minimum if score.minimum is not None else float("-inf")
    high = score.maximum if score.maximum is not None else float("inf")
    likely = LIKELY.get(score.unit, ("factor 10",))
    return Limits(score.code, score.unit, low, high, likely=likely)


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
