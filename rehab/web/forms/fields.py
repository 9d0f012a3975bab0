"""Fields of our forms. `shape` names the template that draws a field."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

Options = Sequence[tuple[str, Any]]


def shaped(field: forms.Field, shape: str, **more: Any) -> forms.Field:
    field.shape = shape  # type: ignore[attr-defined]
    for name, value in more.items():
        setattr(field, name, value)
    return field


def hidden() -> forms.Field:
    return forms.CharField(required=False, widget=forms.HiddenInput)


def text(
    label: str, *, required: bool = False, max_length: int | None = None, help_text: str = ""
) -> forms.Field:
    field = forms.CharField(
        label=label,
        required=required,
        max_length=max_length,
        help_text=help_text,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    return shaped(field, "text")


def long_text(label: str, *, required: bool = False, help_text: str = "") -> forms.Field:
    field = forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )
    return shaped(field, "text")


def number(
    label: str, *, unit: str = "", help_text: str = "", required: bool = False
) -> forms.Field:
    """A number is typed as text, so that what was typed can be kept and shown again."""
    field = forms.CharField(
        label=label,
        required=required,
        max_length=40,
        help_text=help_text,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    return shaped(field, "number", unit=unit)


def choice(
    label: str, options: Options, *, required: bool = False, help_text: str = ""
) -> forms.Field:
    field = forms.ChoiceField(
        label=label,
        required=required,
        choices=list(options),
        widget=forms.RadioSelect,
        help_text=help_text,
    )
    return shaped(field, "choice")


def select(label: str, options: Options, *, empty: str = "", required: bool = False) -> forms.Field:
    first = [("", empty)] if empty else []
    field = forms.ChoiceField(
        label=label, required=required, choices=[*first, *options], widget=forms.Select
    )
    return shaped(field, "select")


def checks(label: str, options: Options) -> forms.Field:
    field = forms.MultipleChoiceField(
        label=label, required=False, choices=list(options), widget=forms.CheckboxSelectMultiple
    )
    return shaped(field, "checks")


def scale(
    label: str, *, cannot_feel: bool = False, ends: tuple[str, str] | None = None
) -> forms.Field:
    """0 to 10; 0 is an answer, and "not recorded" stands until somebody gives one."""
    numbers = [(str(value), str(value)) for value in range(11)]
    unfelt = [("cannot_feel", _("Cannot feel here"))] if cannot_feel else []
    options = [*numbers, *unfelt, ("", _("Not recorded"))]
    field = forms.ChoiceField(
        label=label, required=False, choices=options, widget=forms.RadioSelect
    )
    return shaped(field, "scale", ends=ends or (_("0 none"), _("10 worst")))
