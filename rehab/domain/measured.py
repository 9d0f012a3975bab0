"""Pure figures of what was measured in sessions and assessments.

Values arrive summed by day or week from the per-day rows; nothing here looks at a single log.
Source of the error of measuring an angle: the instrument registry (goniometry).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rehab.domain.instruments import InstrumentSpec, ResultEntry, ScoreSpec, position
from rehab.domain.score_change import ScoreChange, change_between
from rehab.domain.session_entry import Value

How = Literal["", "measured", "estimated", "not_said"]

ANGLES = ("start_angle_degrees", "end_angle_degrees")
SUMMED = frozenset(
    {"repetitions", "sets", "minutes", "hours", "metres", "distance_km", "energy_kj", "falls",
     "repetitions_done"}
)  # fmt: skip
"""What can be added up over sessions; an angle or an amplitude cannot."""

SCORES = frozenset({"pain", "effort", "fatigue_next_day"})
"""Scores of 0-10: shown as lowest, highest and last, and never averaged in a series."""

BASELINES: Mapping[str, str] = {
    **{
        f"{which}_{when}_mmhg": f"{which}_mmhg"
        for which in ("systolic", "diastolic")
        for when in ("before", "during", "after")
    },
    "pulse_per_minute": "pulse_per_minute",
}
"""Which of the patient's own usual values a field is compared with."""

NOT_JUDGED = ScoreChange(verdict="not_judged", direction="none", difference=None)


@dataclass(frozen=True, slots=True)
class Key:
    """Which quantity of which part: the key under which a day keeps it.

    part: empty for the session. how, knee: of an angle. choice: of a word from a list.
    """

    part: str
    code: str
    how: How = ""
    knee: str = ""
    choice: str = ""


def key_of(text: str, *, is_word: bool) -> Key:
    """Read a key of a day: part|field, part|field|how|knee position, or part|field|choice."""
    part, code, *more = text.split("|")
    if is_word:
        return Key(part, code, choice=more[0] if more else "")
    if code in ANGLES and more:
        how: How = "measured" if more[0] == "measured" else "not_said"
        return Key(part, code, "estimated" if more[0] == "estimated" else how, *more[1:2])
    return Key(part, code)


def share(delivered: float | None, prescribed: float | None) -> float | None:
    """Return delivered / prescribed; None where either was not told or nothing was asked for."""
    return delivered / prescribed if delivered is not None and prescribed else None


def rounded(value: float | None, digits: int) -> float | None:
    """Return a figure with no more decimals than it can mean, a whole number without any."""
    if value is None or isinstance(value, int):
        return value
    near = round(value, digits)
    whole = int(near)
    return whole if whole == near else near


def mean_of(code: str, total: float, count: int) -> float | None:
    """Return the mean of a measured quantity, None for a score."""
    return None if code in SCORES or count == 0 else total / count


def from_baseline(value: float | None, baseline: float | None) -> float | None:
    """Return how far a value lies from the person's own usual one; None where either is unknown."""
    return None if value is None or baseline is None else round(value - baseline, 6)


def angle_change(first: float, last: float, how: How, goniometry: InstrumentSpec) -> ScoreChange:
    """Judge the change of an angle; only what was measured is judged.

    first, last: degrees. goniometry: the instrument, whose error of measuring (5 degrees) decides.
    """
    if how != "measured":
        return NOT_JUDGED
    score = goniometry.scores["angle_degrees"]
    return change_between(
        goniometry,
        score,
        ResultEntry(score=score.code, value=first),
        ResultEntry(score=score.code, value=last),
    )


def middle_grade(values: Iterable[Value], score: ScoreSpec) -> Value:
    """Return the median of an ordinal score, the lower one of two; None without any position."""
    placed = [(where, value) for value in values if (where := position(value, score)) is not None]
    ordered = sorted(placed, key=lambda pair: pair[0])
    return ordered[(len(ordered) - 1) // 2][1] if ordered else None


def in_force_on(day: date, dated: Sequence[tuple[date, float | None]]) -> float | None:
    """Return the value that was set last on or before a day; dated: oldest first."""
    found = None
    for since, value in dated:
        if since <= day:
            found = value
    return found


def repetitions_asked(dose: Mapping[str, object]) -> float | None:
    """Return the repetitions that a part's dose asks of one session, times its sets."""
    repetitions, sets = dose.get("repetitions"), dose.get("sets")
    if not isinstance(repetitions, int | float):
        return None
    return repetitions * (sets if isinstance(sets, int | float) else 1)


def minutes_asked(
    target: Mapping[str, object], doses: Collection[Mapping[str, object]]
) -> float | None:
    """Return the minutes that a plan asks of one session: its own, else those of its longest part.

    Channels run side by side, so that their minutes are not added up.
    """
    given = target.get("minutes")
    if isinstance(given, int | float):
        return given
    asked = [each["minutes"] for each in doses if isinstance(each.get("minutes"), int | float)]
    return max((each for each in asked if isinstance(each, int | float)), default=None)
