"""Forms about a clinic: its rota, its hours and holidays, and who is away."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patients.actions.clinics import DutyTurn
from patients.domain.rota import WEEKDAYS as DAYS
from patients.domain.rota import hours_from
from patients.models import Clinic, DutyShift, Practitioner
from rehab.web.forms.fields import long_text, select, shaped, text

# Lines without anybody that the rota offers beside what it has.
NEW_TURNS = 3


class TurnForm(forms.Form):
    """One turn of the rota. Without a person the line counts as empty."""

    def __init__(self, *args: Any, staff: Sequence[Practitioner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekday"] = select(_("Day"), list(WEEKDAYS.items()), required=True)
        self.fields["starts"] = _time(_("From"))
        self.fields["ends"] = _time(_("Until"))
        people = _people(staff)
        self.fields["practitioner"] = select(_("Answers"), people, empty=_("nobody, drop this"))
        self.fields["deputy"] = select(_("Deputy"), people, empty=_("nobody"))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("practitioner"):
            for name in ("starts", "ends"):
                if told.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Enter a time, like 08:00."))
            if told.get("deputy") == told["practitioner"]:
                self.add_error("deputy", _("The deputy must be another."))
        return told

    def turn(self) -> DutyTurn | None:
        told = self.cleaned_data
        if not told.get("practitioner"):
            return None
        return DutyTurn(
            weekday=int(told["weekday"]),
            starts=told["starts"],
            ends=told["ends"],
            practitioner_id=UUID(told["practitioner"]),
            deputy_id=UUID(told["deputy"]) if told["deputy"] else None,
        )


class RotaForms(forms.BaseFormSet):
    """Every turn of a rota, and a few lines to add more."""

    def turns(self) -> list[DutyTurn]:
        return [turn for form in self.forms if (turn := form.turn()) is not None]


def rota_forms(
    data: Mapping[str, str] | None, staff: Sequence[Practitioner], shifts: Sequence[DutyShift]
) -> RotaForms:
    made = forms.formset_factory(
        TurnForm, formset=RotaForms, extra=NEW_TURNS, max_num=200, absolute_max=250
    )
    return made(  # type: ignore[return-value]
        data, prefix="t", form_kwargs={"staff": staff}, initial=[_typed(each) for each in shifts]
    )


class ClinicForm(forms.Form):
    """Hours as "08:00-12:00, 13:30-17:30" for each day, and holidays, one date a line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, code in enumerate(DAYS):
            self.fields[code] = text(str(WEEKDAYS[number]), max_length=200)
        self.fields["holidays"] = long_text(
            _("Holidays"), help_text=_("One date a line, like 2026-10-01. Nobody is on duty then.")
        )
        self.fields["phone"] = text(_("Phone"), max_length=40)
        self.fields["emergency_number"] = text(_("Emergency number"), required=True, max_length=20)
        self.fields["last_resort_contact"] = long_text(_("Last-resort contact"))
        self.fields["unattended"] = forms.BooleanField(
            label=_("Nobody answers messages here, and patients are told so."), required=False
        )

    @classmethod
    def of(cls, clinic: Clinic) -> dict[str, Any]:
        hours = {
            day: ", ".join("-".join(span) for span in spans) for day, spans in clinic.hours.items()
        }
        days = "\n".join(on.isoformat() for on in sorted(clinic.holidays))
        names = ("phone", "emergency_number", "last_resort_contact", "unattended")
        return {**hours, "holidays": days, **{name: getattr(clinic, name) for name in names}}

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for code in DAYS:
            try:
                told[code] = _spans(code, told.get(code, ""))
            except ValueError:
                self.add_error(code, _("Enter times like 08:00-12:00, 13:30-17:30."))
        return told

    def clean_holidays(self) -> list[date]:
        try:
            typed = self.cleaned_data["holidays"].split()
            return sorted({date.fromisoformat(each) for each in typed})
        except ValueError:
            raise forms.ValidationError(_("Enter dates like 2026-10-01.")) from None

    def changes(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        spans = {code: told.pop(code) for code in DAYS}
        return {**told, "hours": {code: each for code, each in spans.items() if each}}


class AwayForm(forms.Form):
    """Who is away, from the first to the last day, and who stands in."""

    first = shaped(
        forms.DateField(
            label=gettext_lazy("First day away"), widget=forms.DateInput({"type": "date"})
        ),
        "text",
    )
    last = shaped(
        forms.DateField(
            label=gettext_lazy("Last day away"), widget=forms.DateInput({"type": "date"})
        ),
        "text",
    )

    def __init__(
        self, *args: Any, staff: Sequence[Practitioner], own: UUID, for_anybody: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        mine = [each for each in staff if each.user_id == own]
        away = staff if for_anybody else mine
        self.fields["practitioner"] = select(_("Who is away"), _people(away), required=True)
        self.fields["practitioner"].initial = str(mine[0].pk) if mine else ""
        others = staff if for_anybody else [each for each in staff if each.user_id != own]
        self.fields["deputy"] = select(
            _("Who stands in"), _people(others), empty=_("Choose …"), required=True
        )
        self.order_fields(["practitioner", "first", "last", "deputy"])

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = told.get("first"), told.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day must not be before the first."))
        if told.get("deputy") and told.get("deputy") == told.get("practitioner"):
            self.add_error("deputy", _("The deputy must be another."))
        return told


def _time(label: str) -> forms.Field:
    field = forms.TimeField(
        label=label, required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    return shaped(field, "text")


def _people(staff: Sequence[Practitioner]) -> list[tuple[str, str]]:
    return [(str(each.pk), each.user.name) for each in staff]


def _typed(shift: DutyShift) -> dict[str, Any]:
    return {
        "weekday": shift.weekday,
        "starts": shift.starts,
        "ends": shift.ends,
        "practitioner": str(shift.practitioner_id),
        "deputy": str(shift.deputy_id or ""),
    }


def _spans(day: str, typed: str) -> list[list[str]]:
    """Read "08:00-12:00, 13:30-17:30"; ValueError otherwise."""
    commas = typed.replace("，", ",").replace("–", "-").replace("：", ":")
    spans = [[end.strip() for end in span.split("-")] for span in commas.split(",") if span.strip()]
    read = hours_from({day: spans})[day]
    return [[_clock(opens), _clock(closes)] for opens, closes in read]


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
