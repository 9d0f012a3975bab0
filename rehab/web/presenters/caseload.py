"""The caseload: one row a patient, whoever needs a person first at the top."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.models.reads.caseload import Caseload, CaseloadRow, Whose, Why
from rehab.models.reads.windows import InView
from rehab.web.presenters import clock, words
from rehab.web.presenters.due_card import Chip
from rehab.web.presenters.windows import window_chips

# Until then an age is said in hours.
HOURS_SAID = 48


@dataclass(frozen=True, slots=True)
class CaseRow:
    name: str
    url: str
    plan: str
    why: str
    reasons: Sequence[Chip]
    adherence: str
    trend: str
    last: str
    needs_attention: bool


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CaseloadPage:
    """on_duty: the reader answers for a clinic now. nobody: said where the list is empty."""

    rows: Sequence[CaseRow]
    choices: Sequence[Choice]
    on_duty: bool
    nobody: str
    older: str
    newer: str


def caseload_page(
    found: Caseload,
    now: datetime,
    language: str,
    in_view: Mapping[UUID, InView],
    *,
    whose: Whose,
    on_duty: bool,
) -> CaseloadPage:
    return CaseloadPage(
        rows=[_row(row, now, language, in_view.get(row.patient)) for row in found.results],
        choices=[Choice(label, _at(each), each is whose) for each, label in _choices()],
        on_duty=on_duty,
        nobody=_nobody(whose, on_duty=on_duty),
        older=f"{_at(whose)}&after={found.next}" if found.next else "",
        newer=f"{_at(whose)}&after={found.previous}" if found.previous else "",
    )


def _at(whose: Whose) -> str:
    return f"{reverse('rehab:caseload')}?whose={whose}"


def _choices() -> Iterator[tuple[Whose, str]]:
    yield Whose.ALL, _("Everybody I may see")
    yield Whose.MINE, _("My patients")
    yield Whose.ON_DUTY, _("On duty")


def _nobody(whose: Whose, *, on_duty: bool) -> str:
    if whose is not Whose.ON_DUTY:
        return _("No patients yet")
    if not on_duty:
        return _("You are not on duty now.")
    return _("No flag of a patient you may see waits for an answer.")


def percent(share: float | None) -> str:
    return "–" if share is None else f"{round(share * 100)} %"


def _row(row: CaseloadRow, now: datetime, language: str, in_view: InView | None) -> CaseRow:
    reasons = [*_reasons(row, now.date()), *(window_chips(in_view, language) if in_view else ())]
    return CaseRow(
        name=row.name,
        url=reverse("rehab:patient", args=[row.patient]),
        plan=_plan(row),
        why=_why(row, now),
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


def _why(row: CaseloadRow, now: datetime) -> str:
    """One plain sentence: what put this patient where they stand."""
    match row.why:
        case Why.FLAG:
            return _flagged(row, now)
        case Why.NOTE:
            return ngettext(
                "A note from home that nobody has read yet.",
                "%(many)s notes from home that nobody has read yet.",
                row.unread_notes,
            ) % {"many": row.unread_notes}
        case Why.WAITS_FOR_A_PLAN:
            return _("Weeks since the injury go by without a plan.")
        case Why.SILENT:
            return ngettext(
                "Nothing has been recorded for %(days)s day while a plan runs.",
                "Nothing has been recorded for %(days)s days while a plan runs.",
                row.silent_days or 0,
            ) % {"days": row.silent_days}
        case Why.FELL:
            return _("Less is done than before: %(now)s of what was due, before %(before)s.") % {
                "now": percent(row.adherence),
                "before": percent(row.adherence_before),
            }
        case Why.OVER_MAXIMUM:
            return ngettext(
                "%(many)s session beyond the plan's maximum in 14 days.",
                "%(many)s sessions beyond the plan's maximum in 14 days.",
                row.over_maximum,
            ) % {"many": row.over_maximum}
        case Why.DATE:
            return _dated(row, now.date())
        case Why.TO_CONFIRM:
            return _("Records wait for somebody to confirm or adopt them.")
        case Why.PAUSED:
            return _("Something is paused, and only a person lets it go on.")
    return _("Nothing asks for you now.")


def _flagged(row: CaseloadRow, now: datetime) -> str:
    level, _tone = words.LEVELS[row.worst_level or ""]
    since = _age(now - (row.oldest_flag_at or now))
    return _("%(level)s: raised %(since)s, not yet seen by anyone.") % {
        "level": level,
        "since": since,
    }


def _age(gone: timedelta) -> str:
    """How long ago: hours within the first two days, then days."""
    hours = int(gone.total_seconds() // 3600)
    if hours < 1:
        return _("less than an hour ago")
    if hours < HOURS_SAID:
        return ngettext("%(hours)s hour ago", "%(hours)s hours ago", hours) % {"hours": hours}
    return clock.ago(gone.days)


def _dated(row: CaseloadRow, today: date) -> str:
    plan, on = row.plan, row.date_due
    if plan is None or on is None:
        return ""
    values = {"date": clock.day(on, today)}
    if plan.training_expires_on == on:
        past, ahead = _("Training ended on %(date)s."), _("Training ends on %(date)s.")
    else:
        past, ahead = _("The review was due on %(date)s."), _("A review is due on %(date)s.")
    return (past if on < today else ahead) % values


def _reasons(row: CaseloadRow, today: date) -> Iterator[Chip]:
    for level, many in sorted(row.open_flags.items()):
        label, tone = words.LEVELS[level]
        yield Chip(f"{label}: {many}", tone, "alert")
    if row.unread_notes:
        yield Chip(_("New notes: %(many)s") % {"many": row.unread_notes}, "wait", "info")
    if row.silent and row.silent_days is not None:
        yield Chip(
            ngettext("Silent for %(days)s day", "Silent for %(days)s days", row.silent_days)
            % {"days": row.silent_days},
            "wait",
            "clock",
        )
    if row.over_maximum:
        yield Chip(_("Beyond the maximum: %(many)s") % {"many": row.over_maximum}, "wait", "alert")
    if row.running_pauses:
        yield Chip(_("Paused: %(many)s") % {"many": row.running_pauses}, "wait", "pause")
    if row.pending_logs:
        yield Chip(_("To confirm: %(many)s") % {"many": row.pending_logs}, "wait", "info")
    if row.quarantined_logs:
        yield Chip(_("Held back: %(many)s") % {"many": row.quarantined_logs}, "wait", "info")
    if row.duplicate_logs:
        yield Chip(_("Told twice: %(many)s") % {"many": row.duplicate_logs}, "wait", "info")
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
