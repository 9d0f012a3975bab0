"""Where the patient is now: the clock of what follows them."""

from uuid import UUID
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patients.domain.errors import NotAllowed
from rehab.actions.travel import change_zone, zone_of
from rehab.web.doors import go, page, show
from rehab.web.forms.fields import select
from rehab.web.presenters import clock as clocks
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import view_patient

ZONES = sorted(available_timezones() - {"Factory", "localtime"})


class ClockForm(forms.Form):
    def __init__(self, data: object = None, *, zone: str) -> None:
        super().__init__(data, initial={"zone": zone})  # type: ignore[arg-type]
        self.fields["zone"] = select(_("Time zone"), [(each, each) for each in ZONES])
        self.fields["zone"].widget.attrs["data-offers-device-zone"] = True


@page("GET", "HEAD", "POST")
def clock(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Where the patient is now: asked of the patient alone, and moved only when confirmed."""
    viewer = view_patient(request, patient_id)
    if not viewer.is_patient:
        raise NotAllowed
    zone = zone_of(patient_id, home=viewer.patient.zone)
    form = ClockForm(request.POST or None, zone=zone)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["zone"]
        change_zone(
            by=viewer.user, at=viewer.now, patient_id=patient_id, zone=chosen, confirmed=True
        )
        messages.success(
            request,
            _("What follows you now goes by %(zone)s.")
            % {"zone": clocks.zone_label(chosen, viewer.language)},
        )
        return go(request, reverse("rehab:today", args=[patient_id]))
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "today"),
        "form": form,
        "now_on": clocks.zone_label(zone, viewer.language),
        "time": clocks.clock(viewer.now, zone),
    }
    return show(request, "rehab/clock.html", context, status=422 if form.errors else 200)
