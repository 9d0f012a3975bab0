"""How it goes: figures by item and week."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from rehab.api.asking import SignedIn, days_in, language_of, seeing
from rehab.api.documents import FROM, LANG, TO
from rehab.api.hot import HotView, answer
from rehab.domain.recurrence import week_of
from rehab.models.reads.progress import Progress, progress_of

WEEKS = timedelta(weeks=11)
MOST_DAYS = 400


class ProgressView(HotView):
    @extend_schema(
        operation_id="progress", parameters=[FROM, TO, LANG], responses=Progress, tags=["programme"]
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Due, done, missed, skipped, extra, pain and adherence, by item, week and version.

        Twelve weeks unless `from` and `to` say otherwise. Every figure is defined in docs/api.md.
        """
        at = timezone.now()
        first, last = days_in(
            request, first=week_of(at.date()) - WEEKS, last=at.date(), most=MOST_DAYS
        )
        with seeing(request, patient_id, at=at, kind="progress"):
            return answer(
                progress_of(
                    patient_id, first=first, last=last, now=at, language=language_of(request)
                )
            )
