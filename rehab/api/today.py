"""What is due on one day, and the copy that a phone keeps."""

from hashlib import sha256
from uuid import UUID

import orjson
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from rehab.api.asking import SignedIn, date_in, language_of, seeing
from rehab.api.documents import LANG, in_query
from rehab.api.hot import HotView, answer
from rehab.models.reads.offline import offline_copy
from rehab.models.reads.offline_shapes import OfflineCopy
from rehab.models.reads.readers import Reader
from rehab.models.reads.today import Today, today_of


class TodayView(HotView):
    @extend_schema(
        operation_id="today",
        parameters=[
            in_query("date", OpenApiTypes.DATE, "Another local date; stored or computed ahead."),
            LANG,
        ],
        responses=Today,
        tags=["programme"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """What is due, what became of it, what is paused and what is still allowed."""
        at, on = timezone.now(), date_in(request, "date")
        with seeing(request, patient_id, at=at, kind="today") as authority:
            scopes = authority.scopes_for(patient_id, at)
            return answer(
                today_of(
                    patient_id,
                    now=at,
                    language=language_of(request),
                    on=on,
                    with_flags="receive_alerts" in scopes,
                    reader=Reader.with_scopes(scopes),
                )
            )


class OfflineView(HotView):
    @extend_schema(
        operation_id="offline_copy",
        parameters=[
            OpenApiParameter(
                "If-None-Match",
                str,
                OpenApiParameter.HEADER,
                description="The ETag of the copy at hand.",
            ),
            OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 304]),
        ],
        responses={
            200: OfflineCopy,
            304: OpenApiResponse(description="The copy at hand is still right."),
        },
        tags=["programme"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Fourteen days back and ahead, with rules, questions, limits and emergency texts."""
        at = timezone.now()
        with seeing(request, patient_id, at=at, kind="offline") as authority:
            copy = offline_copy(
                patient_id,
                now=at,
                scopes=authority.scopes_for(patient_id, at),
                own_device=patient_id in authority.own_patient_ids,
            )
        return _unless_known(request, orjson.dumps(copy))


def _unless_known(request: SignedIn, body: bytes) -> HttpResponse:
    """Return the body with its ETag, or 304 when the caller holds that one already."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, headers=headers, content_type="application/json")
