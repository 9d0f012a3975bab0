"""A file of a stimulated cycle: read, looked over, and only then recorded."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from patients.domain.errors import DomainError
from rehab.actions.device_imports import import_device_file
from rehab.actions.device_preview import foresee
from rehab.domain.device_file import lines_of
from rehab.models.reads.cycling import cycling_items
from rehab.web.doors import page, show
from rehab.web.forms.device_file import DeviceFileForm
from rehab.web.forms.refusals import put_on_form
from rehab.web.presenters.alerts import panels_of
from rehab.web.presenters.device_file import FilePage, preview_page, result_page
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import Viewer, view_patient

RECORDED = ("recorded", "pending", "merged", "unchanged", "quarantined")


@page("GET", "HEAD", "POST")
def device_file(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    view_patient(request, patient_id, action="log_sessions")
    viewer = view_patient(request, patient_id, looked_at="history")
    items = cycling_items(patient_id, language=viewer.language)
    form = DeviceFileForm(request.POST or None, request.FILES or None, viewer=viewer, items=items)
    if request.method != "POST" or not form.is_valid():
        return _show(request, viewer, form, None)
    if "record" in request.POST:
        return _record(request, viewer, form)
    found = foresee(patient_id, form.device_file())
    table = form.device_file().table
    seen = preview_page(found, table.ignored, form.cleaned_data["zone"], viewer)
    return _show(request, viewer, form, seen, to_correct=any(each.unread for each in found))


def _record(request: HttpRequest, viewer: Viewer, form: DeviceFileForm) -> HttpResponse:
    """Record every ride that can be; what cannot stays on the page as the lines of a file."""
    file, zone = form.device_file(), form.cleaned_data["zone"]
    told = {each.ride.row: each.told for each in foresee(viewer.patient.pk, file) if each.told}
    try:
        answers = import_device_file(
            by=viewer.user, at=viewer.now, patient_id=viewer.patient.pk, file=file
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        put_on_form(form, error)
        return _show(request, viewer, form, None)
    rides = {ride.row: ride for ride in file.table.rides}
    left = {each.row for each in answers if each.state not in (*RECORDED, "conflict")}
    form.data = {
        **form.data,
        "text": lines_of(form.cleaned_data["text"], left) if left else "",
    }
    flags = [flag for each in answers for flag in each.flags]
    return _show(
        request,
        viewer,
        form,
        result_page(answers, rides, told, zone, viewer),
        panels=panels_of(flags, viewer),
        is_recorded=True,
        to_correct=bool(left),
    )


def _show(
    request: HttpRequest,
    viewer: Viewer,
    form: DeviceFileForm,
    seen: FilePage | None,
    **more: object,
) -> HttpResponse:
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "history"),
        "form": form,
        "page": seen,
        **more,
    }
    status = 422 if form.errors else 200
    return show(request, "rehab/device_file.html", context, status=status)
