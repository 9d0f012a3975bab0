"""The caseload: one row a patient, whoever needs a person first at the top."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.models.reads.caseload import Caseload, CaseloadRow
from rehab.models.reads.windows import InView
from rehab.web.presenters import clock, words
from rehab.web.presenters.due_card import Chip
from rehab.web.presenters.windows import window_chips


@dataclass(frozen=True, slots=True)
class CaseRow:
    name: str
    url: str
    plan: str
    reasons: Sequence[Chip]
    adherence: str
    trend: str
    last: str
    needs_attention: bool


@dataclass(frozen=True, slots=True)
class CaseloadPage:
    rows: Sequence[CaseRow]
    older: str
    newer: str


def caseload_page(
    found: Caseload, now: datetime, language: str, in_view: Mapping[UUID, InView]
) -> CaseloadPage:
    base = reverse("rehab:caseload")
    return CaseloadPage(
        rows=[_row(row, now, language, in_view.get(row.patient)) for row in found.results],
        older=f"{base}?after={found.next}" if found.next else "",
        newer=f"{base}?after={found.previous}" if found.previous else "",
    )


def percent(share: float | None) -> str:
    return "–" if share is None else f"{round(share * 100)} %"


def _row(row: CaseloadRow, now: datetime, language: str, in_view: InView | None) -> CaseRow:
    reasons = [*_reasons(row, now.date()), *(window_chips(in_view, language) if in_view else ())]
    return CaseRow(
        name=row.name,
        url=reverse("rehab:patient", args=[row.patient]),
        plan=_plan(row),
        reasons=reasons,
        adherence=percent(row.adherence),
        trend=_trend(row),
        last=_last(row, now),
        needs_attention=row.worst_level in ("E0", "E1"),
    )


def _plan(row: CaseloadRow) -> str:
    if row.plan is None:
        return _("No running plan")
    return f"{row.plan.title} · {words.PLAN_STATUSES[row.plan.status][0]}"


def _reasons(row: CaseloadRow, today: date) -> Iterator[Chip]:
    for level, many in sorted(row.open_flags.items()):
        label, tone = words.LEVELS[level]
        yield Chip(f"{label}: {many}", tone, "alert")
    if row.silent and row.silent_days is not None:
        yield Chip(
            ngettext("Silent for %(days)s day", "Silent for %(days)s days", row.silent_days)
            % {"days": row.silent_days},
            "wait",
            "clock",
        )
    if row.running_pauses:
        yield Chip(_("Paused: %(many)s") % {"many": row.running_pauses}, "wait", "pause")
    if row.pending_logs:
        yield Chip(_("To confirm: %(many)s") % {"many": row.pending_logs}, "wait", "info")
    if row.quarantined_logs:
        yield Chip(_("Held back: %(many)s") % {"many": row.quarantined_logs}, "wait", "info")
    yield from _dates(row, today)


def _dates(row: CaseloadRow, today: date) -> Iterator[Chip]:
    if row.plan is None:
        return
    if row.plan.training_expires_on is not None and row.plan.training_expires_on < today:
        yield Chip(_("Training expired"), "wait", "plan")
    elif row.plan.review_due_on is not None and row.plan.review_due_on < today:
        yield Chip(_("Review overdue"), "wait", "plan")


def _trend(row: CaseloadRow) -> str:
    if row.adherence is None or row.adherence_before is None:
        return ""
    return _("before: %(share)s") % {"share": percent(row.adherence_before)}


def _last(row: CaseloadRow, now: datetime) -> str:
    if row.last_session_at is None:
        return _("nothing recorded yet")
    return clock.ago((now - row.last_session_at).days)
