"""Judging a nutrition plan as it was typed. Targets are set by people; none is computed here."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rehab.domain.measures import Finding, Limits, finding, is_number, judge

NUMBERS = (
    "weight_kg",
    "energy_kcal",
    "protein_g_per_kg",
    "protein_g",
    "fluids_ml",
    "fibre_g",
    "food_level",
    "drink_level",
)
RESTS_ON_WEIGHT = ("energy_kcal", "protein_g_per_kg", "protein_g")
SEVERE_KIDNEY = ("severe",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementEntry:
    """A supplement somebody is to take or takes: a code of the catalogue, or typed words."""

    code: str = ""
    text: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NutritionEntry:
    """What a named person ordered; what is not given has no target.

    set_by: who set it, set_by_role: as what, set_on: when. weight_kg, weighed_on: the weight the
    targets rest on. energy_kcal, protein_g, fluids_ml, fibre_g: for a day. food_level (IDDSI
    3-7), drink_level (IDDSI 0-4): the texture. confirmed: fields whose unusual value is right.
    """

    set_by: str = ""
    set_by_role: str = ""
    set_on: date | None = None
    weight_kg: float | int | None = None
    weighed_on: date | None = None
    energy_kcal: float | int | None = None
    protein_g_per_kg: float | int | None = None
    protein_g: float | int | None = None
    fluids_ml: float | int | None = None
    fibre_g: float | int | None = None
    food_level: int | None = None
    drink_level: int | None = None
    supplements: tuple[SupplementEntry, ...] = ()
    notes: str = ""
    confirmed: tuple[str, ...] = ()

    @property
    def sets_nothing(self) -> bool:
        numbers = [getattr(self, name) for name in NUMBERS if name != "weight_kg"]
        return not (
            any(each is not None for each in numbers) or self.supplements or self.notes.strip()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NutritionLimits:
    """Recording limits by field, never treatment limits.

    protein_kidney_soft_max: g/kg above which it is asked where the kidneys are severely impaired
    and there is no dialysis. disagree_percent: how far grams may be from grams a kilogram times
    the weight before the two are said to disagree.
    """

    fields: Mapping[str, Limits]
    protein_kidney_soft_max: float
    disagree_percent: float


def nutrition_findings(
    entry: NutritionEntry, limits: NutritionLimits, *, kidney: str, today: date
) -> Iterator[Finding]:
    """Yield what is missing, can't be, or is unusual, each with its field.

    kidney: unknown, normal, reduced, severe or dialysis. today: where the patient lives.
    """
    yield from _missing(entry)
    yield from _dates(entry, today)
    ranged = [found for name in NUMBERS if (found := _in_range(name, entry, limits))]
    yield from ranged
    if not any(each.severity == "refuse" for each in ranged):
        yield from _disagreement(entry, limits.disagree_percent)
        yield from _kidney(entry, limits, kidney)


def unconfirmed(findings: Collection[Finding], confirmed: Collection[str]) -> list[Finding]:
    """Return what was asked about and not answered with "it is right"."""
    return [each for each in findings if each.severity == "confirm" and each.field not in confirmed]


def _missing(entry: NutritionEntry) -> Iterator[Finding]:
    if not entry.set_by.strip():
        yield finding("set_by", "nobody_named", "refuse")
    if entry.set_on is None:
        yield finding("set_on", "no_date", "refuse")
    if entry.sets_nothing:
        yield finding("notes", "nothing_set", "refuse")
    rests_on_weight = any(getattr(entry, name) is not None for name in RESTS_ON_WEIGHT)
    if rests_on_weight and entry.weight_kg is None:
        yield finding("weight_kg", "no_weight", "refuse")
    if entry.weight_kg is not None and entry.weighed_on is None:
        yield finding("weighed_on", "no_date", "refuse")
    for place, each in enumerate(entry.supplements):
        if not each.code.strip() and not each.text.strip():
            yield finding(f"supplements.{place}.text", "nothing_named", "refuse")


def _dates(entry: NutritionEntry, today: date) -> Iterator[Finding]:
    for name in ("set_on", "weighed_on"):
        day: date | None = getattr(entry, name)
        if day is not None and day > today:
            yield finding(name, "day_ahead", "refuse", value=day.isoformat())


def _in_range(name: str, entry: NutritionEntry, limits: NutritionLimits) -> Finding | None:
    value = getattr(entry, name)
    return None if value is None else judge(limits.fields[name], value)


def _disagreement(entry: NutritionEntry, percent: float) -> Iterator[Finding]:
    """Two of the three may be given; where all three are and differ, a person decides which."""
    each_kg, weight, grams = entry.protein_g_per_kg, entry.weight_kg, entry.protein_g
    if not (is_number(each_kg) and is_number(weight) and is_number(grams)):
        return
    if abs(grams - each_kg * weight) > each_kg * weight * percent / 100:
        for name in ("protein_g", "protein_g_per_kg", "weight_kg"):
            yield finding(
                name, "protein_disagrees", "refuse", grams=grams, each_kg=each_kg, weight=weight
            )


def _kidney(entry: NutritionEntry, limits: NutritionLimits, kidney: str) -> Iterator[Finding]:
    each_kg = entry.protein_g_per_kg
    if each_kg is None and is_number(entry.protein_g) and entry.weight_kg:
        each_kg = entry.protein_g / entry.weight_kg
    most = limits.protein_kidney_soft_max
    if kidney in SEVERE_KIDNEY and is_number(each_kg) and each_kg > most:
        name = "protein_g" if entry.protein_g_per_kg is None else "protein_g_per_kg"
        yield finding(name, "above_for_kidney", "confirm", most, value=float(each_kg))
