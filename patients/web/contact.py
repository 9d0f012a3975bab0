"""How an account is reached: adding, confirming and removing; stopping reminders at an address."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from patients.actions.contact import (
    add_contact_point,
    confirm_phone,
    own_contact_point,
    retire_contact_point,
    send_proof,
    set_reminders,
    verify_contact_point,
)
from patients.channels.letters import read_address_check
from patients.channels.stop_links import read_stop_link
from patients.domain.errors import DomainError, NotVisible
from patients.domain.roles import Channel
from patients.web.account import show
from patients.web.doors import open_page, page, put_on_form
from patients.web.forms import ContactPointForm


@page("POST")
def add(request: HttpRequest) -> HttpResponse:
    form = ContactPointForm(request.POST)
    if not form.is_valid():
        return show(request, contact_form=form)
    at = timezone.now()
    try:
        point = add_contact_point(by=request.user, at=at, **form.cleaned_data)
        sent = send_proof(by=request.user, at=at, point=point)
    except DomainError as error:
        put_on_form(form, error)
        return show(request, contact_form=form)
    if sent and point.channel == Channel.EMAIL:
        messages.info(request, _("A letter with a link is on its way to this address."))
    elif sent:
        messages.info(request, _("A text message with a code is on its way to this number."))
    elif point.verified_at is None:
        messages.warning(request, _("No message could be sent there now. Try again later."))
    return redirect("people:account")


@page("POST")
def remove(request: HttpRequest, contact_point_id: UUID) -> HttpResponse:
    retire_contact_point(by=request.user, at=timezone.now(), contact_point_id=contact_point_id)
    return redirect("people:account")


@page("POST")
def confirm_code(request: HttpRequest, contact_point_id: UUID) -> HttpResponse:
    code = request.POST.get("code", "")
    try:
        confirm_phone(
            by=request.user, at=timezone.now(), contact_point_id=contact_point_id, code=code
        )
    except NotVisible:
        raise
    except DomainError as error:
        messages.error(request, _(error.detail))
    else:
        messages.success(request, _("This number is confirmed."))
    return redirect("people:account")


@page("POST")
def remind_again(request: HttpRequest, contact_point_id: UUID) -> HttpResponse:
    point = own_contact_point(by=request.user, contact_point_id=contact_point_id)
    set_reminders(at=timezone.now(), contact_point_id=point.pk, wanted=True)
    messages.success(request, _("Saved."))
    return redirect("people:account")


@open_page("GET", "POST")
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """The link from a letter. Only pressing the button confirms: mail programs follow links."""
    point_id, address = read_address_check(token) or (None, "")
    if request.method == "POST" and point_id:
        verify_contact_point(at=timezone.now(), contact_point_id=UUID(point_id), address=address)
        messages.success(request, _("This address is confirmed."))
        return redirect("people:account")
    context = {"point_id": point_id, "address": address}
    return render(request, "patients/confirm_address.html", context)


@csrf_exempt
@open_page("GET", "POST")
def stop_reminders(request: HttpRequest, token: str) -> HttpResponse:
    """Stop reminders by e-mail, without signing in; looking changes nothing.

    Mail programs post here by themselves (RFC 8058), without a cookie that could be misused.
    """
    point_id, stopped = read_stop_link(token), False
    if request.method == "POST" and point_id:
        set_reminders(at=timezone.now(), contact_point_id=point_id, wanted=False)
        stopped = True
    context = {"is_sound": point_id is not None, "stopped": stopped}
    return render(request, "patients/stop_reminders.html", context)
