"""What Learn and Eat have in common: who reads for whom, and which content is loaded."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from exercises.models import ContentVersion
from patients.domain.errors import Invalid
from rehab.models.reads.content_reader import Reader, reader_of
from rehab.models.reads.cursors import InOrder, place_in
from rehab.web.presenters import clock
from rehab.web.viewing import Viewer


def reader_for(viewer: Viewer) -> Reader:
    return reader_of(viewer.authority, at=viewer.now, language=viewer.language)


def version_note(viewer: Viewer) -> str:
    """Which version of the content this is, since when; for the foot of the page."""
    version = ContentVersion.objects.latest_loaded()
    if version is None:
        return ""
    return _("Content version %(number)s, of %(date)s") % {
        "number": version.number,
        "date": _day(version.loaded_at, viewer),
    }


def _day(at: datetime, viewer: Viewer) -> str:
    return clock.moment(at, viewer.patient.zone).rpartition(" ")[0]


def skipped(request: HttpRequest) -> int:
    """How many rows of a list come before this page; 0 for a cursor that nobody gave out."""
    try:
        found = place_in(request.GET["after"], InOrder).skip if "after" in request.GET else 0
    except Invalid:
        return 0
    return max(found, 0)
