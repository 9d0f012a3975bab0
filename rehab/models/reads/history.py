"""The history of a patient's sessions, newest first, and one session with its corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from patients.domain.errors import NotVisible
from rehab.models.reads.cursors import InTime, opaque
from rehab.models.reads.logs import LogRow, SessionView, read_logs, view_of
from rehab.models.reads.readers import Reader
from rehab.models.session import LogStatus, SessionAmendment

PAGE = 20
LARGEST_PAGE = 100
# What has not been adopted is not yet part of anybody's history.
SHOWN = (LogStatus.RECORDED, LogStatus.PENDING, LogStatus.RETRACTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """Session logs, newest first, with the cursors of the pages before and after."""

    results: Sequence[SessionView]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a log said before somebody changed it, who did, when and why."""

    revision: int
    kind: str
    by: str
    at: datetime
    reason: str
    before: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDetail:
    """One session log as it now stands, and every version before."""

    log: SessionView
    corrections: Sequence[Correction]


def history_of(
    patient_id: UUID,
    *,
    language: str,
    reader: Reader,
    after: InTime | None = None,
    limit: int = PAGE,
    series: UUID | None = None,
    statuses: Sequence[str] = SHOWN,
) -> HistoryPage:
    """Return a page of session logs by keyset: two statements, however long the history is."""
    newest_first = after is None or not after.back
    condition, arguments = _condition(after, series, statuses)
    rows = read_logs(patient_id, condition, arguments, limit=limit + 1, newest_first=newest_first)
    page = rows[:limit]
    more = len(rows) > limit
    if not newest_first:
        page.reverse()
    return HistoryPage(
        results=[view_of(row, language, reader=reader) for row in page],
        next=_cursor(page, -1, back=False) if page and (more or not newest_first) else None,
        previous=_cursor(page, 0, back=True)
        if page and (more if not newest_first else after is not None)
        else None,
    )


def session_of(patient_id: UUID, log_id: UUID, *, language: str, reader: Reader) -> SessionDetail:
    """Return one log with its corrections: three statements. NotVisible when there is none."""
    rows = read_logs(patient_id, "l.id = %(log)s::uuid", {"log": log_id}, limit=1)
    if not rows:
        raise NotVisible
    return SessionDetail(
        log=view_of(rows[0], language, reader=reader),
        corrections=_corrections(patient_id, rows[0], reader=reader),
    )


def _condition(
    after: InTime | None, series: UUID | None, statuses: Sequence[str]
) -> tuple[str, dict[str, object]]:
    condition = "l.status = ANY(%(statuses)s::text[])"
    arguments: dict[str, object] = {"statuses": [str(status) for status in statuses]}
    if series is not None:
        condition += " AND l.series = %(series)s::uuid"
        arguments["series"] = series
    if after is not None:
        beyond = ">" if after.back else "<"
        condition += f" AND (l.performed_at, l.id) {beyond} (%(at)s::timestamptz, %(id)s::uuid)"
        arguments |= {"at": after.at, "id": after.id}
    return condition, arguments


def _cursor(page: Sequence[LogRow], place: int, *, back: bool) -> str:
    return opaque(InTime(page[place].performed_at, page[place].id, back))


def _corrections(patient_id: UUID, log: LogRow, *, reader: Reader) -> list[Correction]:
    """Words are hidden in all versions as soon as one of them has such a sign: reasons tell too."""
    found = list(
        SessionAmendment.objects.filter(patient_id=patient_id, log_id=log.id)
        .order_by("revision")
        .values_list("revision", "kind", "by__name", "at", "reason", "before")
    )
    signs = [*log.details.symptoms, *(sign for row in found for sign in _signs_in(row[-1]))]
    words = reader.may_read_words(signs)
    return [
        Correction(
            revision=revision,
            kind=kind,
            by=by,
            at=at,
            reason=reason if words else "",
            before=reader.earlier(before, words=words),
        )
        for revision, kind, by, at, reason, before in found
    ]


def _signs_in(before: Mapping[str, Any]) -> Sequence[str]:
    return (before.get("details") or {}).get("symptoms", ())
