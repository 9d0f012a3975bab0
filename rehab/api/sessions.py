"""Session logs: recording one, reading one, and the history."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from patients.access.decisions import decide, require
from patients.domain.errors import Invalid, NotVisible
from patients.models.session import Token, first_asked
from rehab.actions.merging import tell_session
from rehab.api.answers import Quarantined, SessionAnswer, session_answer
from rehab.api.asking import SignedIn, id_in, language_of, limit_in, page_address, seeing
from rehab.api.documents import CURSOR, LANG, LIMIT, in_query
from rehab.api.hot import HotView, answer, decoded_for, token_in
from rehab.domain.session_entry import SessionEntry
from rehab.models.reads.cursors import InTime, place_in
from rehab.models.reads.history import (
    LARGEST_PAGE,
    PAGE,
    SHOWN,
    HistoryPage,
    SessionDetail,
    history_of,
    session_of,
)
from rehab.models.reads.readers import Reader
from rehab.models.session import LogStatus


class SessionLogView(HotView):
    with_token = frozenset({"put"})

    @extend_schema(
        operation_id="log_session",
        request=SessionEntry,
        responses={200: SessionAnswer, 201: SessionAnswer, 202: Quarantined},
        tags=["sessions"],
    )
    def put(self, request: SignedIn, patient_id: UUID, log_id: UUID) -> HttpResponse:
        """Record a session under the caller's own id; sending it again changes nothing.

        201 new, 200 the same again, 202 quarantined, 409 the id was used for another body, 422 a
        value that cannot be or (`confirm_required`) one that must be confirmed.
        """
        at, token = timezone.now(), token_in(request)
        entry = decoded_for(request, SessionEntry)
        by = Token.of(token, at=at) if token else request.user
        reply = first_asked(
            lambda: tell_session(by=by, at=at, patient_id=patient_id, log_id=log_id, entry=entry)
        )
        status, body = session_answer(reply)
        return answer(body, status)

    @extend_schema(
        operation_id="session_log", parameters=[LANG], responses=SessionDetail, tags=["sessions"]
    )
    def get(self, request: SignedIn, patient_id: UUID, log_id: UUID) -> HttpResponse:
        """One session as it now stands, with every version before."""
        at = timezone.now()
        with seeing(request, patient_id, at=at, kind="session_log") as authority:
            found = session_of(
                patient_id,
                log_id,
                language=language_of(request),
                reader=Reader.with_scopes(authority.scopes_for(patient_id, at)),
            )
            waits = found.log.status == LogStatus.QUARANTINED
            if waits and not authority.coordinates(patient_id, at):
                raise NotVisible
            return answer(found)


class HistoryView(HotView):
    @extend_schema(
        operation_id="session_logs",
        parameters=[
            CURSOR,
            LIMIT,
            in_query("series", OpenApiTypes.UUID, "Only this item."),
            OpenApiParameter(
                "status",
                OpenApiTypes.STR,
                enum=[str(status) for status in LogStatus],
                description="Only this status; `quarantined` is for a coordinator.",
            ),
            LANG,
        ],
        responses=HistoryPage,
        tags=["sessions"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Sessions, the latest first."""
        at, cursor, statuses = timezone.now(), request.GET.get("cursor"), _statuses(request)
        after = place_in(cursor, InTime) if cursor else None
        limit = limit_in(request, usual=PAGE, most=LARGEST_PAGE)
        series, language = id_in(request, "series"), language_of(request)
        with seeing(request, patient_id, at=at, kind="session_logs") as authority:
            if LogStatus.QUARANTINED in statuses:
                require(decide(authority, patient_id, "adopt", at))
            page = history_of(
                patient_id,
                language=language,
                reader=Reader.with_scopes(authority.scopes_for(patient_id, at)),
                after=after,
                limit=limit,
                series=series,
                statuses=statuses,
            )
        return answer(
            replace(
                page,
                next=page_address(request, page.next),
                previous=page_address(request, page.previous),
            )
        )


def _statuses(request: SignedIn) -> tuple[str, ...]:
    wanted = request.GET.get("status")
    if not wanted:
        return tuple(SHOWN)
    if wanted not in LogStatus.values:
        raise Invalid("There is no such status.", field="status", code="not_a_choice")
    return (wanted,)
