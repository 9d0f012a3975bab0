"""What was eaten, drunk or weighed, and what is taken, as it is typed."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from exercises import reference
from rehab.domain.diet import DietEntry, TakenEntry
from rehab.domain.recurrence import instant, local_time
from rehab.domain.session_entry import Value
from rehab.web.forms.fields import Options, checks, hidden, long_text, number, select, shaped, text
from rehab.web.viewing import Viewer

SIGNS = ("choking_not_clearing", "choking", "wet_voice_after_food")


class DietForm(forms.Form):
    """dishes: foods and recipes that are fit for this patient, as options."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        viewer: Viewer,
        foods: Options = (),
        recipes: Options = (),
    ) -> None:
        local = local_time(viewer.now, viewer.patient.zone)
        super().__init__(
            data, initial={"id": uuid4(), "on": local.date(), "at": local.time()}
        )  # fmt: skip
        self.viewer = viewer
        labels = reference.symptoms()
        self.fields["id"] = forms.UUIDField(widget=forms.HiddenInput)
        self.fields["confirmed"] = hidden()
        self.fields["text"] = long_text(_("What was eaten or drunk?"))
        if recipes:
            self.fields["recipe"] = select(_("One of these dishes?"), recipes, empty=_("None"))
        if foods:
            self.fields["food"] = select(_("One of these foods?"), foods, empty=_("None"))
        self.fields["protein_g"] = number(_("Protein, if you know it"), unit="g")
        self.fields["fluids_ml"] = number(_("Drunk"), unit="ml")
        self.fields["weight_kg"] = number(_("Weight"), unit="kg")
        self.fields["symptoms"] = checks(
            _("Did something go wrong while eating?"),
            [(code, labels[code].labels[viewer.language]) for code in SIGNS if code in labels],
        )
        self.fields["on"] = _day(_("Date"), required=True)
        self.fields["at"] = shaped(
            forms.TimeField(label=_("Time"), widget=forms.TimeInput({"type": "time"}, "%H:%M")),
            "text",
        )

    def entry(self) -> DietEntry:
        said, zone = self.cleaned_data, self.viewer.patient.zone
        weight = said["weight_kg"].strip()
        return DietEntry(
            performed_at=local_time(instant(said["on"], said["at"], zone), zone),
            zone=zone,
            text=said["text"],
            foods=tuple(filter(None, (said.get("food"),))),
            recipes=tuple(filter(None, (said.get("recipe"),))),
            protein_g=_typed(said["protein_g"]),
            fluids_ml=_typed(said["fluids_ml"]),
            weight_typed=weight,
            symptoms=tuple(said["symptoms"]),
            confirmed=("unusual_change",) if weight and said["confirmed"] == weight else (),
        )


class TakenForm(forms.Form):
    def __init__(self, data: Mapping[str, Any] | None = None, *, viewer: Viewer) -> None:
        super().__init__(data, initial={"id": uuid4()})
        self.viewer = viewer
        listed = reference.substances().items()
        options = [(code, each.labels[viewer.language]) for code, each in listed]
        self.fields["id"] = forms.UUIDField(widget=forms.HiddenInput)
        self.fields["code"] = select(_("Is it one of these?"), options, empty=_("None of these"))
        self.fields["text"] = text(_("Or in your own words"), max_length=200)
        self.fields["amount"] = text(_("How much, as it is taken"), max_length=200)
        self.fields["since"] = _day(_("Taken since"))
        self.fields["until"] = _day(_("Taken until"))

    def entry(self) -> TakenEntry:
        said, zone = self.cleaned_data, self.viewer.patient.zone
        return TakenEntry(
            told_at=local_time(self.viewer.now, zone),
            zone=zone,
            code=said["code"],
            text="" if said["code"] else said["text"],
            amount=said["amount"],
            since=said["since"],
            until=said["until"],
        )


def _day(label: str, *, required: bool = False) -> forms.Field:
    field = forms.DateField(
        label=label, required=required, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    return shaped(field, "text")


def _typed(said: str) -> Value:
    """A number as typed; what cannot be read goes on as it is, and the action says so."""
    if not said.strip():
        return None
    try:
        return float(said.strip().replace(",", "."))
    except ValueError:
        return said
