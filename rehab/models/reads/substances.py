"""Drugs, herbs and supplements that somebody said are taken, and what is said about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from exercises import reference
from rehab.models.amendment import RecordStatus
from rehab.models.reads.interactions import Notice, notices_about
from rehab.models.substance import TakenSubstance


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenView:
    """Something that is taken, or was. kind: drug, herb, supplement or "" for typed words."""

    id: UUID
    status: str
    revision: int
    code: str
    name: str
    kind: str
    amount: str
    since: date | None
    until: date | None
    note: str
    told_at: datetime
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenPage:
    """taken: newest first; nothing here is recommended. notices: what is said of what is taken
    together, those of the clinical profile among it."""

    taken: Sequence[TakenView]
    notices: Sequence[Notice]


def substances_of(patient_id: UUID, *, language: str) -> TakenPage:
    """Return what somebody said is taken, without what was withdrawn: five statements."""
    rows = (
        TakenSubstance.objects.filter(patient_id=patient_id)
        .exclude(status=RecordStatus.RETRACTED)
        .select_related("author")
        .order_by("-performed_at", "-id")
    )
    return TakenPage(
        taken=[_view(row, language) for row in rows], notices=notices_about(patient_id)
    )


def _view(row: TakenSubstance, language: str) -> TakenView:
    known = reference.substances().get(row.code)
    return TakenView(
        id=row.id,
        status=row.status,
        revision=row.revision,
        code=row.code,
        name=known.labels[language] if known else row.text,
        kind=known.kind if known else "",
        amount=row.amount,
        since=row.since,
        until=row.until,
        note=row.note,
        told_at=row.performed_at,
        author=str(row.author),
    )
