"""Where content comes from, and where two claims clash; for a clinic's own people."""

from django.http import HttpRequest, HttpResponse

from patients.domain.errors import NotVisible
from rehab.models.reads.sources import conflicts as all_conflicts
from rehab.models.reads.sources import sources as all_sources
from rehab.models.reads.sources import use_of_source
from rehab.web.doors import page, show
from rehab.web.presenters.sources import conflict_rows, source_page, source_rows
from rehab.web.signing import frame, office


@page("GET", "HEAD")
def sources(request: HttpRequest) -> HttpResponse:
    """The five documents, then what their claims were checked against."""
    desk = office(request)
    context = {**frame(desk, "sources"), "rows": source_rows(all_sources(), desk.language)}
    return show(request, "rehab/content/sources.html", context)


@page("GET", "HEAD")
def source(request: HttpRequest, code: str) -> HttpResponse:
    """One source: what was made of each section, and for whom."""
    desk = office(request)
    found = use_of_source(code)
    if found is None:
        raise NotVisible
    context = {
        **frame(desk, "sources"),
        "page": source_page(found, desk.clinic, desk.language),
    }
    return show(request, "rehab/content/source.html", context)


@page("GET", "HEAD")
def conflicts(request: HttpRequest) -> HttpResponse:
    """Claims that clash: what hides whose advice until somebody resolves it."""
    desk = office(request)
    context = {
        **frame(desk, "conflicts"),
        "rows": conflict_rows(all_conflicts(), desk.clinic, desk.language),
    }
    return show(request, "rehab/content/conflicts.html", context)
