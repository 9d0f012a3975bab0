"""Taking back something that was told: it is asked why, and the record stays readable."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from patients.domain.errors import DomainError
from rehab.web.doors import go, show
from rehab.web.forms.reasons import ReasonForm
from rehab.web.forms.refusals import put_on_form
from rehab.web.presenters.tabs import tabs_for
from rehab.web.viewing import Viewer


def ask_why(
    request: HttpRequest,
    viewer: Viewer,
    *,
    take_back: Callable[[str], object],
    back: str,
    tab: str,
    done: str,
) -> HttpResponse:
    """Show the question, or call `take_back` with the reason and go `back`, saying `done`."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            take_back(form.cleaned_data["reason"])
        except DomainError as error:
            if error.status in (403, 404):
                raise
            put_on_form(form, error)
        else:
            messages.success(request, done)
            return go(request, back)
    context = {"viewer": viewer, "tabs": tabs_for(viewer, tab), "form": form, "back_url": back}
    status = 422 if form.errors else 200
    return show(request, "rehab/withdraw.html", context, status=status)
