"""The start page sends everybody to their own work; the language is chosen from any page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from patients.access.authority import Authority
from patients.actions.accounts import edit_account
from patients.models import User
from patients.models.authority import authority_of
from rehab.web.doors import page

_COOKIE_AGE = 60 * 60 * 24 * 365
_CODES = {"zh-Hans": "zh-hans", "en": "en"}
_NAMES = {code: name for name, code in _CODES.items()}


@page("GET", "HEAD")
def home(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    authority = authority_of(user, at=timezone.now())
    response = HttpResponseRedirect(_own_work(authority))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        _remember(response, _CODES.get(user.language, settings.LANGUAGE_CODE))
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages, on this device and for this account."""
    response = HttpResponseRedirect(_back_to(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        _remember(response, chosen)
        if request.user.is_authenticated:
            edit_account(by=request.user, language=_NAMES[chosen])
    return response


def _own_work(authority: Authority) -> str:
    """A clinician's caseload, a caregiver's people, or the patient's own day."""
    if authority.posts:
        return reverse("rehab:caseload")
    if authority.own_patient_ids and not authority.relations:
        return reverse("rehab:today", args=[min(authority.own_patient_ids)])
    return reverse("rehab:care")


def _back_to(request: HttpRequest) -> str:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"


def _remember(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
