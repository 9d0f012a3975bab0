"""The test button beside a contact point on the account page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.domain.errors import Conflict, TooManyAttempts
from rehab.actions.trying_out import send_test
from rehab.web.doors import page


@page("POST")
def test(request: HttpRequest, contact_point_id: UUID) -> HttpResponse:
    try:
        tried = send_test(by=request.user, at=timezone.now(), contact_point_id=contact_point_id)
    except (Conflict, TooManyAttempts) as error:
        messages.error(request, _(error.detail))
        return redirect("people:account")
    if tried.sent:
        messages.success(request, _("A test is on its way."))
    else:
        messages.error(request, _("The test did not leave. If this stays so, remove the address."))
    return redirect("people:account")
