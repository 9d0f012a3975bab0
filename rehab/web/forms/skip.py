"""Saying that something will not be done, why, and with which signs."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from exercises import reference
from rehab.domain.session_entry import SkipEntry
from rehab.web.forms.fields import checks, choice, long_text, number, scale
from rehab.web.forms.session import field_name, where_on_the_body
from rehab.web.forms.session_told import read_number, read_scale
from rehab.web.presenters import doses

# What people measure when they feel unwell.
MEASURED = ("systolic_before_mmhg", "diastolic_before_mmhg", "temperature_celsius")


class SkipForm(forms.Form):
    def __init__(self, data: Mapping[str, str] | None = None, *, language: str) -> None:
        super().__init__(data)
        reasons = [(code, each.labels[language]) for code, each in reference.skip_reasons().items()]
        signs = [(code, each.labels[language]) for code, each in reference.symptoms().items()]
        self.fields["reason"] = choice(_("Why?"), reasons, required=True)
        self.fields["pain"] = scale(_("Pain"), cannot_feel=True)
        self.fields["symptoms"] = checks(_("What was unusual?"), signs)
        self.fields["limb"] = where_on_the_body()
        for code in MEASURED:
            label = doses.label_of(code, language)
            self.fields[field_name(f"measures.{code}")] = number(label, unit=doses.unit_of(code))
        self.fields["note"] = long_text(_("Note"))

    def told(self, occurrence_id: UUID, *, at: datetime) -> SkipEntry:
        """Return the skip as this form tells it; call it on a valid form."""
        said = self.cleaned_data
        typed = {code: said[field_name(f"measures.{code}")] for code in MEASURED}
        return SkipEntry(
            occurrence=occurrence_id,
            reason=said["reason"],
            note=said["note"],
            skipped_at=at,
            symptoms=tuple(said["symptoms"]),
            measures={code: read_number(text, code) for code, text in typed.items() if text},
            pain=read_scale(said["pain"]),
            limb=said["limb"],
        )

    @property
    def measured(self) -> list[forms.BoundField]:
        return [self[field_name(f"measures.{code}")] for code in MEASURED]

    @property
    def tells_more(self) -> bool:
        """Keep open what somebody has filled in, or what is wrong there."""
        inside = {"symptoms", "limb", *(field.name for field in self.measured)}
        return any(name in self.errors or self[name].value() for name in inside)
