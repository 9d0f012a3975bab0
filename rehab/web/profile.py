"""The clinical profile, edited by a clinician; every change is a new revision."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patients.domain.errors import Invalid
from rehab.actions.profile import record_profile
from rehab.models.reads.choices import plannable_exercises
from rehab.models.reads.interactions import notices_about
from rehab.models.reads.profile import profile_in_force
from rehab.web.doors import go, page, show
from rehab.web.forms.profile import ProfileForm, field_name
from rehab.web.forms.refusals import put_on_form
from rehab.web.presenters.profile import profile_sheet
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import view_patient


@page("GET", "HEAD", "POST")
def profile(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="prescribe", looked_at="profile")
    present = profile_in_force(patient_id)
    form = ProfileForm(
        request.POST or None,
        profile=present,
        language=viewer.language,
        exercises=plannable_exercises(viewer.language),
    )
    if request.method == "POST" and form.is_valid():
        try:
            record_profile(
                by=viewer.user, at=viewer.now, patient_id=patient_id, changes=form.changes()
            )
        except Invalid as error:
            put_on_form(form, error, name_of=field_name)
        else:
            messages.success(request, _("The profile is recorded as a new revision."))
            return go(request, reverse("rehab:patient", args=[patient_id]))
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "profile"),
        "form": form,
        "sheet": profile_sheet(form, present, viewer, notices_about(patient_id)),
    }
    return show(request, "rehab/profile.html", context, status=422 if form.errors else 200)
