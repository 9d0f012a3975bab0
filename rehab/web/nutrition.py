"""The nutrition plan, set by a named person and typed by a clinician; each change is a version."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patients.domain.errors import Invalid
from rehab.actions.nutrition import set_nutrition_plan
from rehab.models.reads.nutrition import nutrition_plan_of
from rehab.web.doors import go, page, show
from rehab.web.forms.nutrition import NutritionForm, field_name
from rehab.web.forms.refusals import put_on_form
from rehab.web.presenters.nutrition import nutrition_sheet
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import view_patient


@page("GET", "HEAD", "POST")
def nutrition(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="prescribe", looked_at="nutrition_plan")
    present = nutrition_plan_of(patient_id)
    form = NutritionForm(request.POST or None, targets=present.targets)
    confirming = ""
    if request.method == "POST" and form.is_valid():
        try:
            set_nutrition_plan(
                by=viewer.user, at=viewer.now, patient_id=patient_id, entry=form.entry()
            )
        except Invalid as error:
            if error.code == "confirm_required":
                confirming = form.asking(each.field for each in error.errors)
            put_on_form(form, error, name_of=field_name)
        else:
            messages.success(request, _("The nutrition plan is recorded as a new version."))
            return go(request, reverse("rehab:eat", args=[patient_id]))
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "eat"),
        "form": form,
        "sheet": nutrition_sheet(form, present, confirming),
    }
    return show(request, "rehab/nutrition.html", context, status=422 if form.errors else 200)
