"""A reason in words, for what is corrected, withdrawn, held or let go on."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _

from rehab.web.forms.fields import long_text


class ReasonForm(forms.Form):
    def __init__(self, data: Mapping[str, str] | None = None, *, label: str = "") -> None:
        super().__init__(data)
        self.fields["reason"] = long_text(label or _("Why?"), required=True)
