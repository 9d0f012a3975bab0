"""Holding a plan, letting it go on, and ending it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patients.domain.errors import DomainError
from rehab.actions.pauses import hold_plan, resume_plan
from rehab.actions.plans import complete_plan
from rehab.web.doors import go, page
from rehab.web.forms.refusals import sentences
from rehab.web.viewing import view_plan


@page("POST")
def hold(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    return _change(
        request, plan_id, hold_plan, reason=request.POST.get("reason", ""), **_target(request)
    )


@page("POST")
def resume(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    return _change(
        request,
        plan_id,
        resume_plan,
        note=request.POST.get("note", ""),
        reconfirmed="reconfirmed" in request.POST,
        **_target(request),
    )


@page("POST")
def complete(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    return _change(request, plan_id, complete_plan, reason=request.POST.get("reason", ""))


def _change(
    request: HttpRequest, plan_id: UUID, action: Callable[..., object], **given: object
) -> HttpResponse:
    """Call one action on a plan and go back to where it was asked for."""
    viewer, found = view_plan(request, plan_id, action="prescribe")
    try:
        action(by=viewer.user, at=viewer.now, plan_id=plan_id, **given)
        messages.success(request, _("Recorded."))
    except DomainError as error:
        if error.status in (403, 404):
            raise
        for sentence in sentences(error):
            messages.warning(request, sentence)
    return go(request, reverse("rehab:plan", args=[found.patient_id]))


def _target(request: HttpRequest) -> dict[str, UUID | None]:
    """The item and part that a form names, as far as it names one."""
    return {name: _uuid(request.POST.get(name, "")) for name in ("series", "part")}


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
