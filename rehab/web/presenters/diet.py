"""What was logged beside what was ordered: two lists, and nothing computed from both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises import reference
from rehab.models.reads.diet import DietDay, DietLogView, DietPage
from rehab.models.reads.substances import TakenPage, TakenView
from rehab.web.presenters import clock, doses
from rehab.web.presenters.eat import Ordered, ordered_of
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class DietLine:
    when: str
    text: str
    facts: str
    by: str
    withdrawn: bool
    url: str


@dataclass(frozen=True, slots=True)
class DayLine:
    day: str
    protein: str
    drunk: str


@dataclass(frozen=True, slots=True)
class DietShown:
    ordered: Ordered | None
    days: Sequence[DayLine]
    weights: Sequence[str]
    lines: Sequence[DietLine]


@dataclass(frozen=True, slots=True)
class TakenLine:
    name: str
    facts: str
    by: str
    url: str


@dataclass(frozen=True, slots=True)
class TakenShown:
    lines: Sequence[TakenLine]
    notices: Sequence[str]


def diet_page(found: DietPage, viewer: Viewer) -> DietShown:
    return DietShown(
        ordered=ordered_of(found.targets) if found.targets else None,
        days=[_day(each) for each in found.days],
        weights=[
            _("%(day)s: %(kg)s kg")
            % {"day": clock.day(each.on), "kg": doses.number(each.weight_kg)}
            for each in reversed(found.weights)
        ],
        lines=[_line(each, viewer) for each in found.results],
    )


def _day(day: DietDay) -> DayLine:
    """Sums of what was entered; how much they leave out stands beside them."""
    if day.protein_g is None:
        protein = _("Protein not entered")
    else:
        protein = _("Protein entered: %(grams)s g") % {"grams": doses.number(day.protein_g)}
        if day.entries_without_protein:
            protein += ngettext(
                " (without %(many)s entry)", " (without %(many)s entries)",
                day.entries_without_protein,
            ) % {"many": day.entries_without_protein}  # fmt: skip
    drunk = (
        "" if day.fluids_ml is None else _("drunk: %(ml)s ml") % {"ml": doses.number(day.fluids_ml)}
    )
    return DayLine(clock.day(day.on), protein, drunk)


def _line(each: DietLogView, viewer: Viewer) -> DietLine:
    dishes = [dish.name for dish in (*each.recipes, *each.foods)]
    return DietLine(
        when=clock.moment(each.performed_at, viewer.patient.zone),
        text=" · ".join(filter(None, (each.text, *dishes))),
        facts=" · ".join(_facts(each, viewer.language)),
        by=each.author,
        withdrawn=each.status == "entered-in-error",
        url=reverse("rehab:diet-withdraw", args=[viewer.patient.pk, each.id]),
    )


def _facts(each: DietLogView, language: str) -> Iterator[str]:
    if each.protein_g is not None:
        yield _("protein %(grams)s g") % {"grams": doses.number(each.protein_g)}
    if each.fluids_ml is not None:
        yield f"{doses.number(each.fluids_ml)} ml"
    if each.weight_kg is not None:
        yield f"{doses.number(each.weight_kg)} kg"
    for code in each.symptoms:
        known = reference.symptoms().get(code)
        yield known.labels[language] if known else code


def taken_page(found: TakenPage, viewer: Viewer) -> TakenShown:
    return TakenShown(
        lines=[_taken(each, viewer) for each in found.taken],
        notices=[each.texts[viewer.language] for each in found.notices],
    )


def _taken(each: TakenView, viewer: Viewer) -> TakenLine:
    dates = []
    if each.since is not None:
        dates.append(_("since %(day)s") % {"day": clock.day(each.since)})
    if each.until is not None:
        dates.append(_("until %(day)s") % {"day": clock.day(each.until)})
    return TakenLine(
        name=each.name,
        facts=" · ".join(filter(None, (each.amount, *dates))),
        by=each.author,
        url=reverse("rehab:taken-withdraw", args=[viewer.patient.pk, each.id]),
    )
