"""How a page is reached and how it answers: signed in, inside the wall, whole or as a fragment."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from patients.access.walls import walled
from patients.domain.errors import NotAllowed, NotVisible

View = Callable[..., HttpResponse]


def page(*methods: str) -> Callable[[View], View]:
    """Make a view a page: signed-in people only, inside their clinics' wall, never cached."""

    def decorate(view: View) -> View:
        return never_cache(require_http_methods(methods)(login_required(_refusing(walled(view)))))

    return decorate


def _refusing(view: View) -> View:
    """What a person may not see does not exist; what they may see but not do is forbidden."""

    @wraps(view)
    def inside(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except NotVisible as error:
            raise Http404 from error
        except NotAllowed as error:
            raise PermissionDenied from error

    return inside


def wants_fragment(request: HttpRequest, target: str) -> bool:
    """Tell whether htmx asks for one element of the page, and for which."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and htmx.target == target


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    fragments: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page, or the one fragment of it that htmx asks for by the id of its target."""
    chosen = next(
        (name for target, name in (fragments or {}).items() if wants_fragment(request, target)),
        template,
    )
    response = render(request, chosen, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser on after a change, also when htmx asked."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
