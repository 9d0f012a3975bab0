"""Judging rounds of faults: what arrived, how long after which fault, and what came twice."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.push_sink import Arrival

ALL_ARRIVE_WITHIN_SECONDS = 120
# A killed worker may have sent so much that it had not recorded yet.
TWICE_A_WORKER = 50
# What is on its way when a worker dies arrives a moment later; what arrived is recorded after the
# slowest send of its batch, at the latest when that is given up.
UNDER_WAY_SECONDS = 5.0
RECORDED_AFTER_SECONDS = 15.0
# A clock may be set right while a process waits for a moment.
CLOCK_SECONDS = 0.05
NO_FAULT = "no fault"


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault. began, ended: seconds since 1970. cut_off: workers struck in their work."""

    name: str
    began: float
    ended: float
    cut_off: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the reminders of a series.

    lost: did not arrive. early: arrived before they were due. late: arrived too long after the last
    fault that could hold them back.
    twice: what came again, by the fault that cut it off; too_often: what came again beyond what
    that fault allows, or without one. failed: given up or not sent, by what became of it.
    longest: seconds from the end of the last fault before an arrival, or from its due time if that
    came later, by that fault. through: seconds from the end of a fault to the arrival of what had
    waited until then, whatever else struck meanwhile.
    """

    lost: Sequence[str]
    early: Sequence[str]
    late: Sequence[str]
    twice: Mapping[str, int]
    too_often: int
    failed: Mapping[str, int]
    longest: Mapping[str, float]
    through: Mapping[str, float]

    @property
    def holds(self) -> bool:
        return not (self.lost or self.early or self.late or self.too_often or self.failed)


def judged(
    wanted: Mapping[str, float],
    arrived: Sequence[Arrival],
    strikes: Sequence[Strike],
    *,
    failed: Mapping[str, int],
) -> Verdict:
    """Compare what was to arrive with what did. wanted: topic -> when it was due.

    A fault that has not ended when a reminder arrives excuses nothing.
    """
    times: defaultdict[str, list[float]] = defaultdict(list)
    for each in arrived:
        if each.topic in wanted:
            times[each.topic].append(each.at)
    early = sorted(
        topic for topic, came in times.items() if min(came) < wanted[topic] - CLOCK_SECONDS
    )
    late, longest = [], dict.fromkeys((each.name for each in strikes), 0.0)
    through = dict(longest)
    for topic, came in times.items():
        name, seconds = waited(wanted[topic], min(came), strikes)
        longest[name] = max(longest.get(name, 0.0), seconds)
        if seconds > ALL_ARRIVE_WITHIN_SECONDS:
            late.append(topic)
        for strike in strikes:
            if wanted[topic] <= strike.ended <= min(came):
                through[strike.name] = max(through[strike.name], min(came) - strike.ended)
    twice, too_often = _twice(times, strikes)
    lost = sorted(wanted.keys() - times.keys())
    return Verdict(lost, early, sorted(late), twice, too_often, failed, longest, through)


def waited(due: float, came: float, strikes: Sequence[Strike]) -> tuple[str, float]:
    """Return the last fault that was over at an arrival, and the seconds since then or due."""
    over = [each for each in strikes if each.ended <= came]
    last = max(over, key=lambda each: each.ended, default=None)
    if last is None:
        return NO_FAULT, came - due
    return last.name, came - max(due, last.ended)


def _twice(
    times: Mapping[str, Sequence[float]], strikes: Sequence[Strike]
) -> tuple[dict[str, int], int]:
    """Count what came again, each under the first fault that may have cut off its record and has
    not yet let as many come again as it may; and what no fault accounts for.
    """
    left = {each: TWICE_A_WORKER * each.cut_off for each in strikes if each.cut_off}
    by_name: Counter[str] = Counter()
    too_often = 0
    for before in sorted(moment for came in times.values() for moment in sorted(came)[:-1]):
        cut = next((each for each in left if left[each] and _may_cut(each, before)), None)
        by_name[cut.name if cut else NO_FAULT] += 1
        if cut:
            left[cut] -= 1
        else:
            too_often += 1
    return dict(by_name), too_often


def _may_cut(strike: Strike, came: float) -> bool:
    """Tell whether a fault may have kept from being recorded what had arrived at a moment."""
    return strike.began - RECORDED_AFTER_SECONDS <= came <= strike.ended + UNDER_WAY_SECONDS
