"""Measurements as they are shown: the newest value, what became of it, a line and a table."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import reference
from rehab.domain.instruments import PLACES, place_of, position
from rehab.domain.score_change import ScoreChange
from rehab.models.instruments import spec_of
from rehab.models.reads.assessments import (
    AssessmentPage,
    AssessmentView,
    CutOffView,
    DueView,
    ResultView,
)
from rehab.web.forms.assessment_words import (
    answer_words,
    fact_label,
    fact_options,
    fact_words,
)
from rehab.web.presenters import clock, doses, words
from rehab.web.viewing import Viewer

WIDTH, HEIGHT, LEFT, EDGE = 520, 120, 40, 12


class HasUnit(Protocol):
    """What a difference is said in."""

    @property
    def unit(self) -> str: ...


@dataclass(frozen=True, slots=True)
class DueLine:
    name: str
    when: str
    overdue: bool
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    day: str
    value: str
    change: str
    beside: str
    by: str
    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Trend:
    """A line through the values; as words for whoever does not see it."""

    id: str
    title: str
    description: str
    points: Sequence[Point]
    line: str
    high: str
    low: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


@dataclass(frozen=True, slots=True)
class Card:
    """One score on one place. trend: null where there are fewer than two values in a row."""

    title: str
    place: str
    value: str
    day: str
    since_last: str
    since_baseline: str
    held_against: Sequence[str]
    beyond: Sequence[str]
    trend: Trend | None
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class AssessmentsPage:
    due: Sequence[DueLine]
    cards: Sequence[Card]
    waiting: Sequence[Row]
    withdrawn: Sequence[Row]


def assessments_page(found: AssessmentPage, viewer: Viewer) -> AssessmentsPage:
    return AssessmentsPage(
        due=due_lines(found.due, viewer),
        cards=list(_cards(found.results, viewer)),
        waiting=_of_status("pending", found, viewer),
        withdrawn=_of_status("entered-in-error", found, viewer),
    )


def _of_status(status: str, found: AssessmentPage, viewer: Viewer) -> list[Row]:
    return [
        _row(each, result, viewer)
        for each in found.results
        if each.status == status
        for result in each.results
    ]


def due_lines(due: Sequence[DueView], viewer: Viewer) -> list[DueLine]:
    """What is due again, of what this person may enter."""
    return [
        DueLine(
            name=each.name,
            when=_("due on %(day)s") % {"day": clock.day(each.due_on)},
            overdue=each.overdue,
            url=reverse("rehab:assess", args=[viewer.patient.pk, each.instrument]),
        )
        for each in due
        if each.entered_by == "anyone" or viewer.is_clinician
    ]


def _cards(found: Sequence[AssessmentView], viewer: Viewer) -> Iterator[Card]:
    series: dict[tuple[object, ...], list[tuple[AssessmentView, ResultView]]] = defaultdict(list)
    for each in found:
        if each.status == "recorded":
            for result in each.results:
                key = (each.instrument, result.score, place_of(result.facts))
                series[key].append((each, result))
    for number, told in enumerate(series.values()):
        yield _card(number, told, viewer)


def _card(number: int, told: Sequence[tuple[AssessmentView, ResultView]], viewer: Viewer) -> Card:
    newest, result = told[0]
    title = _name(newest, result)
    return Card(
        title=title,
        place=place_words(result.facts, viewer.language),
        value=value_words(result),
        day=clock.day(newest.on),
        since_last=change_words(result.since_last, result),
        since_baseline=change_words(result.since_baseline, result),
        held_against=list(_held_against(result, viewer.language)),
        beyond=[beyond_words(each, result) for each in result.beyond],
        trend=_trend(number, title, list(reversed(told))),
        rows=[_row(each, one, viewer) for each, one in told],
    )


def _row(each: AssessmentView, result: ResultView, viewer: Viewer) -> Row:
    return Row(
        day=clock.day(each.on),
        value=value_words(result),
        change=change_words(result.since_last, result),
        beside=beside_words(result.facts),
        by=done_by(each),
        url=reverse("rehab:assessment", args=[viewer.patient.pk, each.id]),
        name=_name(each, result),
    )


def _name(each: AssessmentView, result: ResultView) -> str:
    """The instrument, and the score where it has more than one."""
    sheet = reference.instruments().get(each.instrument)
    return each.name if sheet and len(sheet.scores) == 1 else f"{each.name} · {result.name}"


def done_by(each: AssessmentView) -> str:
    return each.assessor_name or str(words.PERFORMERS.get(each.assessed_by, each.author))


def value_words(result: ResultView) -> str:
    """The value as it was told, with its unit or in words."""
    if result.label:
        return result.label
    if isinstance(result.value, str):
        return answer_words().get(result.value, result.value)
    return " ".join(filter(None, (doses.number(result.value), result.unit)))


def place_words(facts: Mapping[str, object], language: str) -> str:
    return " · ".join(fact_words(name, facts[name], language) for name in PLACES if facts.get(name))


def beside_words(facts: Mapping[str, object]) -> str:
    """How it was measured: "Device: Jamar"."""
    return " · ".join(
        f"{fact_label(name)}: {dict(fact_options().get(name, ())).get(str(value), value)}"
        for name, value in facts.items()
        if name not in PLACES
    )


def change_words(change: ScoreChange | None, result: HasUnit) -> str:
    """What became of it, in words that promise nothing; empty for the first of its kind."""
    if change is None:
        return ""
    if change.verdict == "same":
        return _("the same")
    if change.verdict == "not_comparable":
        names = ", ".join(
            _("the answer") if name == "answer" else fact_label(name) for name in change.differs
        )
        return _("not comparable (%(what)s)") % {"what": names}
    size = _size(change, result)
    if change.verdict == "no_clear_change":
        return " ".join(filter(None, (_("no clear change"), size)))
    if change.verdict == "may_have_changed":
        return " ".join(filter(None, (_("may have changed"), size)))
    if change.verdict == "not_judged":
        return " ".join(filter(None, (_("a difference that no study has judged"), size)))
    said = {"better": _("better"), "worse": _("worse"), "up": _("more"), "down": _("less")}
    return " ".join(filter(None, (said.get(change.direction, ""), size)))


def _size(change: ScoreChange, result: HasUnit) -> str:
    if change.difference is None:
        return ""
    sign = "+" if change.difference > 0 else "−"
    amount = f"{sign}{doses.number(abs(change.difference))}"
    return f"({' '.join(filter(None, (amount, result.unit)))})"


def _held_against(result: ResultView, language: str) -> Iterator[str]:
    """Which published change it was held against, and the people that was found in."""
    change = result.since_baseline or result.since_last
    for each in change.thresholds if change else ():
        upper = f"–{each.upper_value:g}" if each.upper_value is not None else ""
        yield _("%(value)s %(unit)s: %(population)s") % {
            "value": f"{each.value:g}{upper}",
            "unit": result.unit,
            "population": each.population[language],
        }


def beyond_words(cut: CutOffView, result: ResultView) -> str:
    """ "Below the AWGS 2019 screening value for men (28 kg): ask your clinician." """
    limit = " ".join(filter(None, (f"{cut.value:g}", result.unit)))
    who = {"male": _(" for men"), "female": _(" for women")}.get(cut.sex, "")
    criteria = cut.criteria if str(cut.year) in cut.criteria else f"{cut.criteria} ({cut.year})"
    said = {"criteria": criteria, "who": who, "limit": limit}
    if cut.comparator in ("<", "<="):
        return (
            _("Below the %(criteria)s screening value%(who)s (%(limit)s): ask your clinician.")
            % said
        )
    return (
        _("Above the %(criteria)s screening value%(who)s (%(limit)s): ask your clinician.") % said
    )


def _trend(
    number: int, title: str, told: Sequence[tuple[AssessmentView, ResultView]]
) -> Trend | None:
    spec = spec_of(told[0][0].instrument)
    if spec is None:
        return None
    score = spec.scores[told[0][1].score]
    placed = [
        (each.performed_at, place, value_words(result))
        for each, result in told
        if (place := position(result.value, score)) is not None
    ]
    if len(placed) < 2:
        return None
    values = [place for _at, place, _said in placed]
    low, high = min(values), max(values)
    first, last = placed[0][0], placed[-1][0]
    span = (last - first).total_seconds() or 1
    points = [
        Point(
            x=LEFT + EDGE + round((WIDTH - LEFT - 2 * EDGE) * (at - first).total_seconds() / span),
            y=round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * ((place - low) / ((high - low) or 1))),
        )
        for at, place, _said in placed
    ]
    listed = ", ".join(said for _at, _place, said in placed)
    return Trend(
        id=f"trend-{number}",
        title=title,
        description=_("From the first to the last: %(values)s") % {"values": listed},
        points=points,
        line=" ".join(f"{point.x},{point.y}" for point in points),
        high="" if score.grades else doses.number(high),
        low="" if score.grades else doses.number(low),
    )
