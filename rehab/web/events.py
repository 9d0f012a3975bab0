"""Something outside the plan that happened anyway: kept, not counted, judged for safety."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import reference
from rehab.actions.answers import Answer
from rehab.actions.events import record_off_plan_event
from rehab.domain.recurrence import instant, local_time
from rehab.domain.session_entry import OffPlanEntry
from rehab.models.reads.choices import recordable_exercises
from rehab.web.doors import go, page, show
from rehab.web.forms.fields import checks, choice, long_text, scale, select, shaped
from rehab.web.forms.session import performers, where_on_the_body
from rehab.web.presenters.alerts import not_watched, panels_of
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import Viewer, view_patient


class EventForm(forms.Form):
    def __init__(self, data: Mapping[str, str] | None = None, *, viewer: Viewer) -> None:
        local = local_time(viewer.now, viewer.patient.zone)
        start = {
            "id": uuid4(),
            "on": local.date(),
            "at": local.time(),
            "performer": viewer.performer,
        }
        super().__init__(data, initial=start)
        language = viewer.language
        symptoms = [(code, each.labels[language]) for code, each in reference.symptoms().items()]
        self.fields["id"] = forms.UUIDField(widget=forms.HiddenInput)
        self.fields["description"] = long_text(_("What happened?"), required=True)
        exercises = recordable_exercises(language)
        self.fields["exercise"] = select(
            _("Was it one of these?"), exercises, empty=_("None of these")
        )
        self.fields["on"] = shaped(
            forms.DateField(label=_("Date"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")),
            "text",
        )
        self.fields["at"] = shaped(
            forms.TimeField(label=_("Time"), widget=forms.TimeInput({"type": "time"}, "%H:%M")),
            "text",
        )
        self.fields["performer"] = choice(
            _("Who did it?"), performers(viewer.performer), required=True
        )
        self.fields["pain"] = scale(_("Pain"), cannot_feel=True)
        self.fields["symptoms"] = checks(_("What was unusual?"), symptoms)
        self.fields["limb"] = where_on_the_body()

    def entry(self, zone: str) -> OffPlanEntry:
        said = self.cleaned_data
        pain = said["pain"]
        return OffPlanEntry(
            description=said["description"],
            performed_at=local_time(instant(said["on"], said["at"], zone), zone),
            zone=zone,
            exercise=said["exercise"],
            performer=said["performer"],
            pain=pain if pain == "cannot_feel" else int(pain) if pain else None,
            symptoms=tuple(said["symptoms"]),
            limb=said["limb"],
        )


@page("GET", "HEAD", "POST")
def event(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    viewer = view_patient(request, patient_id, action="log_sessions")
    form = EventForm(request.POST or None, viewer=viewer)
    answer: Answer | None = None
    if request.method == "POST" and form.is_valid():
        answer = record_off_plan_event(
            by=viewer.user,
            at=viewer.now,
            patient_id=patient_id,
            event_id=form.cleaned_data["id"],
            entry=form.entry(viewer.patient.zone),
        )
        if answer.status in (200, 201):
            return _recorded(request, viewer, answer)
        _refuse(form, answer)
    context = {
        "viewer": viewer,
        "tabs": tabs_for(viewer, "today"),
        "form": form,
        "panels": panels_of(answer.flags, viewer) if answer else [],
        "not_watched": not_watched(viewer),
    }
    return show(request, "rehab/event.html", context, status=422 if form.errors else 200)


def _recorded(request: HttpRequest, viewer: Viewer, answer: Answer) -> HttpResponse:
    messages.success(
        request, _("Recorded as something outside the plan. It does not count as a session.")
    )
    if answer.flags:
        return go(request, reverse("rehab:alert", args=[viewer.patient.pk, answer.flags[0].id]))
    return go(request, reverse("rehab:today", args=[viewer.patient.pk]))


def _refuse(form: EventForm, answer: Answer) -> None:
    if answer.state == "conflict":
        form.add_error(
            None, _("This form was sent before with other values. What was recorded first stands.")
        )
    for error in answer.errors:
        name = {"performed_at": "at"}.get(error.field, error.field)
        form.add_error(name if name in form.fields else None, error.detail)
