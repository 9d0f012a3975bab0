"""Accepting an invitation: first the code, then what it opens."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.actions.accounts import NewAccount
from patients.actions.attempts import count_attempt
from patients.actions.invitations import Accepted, accept_invitation, open_invitation
from patients.adapters import AccountAdapter, speak
from patients.domain.errors import DomainError
from patients.models import Invitation
from patients.web.doors import open_page, put_on_form
from patients.web.forms import CodeForm, HiddenCodeForm, NewAccountForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@open_page("GET", "POST")
def accept(request: HttpRequest) -> HttpResponse:
    """Ask for the code; with a code that opens, show what it is for; with an answer, accept."""
    if request.method == "GET":
        return _show(request, CodeForm())
    typed = CodeForm(request.POST)
    if not typed.is_valid():
        return _show(request, typed)
    try:
        count_attempt("invitation-code", AccountAdapter(request).get_client_ip(request))
        invitation = open_invitation(typed.cleaned_data["code"], at=timezone.now())
    except DomainError as error:
        put_on_form(typed, error)
        return _show(request, typed, status=error.status)
    if "accept" in request.POST:
        return _accept(request, invitation)
    return _show(request, _fresh_form(request, invitation), invitation)


def _accept(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = _bound_form(request, invitation)
    if not form.is_valid():
        return _show(request, form, invitation)
    facts = dict(form.cleaned_data)
    code, at = facts.pop("code"), timezone.now()
    try:
        if request.user.is_authenticated:
            accepted = accept_invitation(code=code, at=at, by=request.user)
        else:
            accepted = accept_invitation(code=code, at=at, account=NewAccount(**facts))
    except DomainError as error:
        put_on_form(form, error)
        return _show(request, form, invitation, status=error.status)
    return _welcome(request, accepted)


def _welcome(request: HttpRequest, accepted: Accepted) -> HttpResponse:
    if not request.user.is_authenticated:
        login(request, accepted.user, backend=BACKEND)
    messages.success(request, _("Welcome. You can change all this under “My account”."))
    response = redirect("/")
    speak(response, accepted.user.language)
    return response


def _fresh_form(request: HttpRequest, invitation: Invitation) -> HiddenCodeForm:
    initial = {
        "code": request.POST["code"],
        "name": invitation.name,
        "language": invitation.language,
    }
    if request.user.is_authenticated:
        return HiddenCodeForm(initial=initial)
    return NewAccountForm(initial=initial, addressed=_addressed(invitation))


def _bound_form(request: HttpRequest, invitation: Invitation) -> HiddenCodeForm:
    if request.user.is_authenticated:
        return HiddenCodeForm(request.POST)
    return NewAccountForm(request.POST, addressed=_addressed(invitation))


def _addressed(invitation: Invitation) -> bool:
    return bool(invitation.email or invitation.phone)


def _show(
    request: HttpRequest,
    form: HiddenCodeForm | CodeForm,
    invitation: Invitation | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "invitation": invitation}
    return render(request, "patients/accept_invitation.html", context, status=status)
