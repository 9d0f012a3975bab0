"""The nutrition plan as a clinician types it. Nothing is filled in that nobody ordered."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from rehab import rules
from rehab.domain.nutrition import NUMBERS, NutritionEntry, SupplementEntry
from rehab.domain.typed import UnreadableMeasure, parse_typed
from rehab.models.reads.nutrition import NutritionTargets, Supplement
from rehab.web.forms.fields import hidden, long_text, number, select, text
from rehab.web.presenters.eat import texture, thickness

BLANK_ROWS = 2
TYPED = ("weight_kg", "energy_kcal", "protein_g_per_kg", "protein_g", "fluids_ml", "fibre_g")


class NutritionForm(forms.Form):
    """Starts from the version in force; `entry` is what the action records.

    `confirmed` holds the unusual values that were asked about on the page before.
    """

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, targets: NutritionTargets | None
    ) -> None:
        super().__init__(data, initial=_initial(targets) if targets else {})
        self.taken = tuple(targets.supplements) if targets else ()
        self.fields.update(dict(self._who()))
        self.fields.update(dict(self._targets()))

    def _who(self) -> Iterator[tuple[str, forms.Field]]:
        yield "set_by", text(_("Set by (name)"), max_length=200)
        yield "set_by_role", text(_("As (profession)"), max_length=120)
        yield "set_on", _day(_("Set on"))
        yield "weight_kg", number(_("Weight that this rests on"), unit="kg")
        yield "weighed_on", _day(_("Weighed on"))
        yield "confirmed", hidden()

    def _targets(self) -> Iterator[tuple[str, forms.Field]]:
        yield "energy_kcal", number(_("Energy a day"), unit="kcal")
        yield "protein_g_per_kg", number(_("Protein a day for each kilogram"), unit="g/kg")
        yield "protein_g", number(_("Protein a day"), unit="g")
        yield "fluids_ml", number(_("Drinks a day"), unit="ml")
        yield "fibre_g", number(_("Fibre a day"), unit="g")
        foods = [(str(level), texture(level)) for level in range(3, 8)]
        yield "food_level", select(_("Texture of food"), foods, empty=_("Not set"))
        drinks = [(str(level), thickness(level)) for level in range(5)]
        yield "drink_level", select(_("Thickness of drinks"), drinks, empty=_("Not set"))
        for place in self.rows:
            yield f"supplement-{place}", text(_("Supplement"), max_length=200)
            yield f"amount-{place}", text(_("How much"), max_length=200)
        yield "notes", long_text(_("Note"))

    @property
    def rows(self) -> range:
        return range(len(self.taken) + BLANK_ROWS)

    def entry(self) -> NutritionEntry:
        said = self.cleaned_data
        return NutritionEntry(
            set_by=said["set_by"],
            set_by_role=said["set_by_role"],
            set_on=said["set_on"],
            weighed_on=said["weighed_on"],
            **{name: _typed(said[name], name) for name in TYPED},
            food_level=_level(said["food_level"]),
            drink_level=_level(said["drink_level"]),
            supplements=tuple(self._supplements()),
            notes=said["notes"],
            confirmed=tuple(self._confirmed()),
        )

    def asking(self, names: Iterable[str]) -> str:
        """What to send along so that these values, and no others, count as confirmed."""
        return " ".join(f"{name}:{_squeezed(self.cleaned_data[name])}" for name in names)

    def _confirmed(self) -> Iterator[str]:
        for asked in self.cleaned_data["confirmed"].split():
            name, _colon, was = asked.partition(":")
            if name in NUMBERS and _squeezed(self.cleaned_data[name]) == was:
                yield name

    def _supplements(self) -> Iterator[SupplementEntry]:
        codes = {_called(each): each.code for each in self.taken}
        for place in self.rows:
            if words := self.cleaned_data[f"supplement-{place}"].strip():
                code = codes.get(words, "")
                yield SupplementEntry(
                    code=code,
                    text="" if code else words,
                    amount=self.cleaned_data[f"amount-{place}"].strip(),
                )


def field_name(path: str) -> str:
    """Where on the form a path of the entry is: "supplements.0.text" is "supplement-0"."""
    match path.split("."):
        case ["supplements", place, "amount"]:
            return f"amount-{place}"
        case ["supplements", place, *_rest]:
            return f"supplement-{place}"
    return path


def _day(label: str) -> forms.Field:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


def _initial(targets: NutritionTargets) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: getattr(targets, name)
        for name in ("set_by", "set_by_role", "set_on", "weighed_on", "notes")
    }
    for name in NUMBERS:
        value = getattr(targets, name)
        found[name] = "" if value is None else f"{value:g}"
    for place, each in enumerate(targets.supplements):
        found[f"supplement-{place}"], found[f"amount-{place}"] = _called(each), each.amount
    return found


def _squeezed(said: str) -> str:
    return "".join(said.split())


def _called(supplement: Supplement) -> str:
    return supplement.text or supplement.code


def _typed(said: str, name: str) -> Any:
    """A number as typed; what cannot be read goes on as it is, and the action says so."""
    if not said.strip():
        return None
    try:
        return parse_typed(said, rules.nutrition().fields[name].unit).value
    except UnreadableMeasure:
        return said


def _level(said: str) -> int | None:
    return int(said) if said else None
