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

UNIVERSAL = "UTC"


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
    """zone: the patient's; None for flags of several patients, which are told in UTC."""
    said_in = zone or UNIVERSAL
    return AnsweredPage(
        rows=[_row(each, before.get(each.id), said_in) for each in found.results],
        of_one=zone is not None,
        clock_note="" if zone else _("Times are UTC: these patients live by different clocks."),
        older=f"{here}?after={found.next}" if found.next else "",
        newer=f"{here}?after={found.previous}" if found.previous else "",
    )


def rose_from(before: tuple[str, datetime] | None, zone: str) -> str:
    """Say from which level a flag rose; empty for one that did not."""
    if before is None:
        return ""
    level, at = before
    return _("Was “%(level)s” and rose on %(when)s, because nobody had seen it.") % {
        "level": words.LEVELS[level][0],
        "when": clock.moment(at, zone),
    }


def _row(flag: FlagView, before: tuple[str, datetime] | None, zone: str) -> AnsweredFlag:
    label, tone = words.LEVELS[flag.level]
    return AnsweredFlag(
        patient=flag.patient_name,
        patient_url=reverse("rehab:patient", args=[flag.patient]),
        chip=Chip(str(label), tone, "alert"),
        text=flag.text,
        raised=clock.moment(flag.raised_at, zone),
        rose=rose_from(before, zone),
        answered=_("%(who)s, %(when)s")
        % {
            "who": flag.acknowledged_by,
            "when": clock.moment(flag.acknowledged_at, zone) if flag.acknowledged_at else "",
        },
        note=flag.acknowledgement,
        log_url=reverse("rehab:session", args=[flag.patient, flag.log]) if flag.log else "",
    )
