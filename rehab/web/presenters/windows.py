"""Spans of time as a clinician reads them: weeks, days since the last ride, what is next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises import reference
from rehab.models.reads.windows import InView, InWindow
from rehab.web.presenters import clock
from rehab.web.presenters.due_card import Chip


@dataclass(frozen=True, slots=True)
class WindowLine:
    """One window: its name, where the patient stands, and what is made of it."""

    name: str
    chip: Chip
    use: str


@dataclass(frozen=True, slots=True)
class DatedLine:
    label: str
    on: str


@dataclass(frozen=True, slots=True)
class WindowsCard:
    lines: Sequence[WindowLine]
    dates: Sequence[DatedLine]


def windows_card(found: InView, language: str) -> WindowsCard:
    return WindowsCard(
        lines=[
            WindowLine(each.names[language], _chip(each, found, language), each.use[language])
            for each in found.windows
        ],
        dates=list(_dates(found, language)),
    )


def window_chips(found: InView, language: str) -> Iterator[Chip]:
    """What of it is a reason to look: weeks since an injury, and a gap that is too long."""
    for each in found.windows:
        counted = each.counts == "injury" and each.standing.weeks is not None
        if counted or each.standing.gap_too_long:
            yield _chip(each, found, language)


def _chip(each: InWindow, found: InView, language: str) -> Chip:
    standing = each.standing
    if standing.days_since is not None:
        tone = "wait" if standing.gap_too_long else "quiet"
        return Chip(_gap(each, language), tone, "clock")
    waiting = each.counts == "injury" and found.waits_for_a_plan and standing.weeks is not None
    return Chip(_week(each, waiting=waiting), "wait" if waiting else "quiet", "clock")


def _week(each: InWindow, *, waiting: bool) -> str:
    said = {"week": each.standing.week, "weeks": each.standing.weeks}
    if each.standing.weeks is None:
        return _("Week %(week)s") % said
    if waiting:
        return _("Week %(week)s of %(weeks)s since the injury, no plan yet") % said
    if each.counts == "injury":
        return _("Week %(week)s of %(weeks)s since the injury") % said
    return _("Week %(week)s of %(weeks)s") % said


def _gap(each: InWindow, language: str) -> str:
    days = each.standing.days_since or 0
    name = reference.modalities()[each.modality or ""].labels[language]
    said = {"days": days, "name": name}
    if each.standing.gap_too_long:
        return (
            ngettext(
                "%(name)s: %(days)s day ago, confirm the settings first",
                "%(name)s: %(days)s days ago, confirm the settings first",
                days,
            )
            % said
        )
    return _("%(name)s: %(ago)s") % {"name": name, "ago": clock.ago(days)}


def _dates(found: InView, language: str) -> Iterator[DatedLine]:
    if found.review_due_on is not None:
        yield DatedLine(_("Review of the plan"), clock.day(found.review_due_on))
    for task in found.tasks:
        yield DatedLine(task.texts[language], clock.day(task.on))
    if found.training_expires_on is not None:
        yield DatedLine(_("Training ends unless renewed"), clock.day(found.training_expires_on))
