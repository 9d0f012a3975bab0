"""What changed since a cursor; also what somebody whose access ended must hear."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from patients.access.decisions import Decision, decide, require
from patients.access.uploads import left_recently
from patients.access.walls import within_clinics
from patients.domain.errors import Invalid
from patients.models.authority import authority_of
from rehab.api.asking import SignedIn, language_of, limit_in, note_reading
from rehab.api.documents import LANG, LIMIT, in_query
from rehab.api.hot import HotView, answer
from rehab.models.reads.changes import PAGE, Changes, access_ended, changes_of
from rehab.models.reads.cursors import InSequence, place_in
from rehab.models.reads.readers import Reader

MOST = 500


class ChangesView(HotView):
    @extend_schema(
        operation_id="changes",
        parameters=[
            in_query(
                "since", OpenApiTypes.STR, "The cursor of the last answer, or of the offline copy."
            ),
            LIMIT,
            LANG,
        ],
        responses=Changes,
        tags=["programme"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Occurrences, logs, flags and events that changed, oldest first; nothing is skipped.

        For 14 days after somebody's access ended the answer is the tombstone `access: ended`.
        """
        at, since = timezone.now(), _since(request, patient_id)
        limit = limit_in(request, usual=PAGE, most=MOST)
        with within_clinics(request.user.clinic_ids):
            return answer(_changes(request, patient_id, since, limit, at))


def _changes(
    request: SignedIn, patient_id: UUID, since: InSequence | None, limit: int, at: datetime
) -> Changes:
    authority = authority_of(request.user, at=at, patient_id=patient_id)
    decision = decide(authority, patient_id, "see_sessions", at)
    if decision is Decision.HIDDEN and left_recently(authority, patient_id, at):
        return access_ended(patient_id, since=since)
    require(decision)
    note_reading(request, authority, at=at, kind="changes")
    scopes = authority.scopes_for(patient_id, at)
    return changes_of(
        patient_id,
        since=since,
        with_flags="receive_alerts" in scopes,
        reader=Reader.with_scopes(scopes),
        language=language_of(request),
        limit=limit,
    )


def _since(request: SignedIn, patient_id: UUID) -> InSequence | None:
    text = request.GET.get("since")
    place = place_in(text, InSequence, field="since") if text else None
    if place is not None and place.patient != patient_id:
        raise Invalid("This cursor is of another patient.", field="since", code="unknown_cursor")
    return place
