"""Calendar addresses, and what a calendar program reads there."""

import hashlib
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from patients.actions.attempts import count_attempt
from patients.domain.errors import DomainError, NotVisible, TooManyAttempts
from rehab.actions.calendar_feeds import (
    feeds_in_use,
    make_calendar_feed,
    open_calendar_feed,
    revoke_calendar_feed,
    who_may_have_one,
)
from rehab.web.doors import go, page, show
from rehab.web.forms.fields import select
from rehab.web.forms.refusals import put_on_form
from rehab.web.presenters import clock
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import Viewer, view_patient

# A calendar program asks every few minutes at most; a household has a handful of them.
MOST_READS_AN_HOUR = 120


class FeedForm(forms.Form):
    def __init__(self, data: object = None, *, people: list[tuple[str, str]], own: str) -> None:
        super().__init__(data, initial={"recipient": own})  # type: ignore[arg-type]
        self.fields["recipient"] = select(_("Whose calendar"), people)


@require_safe
def feed(request: HttpRequest, user_id: UUID, token: str) -> HttpResponse:
    """What a calendar program reads. Whoever has the address has the times, and nothing else."""
    try:
        opened = open_calendar_feed(at=timezone.now(), recipient_id=user_id, secret=token)
        count_attempt("calendar", str(opened.feed_id), most=MOST_READS_AN_HOUR)
    except NotVisible as error:
        raise Http404 from error
    except TooManyAttempts as error:
        return _later(error)
    etag = f'"{hashlib.sha256(opened.text.encode()).hexdigest()[:32]}"'
    answer = HttpResponse(opened.text, content_type="text/calendar; charset=utf-8")
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    answer["Content-Disposition"] = 'inline; filename="times.ics"'
    found: HttpResponse = get_conditional_response(request, etag=etag, response=answer)
    return found


@page("GET", "HEAD", "POST")
def calendar(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The addresses in use, and making one: for the patient and whoever manages."""
    viewer = view_patient(request, patient_id, action="manage", looked_at="calendars")
    people = [
        (str(each.pk), each.name or str(each))
        for each in who_may_have_one(patient_id, at=viewer.now)
    ]
    form = FeedForm(request.POST or None, people=people, own=str(viewer.user.pk))
    address = ""
    if request.method == "POST" and form.is_valid():
        try:
            address = _made(viewer, UUID(form.cleaned_data["recipient"]))
        except DomainError as error:
            put_on_form(form, error)
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "plan"),
        "form": form,
        "has_people": bool(people),
        "address": address,
        "feeds": [
            {
                "id": each.pk,
                "name": each.recipient.name or str(each.recipient),
                "since": clock.moment(each.created_at, viewer.patient.zone),
            }
            for each in feeds_in_use(patient_id)
        ],
    }
    return show(request, "rehab/calendar.html", context, status=422 if form.errors else 200)


@page("POST")
def revoke(request: HttpRequest, patient_id: UUID, feed_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="manage")
    revoke_calendar_feed(by=viewer.user, at=viewer.now, patient_id=patient_id, feed_id=feed_id)
    messages.success(request, _("The calendar address is closed. Nothing new is read there."))
    return go(request, reverse("rehab:calendar", args=[patient_id]))


def _made(viewer: Viewer, recipient_id: UUID) -> str:
    issued = make_calendar_feed(
        by=viewer.user,
        at=viewer.now,
        patient_id=viewer.patient.pk,
        recipient_id=recipient_id,
    )
    path = reverse("rehab:calendar-feed", args=[issued.feed.recipient_id, issued.secret])
    return str(settings.PUBLIC_URL + path)


def _later(error: TooManyAttempts) -> HttpResponse:
    answer = HttpResponse(status=429)
    answer["Retry-After"] = str(error.retry_after_seconds)
    return answer
