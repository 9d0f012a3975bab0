"""How a page here is reached, and how a named refusal lands on its form."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from patients.access.walls import walled
from patients.domain.errors import DomainError, NotAllowed, NotVisible

View = Callable[..., HttpResponse]


def page(*methods: str) -> Callable[[View], View]:
    """A page for people who are signed in, inside the wall of their clinics, never cached."""

    def decorate(view: View) -> View:
        return never_cache(require_http_methods(methods)(login_required(_refusing(walled(view)))))

    return decorate


def open_page(*methods: str) -> Callable[[View], View]:
    """A page for anybody. Its actions put up the walls they need themselves."""

    def decorate(view: View) -> View:
        return never_cache(require_http_methods(methods)(_refusing(view)))

    return decorate


def put_on_form(form: forms.Form, error: DomainError) -> None:
    """Show a refusal at the field it is about, or above the form."""
    if error.errors:
        for each in error.errors:
            _add(form, each.field, _filled(each.detail, each.params))
    else:
        _add(form, error.field, _filled(error.detail, error.params))


def _add(form: forms.Form, field: str, text: str) -> None:
    form.add_error(field if field in form.fields else None, text)


def _refusing(view: View) -> View:
    @wraps(view)
    def inside(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except NotVisible as error:
            raise Http404 from error
        except NotAllowed as error:
            raise PermissionDenied from error

    return inside


def _filled(msgid: str, params: Mapping[str, object]) -> str:
    text = gettext(msgid)
    return text % params if params else text
