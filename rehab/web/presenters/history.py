"""The history by day: what was done, by whom, and what a reader must know about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from rehab.domain.recurrence import local_date
from rehab.models.reads.history import HistoryPage
from rehab.models.reads.logs import Pain, SessionView
from rehab.web.presenters import clock, words
from rehab.web.presenters.due_card import Chip
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class HistoryLine:
    time: str
    title: str
    url: str
    chip: Chip
    by: str
    pain: str
    marks: Sequence[str]
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class HistoryDay:
    label: str
    lines: Sequence[HistoryLine]


@dataclass(frozen=True, slots=True)
class HistoryList:
    days: Sequence[HistoryDay]
    older: str
    newer: str


def history_page(found: HistoryPage, viewer: Viewer) -> HistoryList:
    today = local_date(viewer.now, viewer.patient.zone)
    base = reverse("rehab:history", args=[viewer.patient.pk])
    days = groupby(found.results, key=lambda log: local_date(log.performed_at, viewer.patient.zone))
    return HistoryList(
        days=[
            HistoryDay(
                f"{clock.day(on, today)} · {clock.weekday(on)}",
                [_line(log, viewer) for log in logs],
            )
            for on, logs in days
        ],
        older=f"{base}?after={found.next}" if found.next else "",
        newer=f"{base}?after={found.previous}" if found.previous else "",
    )


def said_by(log: SessionView) -> str:
    """Who moved the limb, and who wrote it down."""
    performer = log.performer_name or str(words.PERFORMERS.get(log.performer, log.performer))
    return _("%(who)s · written by %(author)s") % {"who": performer, "author": log.author}


def said_pain(pain: Pain) -> str:
    """Pain in words; "cannot feel here" is not 0, and nothing is not 0 either."""
    if pain is None:
        return str(words.NOT_RECORDED)
    if pain == "cannot_feel":
        return _("Cannot feel here")
    return _("%(pain)s of 10") % {"pain": pain}


def outcome_chip(log: SessionView) -> Chip:
    if log.status == "entered-in-error":
        return Chip(str(words.LOG_STATUSES[log.status]), "quiet", "cross")
    if log.status in ("pending", "quarantined"):
        return Chip(str(words.LOG_STATUSES[log.status]), "wait", "clock")
    tone, icon = ("done", "check") if log.outcome != "not_done" else ("wait", "cross")
    return Chip(str(words.OUTCOMES.get(log.outcome, log.outcome)), tone, icon)


def marks_of(log: SessionView) -> list[str]:
    """What a reader must know, in words; where it counts first."""
    placed = [str(words.PLACEMENTS[log.placement])] if words.PLACEMENTS.get(log.placement) else []
    return placed + [str(words.MARKS[mark][0]) for mark in log.marks if mark in words.MARKS]


def _line(log: SessionView, viewer: Viewer) -> HistoryLine:
    return HistoryLine(
        time=clock.clock(log.performed_at, viewer.patient.zone),
        title=log.title,
        url=reverse("rehab:session", args=[viewer.patient.pk, log.id]),
        chip=outcome_chip(log),
        by=said_by(log),
        pain=_("Pain: %(pain)s") % {"pain": said_pain(log.pain)} if log.pain is not None else "",
        marks=marks_of(log),
        is_withdrawn=log.status == "entered-in-error",
    )
