"""The batch of a phone that was offline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from patients.access.authority import Authority
from patients.access.decisions import Decision, decide, require
from patients.access.uploads import left_recently
from patients.access.walls import within_a_wall_to_come, within_clinics
from patients.domain.errors import Invalid
from patients.models.authority import authority_behind, authority_of
from patients.models.session import Token, first_asked
from patients.models.user import User
from rehab.actions.entries import MOST, AmendEntry, OfflineEntry, RetractEntry, receive_entries
from rehab.api.answers import EntryAnswer, entry_answer, unreadable
from rehab.api.asking import SignedIn
from rehab.api.hot import HotView, answer, decoded_for, must_be_signed_in, shaped, token_in
from rehab.domain.session_entry import OffPlanEntry, SessionEntry, SkipEntry, StopEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBatch:
    """A batch whose entries are read one by one, so that a bad one sinks no other."""

    entries: Sequence[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEntry:
    """One entry. body: what its kind asks for; id: made by the phone, the same at every try."""

    id: UUID
    kind: Literal["session_log", "skip", "amend", "retract", "stop", "off_plan_event"]
    body: SessionEntry | SkipEntry | AmendEntry | RetractEntry | StopEntry | OffPlanEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Up to 200 entries of any offline kind."""

    entries: Sequence[BatchEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAnswer:
    """One answer an entry, in the order in which they were sent."""

    answers: Sequence[EntryAnswer]


class EntriesView(HotView):
    with_token = frozenset({"post"})

    @extend_schema(
        operation_id="receive_entries", request=Batch, responses=BatchAnswer, tags=["sessions"]
    )
    def post(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Take in what was done offline: logs, skips, corrections, stops and off-plan events.

        One bad entry never sinks the others, and a batch may be sent again, whole or in part.
        """
        sent = decoded_for(request, RawBatch).entries
        if len(sent) > MOST:
            must_be_signed_in(request)
            raise Invalid(
                "Send %(most)s entries at most.",
                field="entries",
                code="too_many",
                params={"most": MOST},
            )
        at, token = timezone.now(), token_in(request)
        by = Token.of(token, at=at) if token else request.user
        answers = first_asked(lambda: _take_in(sent, by, patient_id, at))
        return answer(BatchAnswer(answers=answers))


def _take_in(
    sent: Sequence[object], by: User | Token, patient_id: UUID, at: datetime
) -> list[EntryAnswer]:
    wall = within_a_wall_to_come() if isinstance(by, Token) else within_clinics(by.clinic_ids)
    with wall:
        author, authority = _who_may_upload(by, patient_id, at)
        read = [_entry_or_answer(raw) for raw in sent]
        entries = [each for each in read if isinstance(each, OfflineEntry)]
        replies = iter(
            receive_entries(
                by=author, at=at, patient_id=patient_id, entries=entries, authority=authority
            )
        )
    return [
        entry_answer(next(replies)) if isinstance(each, OfflineEntry) else each for each in read
    ]


def _who_may_upload(by: User | Token, patient_id: UUID, at: datetime) -> tuple[User, Authority]:
    """Refuse whoever could not have one entry taken in; former members may still upload.

    Whose token it is and what they may rest on are asked in one trip.
    """
    if isinstance(by, Token):
        author, authority = authority_behind(by, patient_id)
    else:
        author, authority = by, authority_of(by, at=at, patient_id=patient_id)
    decision = decide(authority, patient_id, "log_sessions", at)
    if decision is Decision.ALLOWED or not left_recently(authority, patient_id, at):
        require(decision)
    return author, authority


def _entry_or_answer(raw: object) -> OfflineEntry | EntryAnswer:
    try:
        return shaped(raw, OfflineEntry)
    except Invalid as refused:
        sent_id = raw.get("id") if isinstance(raw, dict) else None
        return unreadable(sent_id, refused.errors)
