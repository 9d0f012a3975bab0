"""Answered flags: what fired, who answered and when, and whether it rose unseen before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from rehab.models.reads.flags import FlagPage, FlagView
from rehab.web.presenters import clock, words
from rehab.web.presenters.due_card import Chip
from rehab.web.viewing import language_now


@dataclass(frozen=True, slots=True)
class AnsweredFlag:
    """rose: from which level it rose, because nobody had seen it."""

    patient: str
    patient_url: str
    chip: Chip
    text: str
    raised: str
    rose: str
    answered: str
    note: str
    log_url: str


@dataclass(frozen=True, slots=True)
class AnsweredPage:
    rows: Sequence[AnsweredFlag]
    of_one: bool
    clock_note: str
    older: str
    newer: str


def answered_page(
    found: FlagPage, before: Mapping[UUID, tuple[str, datetime]], here: str, zone: str | None
) -> AnsweredPage:
    """zone: the patient's; None for flags of several patients, each on its clinic's clock."""
    clocks = {zone or each.clinic_zone for each in found.results}
    rows = [
        _row(each, before.get(each.id), zone or each.clinic_zone, labelled=len(clocks) > 1)
        for each in found.results
    ]
    return AnsweredPage(
        rows=rows,
        of_one=zone is not None,
        clock_note=_("All times are %(clock)s.") % {"clock": _label(*clocks)}
        if len(clocks) == 1
        else "",
        older=f"{here}?after={found.next}" if found.next else "",
        newer=f"{here}?after={found.previous}" if found.previous else "",
    )


def _label(zone: str) -> str:
    return clock.zone_label(zone, language_now())


def rose_from(before: tuple[str, datetime] | None, zone: str) -> str:
    """Say from which level a flag rose; empty for one that did not."""
    if before is None:
        return ""
    level, at = before
    return _("Was “%(level)s” and rose on %(when)s, because nobody had seen it.") % {
        "level": words.LEVELS[level][0],
        "when": clock.moment(at, zone),
    }


def _row(
    flag: FlagView, before: tuple[str, datetime] | None, zone: str, *, labelled: bool
) -> AnsweredFlag:
    """labelled: the row names its clock, because another row is on another one."""
    label, tone = words.LEVELS[flag.level]
    named = f" ({_label(zone)})" if labelled else ""
    return AnsweredFlag(
        patient=flag.patient_name,
        patient_url=reverse("rehab:patient", args=[flag.patient]),
        chip=Chip(str(label), tone, "alert"),
        text=flag.text,
        raised=f"{clock.moment(flag.raised_at, zone)}{named}",
        rose=rose_from(before, zone),
        answered=_("%(who)s, %(when)s")
        % {
            "who": flag.acknowledged_by,
            "when": f"{clock.moment(flag.acknowledged_at, zone)}{named}"
            if flag.acknowledged_at
            else "",
        },
        note=flag.acknowledgement,
        log_url=reverse("rehab:session", args=[flag.patient, flag.log]) if flag.log else "",
    )
