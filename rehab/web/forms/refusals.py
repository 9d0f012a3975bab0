"""Named refusals, said on a form or as one sentence."""

from collections.abc import Callable

from django import forms
from django.utils.translation import gettext

from patients.domain.errors import DomainError, FieldError


def said(error: DomainError) -> str:
    """The refusal as one sentence in the language of the page."""
    text = gettext(error.detail)
    return text % error.params if error.params else text


def sentences(error: DomainError) -> list[str]:
    """The refusal as sentences, one a fault."""
    return [gettext(each.detail) for each in error.errors] or [said(error)]


def put_on_form(
    form: forms.Form,
    error: DomainError,
    *,
    name_of: Callable[[str], str] = str,
    sentence_of: Callable[[FieldError], str] = lambda each: gettext(each.detail),
) -> None:
    """Show a refusal beside its field, or above the form; the first one gets the cursor."""
    if not error.errors:
        _add(form, name_of(error.field), said(error))
    for each in error.errors:
        _add(form, name_of(each.field), sentence_of(each))
    focus_first_error(form)


def focus_first_error(form: forms.Form) -> None:
    """Let the cursor stand in the first field that is wrong, where its error is read out."""
    for name in form.fields:
        if name in form.errors:
            form.fields[name].widget.attrs["autofocus"] = True
            return


def _add(form: forms.Form, name: str, sentence: str) -> None:
    form.add_error(name if name in form.fields else None, sentence)
