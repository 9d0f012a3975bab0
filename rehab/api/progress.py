"""How it goes: figures by item and week, what was measured, and the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from patients.domain.errors import Invalid
from rehab.actions.up_to_now import progress_up_to_now
from rehab.api.asking import SignedIn, days_in, language_of, seeing
from rehab.api.documents import FROM, LANG, TO
from rehab.api.hot import HotView, answer
from rehab.domain.definitions import DefinedFigure, definitions_in
from rehab.domain.recurrence import week_of
from rehab.models.reads.progress import By
from rehab.models.reads.progress_shapes import Progress
from rehab.models.reads.progress_table import progress_table

WEEKS = timedelta(weeks=11)
MOST_DAYS = 400
MOST_DAYS_BY_DAY = 120
DEFINITIONS_PAGE = "/help/figures/"

BY = OpenApiParameter(
    "by",
    OpenApiTypes.STR,
    OpenApiParameter.QUERY,
    enum=["week", "day"],
    description="What the points of measures, weight and protein are summed by; week if left out.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedFigures:
    """Every figure of progress, group by group."""

    results: Sequence[DefinedFigure]


class ProgressView(HotView):
    @extend_schema(
        operation_id="progress",
        parameters=[FROM, TO, BY, LANG],
        responses=Progress,
        tags=["programme"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Due, done, missed, dose, pain, effort, skin and what was measured, by item and week.

        Twelve weeks unless `from` and `to` say otherwise. Assessments and the person's own usual
        values need `see_conditions`, weight and protein `see_diet`; `not_shown` names what was
        left out. `GET /figures` says what every figure means.
        """
        return answer(_progress(request, patient_id, at=timezone.now(), kind="progress"))


class ProgressTable(HotView):
    @extend_schema(
        operation_id="progress_table",
        parameters=[FROM, TO, BY, LANG],
        responses={(200, "text/csv"): OpenApiTypes.STR},
        tags=["programme"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """The same figures as comma-separated values, one row for each figure and week or day.

        UTF-8 with a byte order mark, units in a column of their own, the address of the page that
        defines the figures in the first line. A cell that a spreadsheet would run as a formula
        begins with an apostrophe.
        """
        at = timezone.now()
        progress = _progress(request, patient_id, at=at, kind="progress_table")
        page = request.build_absolute_uri(DEFINITIONS_PAGE)
        table = progress_table(progress, language=language_of(request), page=page)
        name = f"progress-{progress.first}-{progress.last}.csv"
        return HttpResponse(
            table.encode("utf-8-sig"),
            content_type="text/csv; charset=utf-8",
            headers={
                "Cache-Control": "private, no-store",
                "Content-Disposition": f'attachment; filename="{name}"',
            },
        )


class Figures(HotView):
    @extend_schema(
        operation_id="figures",
        parameters=[LANG],
        responses=DefinedFigures,
        tags=["programme"],
    )
    def get(self, request: SignedIn) -> HttpResponse:
        """What every figure of progress means, in the words that the page and the table use."""
        return answer(DefinedFigures(results=definitions_in(language_of(request))))


def _progress(request: SignedIn, patient_id: UUID, *, at: datetime, kind: str) -> Progress:
    by = _by(request)
    first, last = _days(request, at, by)
    with seeing(request, patient_id, at=at, kind=kind) as authority:
        return progress_up_to_now(
            patient_id,
            first=first,
            last=last,
            now=at,
            language=language_of(request),
            scopes=authority.scopes_for(patient_id, at),
            by=by,
        )


def _by(request: SignedIn) -> By:
    asked = request.GET.get("by") or "week"
    if asked == "week":
        return "week"
    if asked == "day":
        return "day"
    raise Invalid("Choose week or day.", field="by", code="not_a_choice")


def _days(request: SignedIn, at: datetime, by: By) -> tuple[date, date]:
    most = MOST_DAYS if by == "week" else MOST_DAYS_BY_DAY
    return days_in(request, first=week_of(at.date()) - WEEKS, last=at.date(), most=most)
