"""One person in a caregiver's list: what happened today, what comes next, what is paused."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from patients.access.authority import Authority
from patients.models import Patient
from rehab.models.reads.due import DueOccurrence
from rehab.models.reads.today import Today
from rehab.web.presenters import clock, words
from rehab.web.presenters.due_card import Chip


@dataclass(frozen=True, slots=True)
class PersonLine:
    when: str
    title: str
    chip: Chip


@dataclass(frozen=True, slots=True)
class PersonCard:
    name: str
    initial: str
    url: str
    history_url: str
    progress_url: str
    clock: str
    progress: str
    paused: str
    next: str
    lines: Sequence[PersonLine]
    is_own: bool


def person_card(patient: Patient, today: Today, authority: Authority, language: str) -> PersonCard:
    settled = [each for each in today.occurrences if each.state not in ("due", "paused")]
    waiting = [each for each in today.occurrences if each.state == "due" and not each.paused]
    counted = [each for each in today.occurrences if each.state != "paused"]
    done = [each for each in counted if each.state in ("done", "partial")]
    return PersonCard(
        name=patient.name,
        initial=patient.name[:1],
        url=reverse("rehab:today", args=[patient.pk]),
        history_url=reverse("rehab:history", args=[patient.pk]),
        progress_url=reverse("rehab:progress", args=[patient.pk]),
        clock=_("%(zone)s, now %(time)s")
        % {
            "zone": clock.zone_label(patient.zone, language),
            "time": clock.clock(today.now, patient.zone),
        },
        progress=_("%(done)s of %(all)s done today") % {"done": len(done), "all": len(counted)}
        if counted
        else "",
        paused=_("Something is paused") if today.pauses else "",
        next=_next(waiting),
        lines=[_line(each) for each in settled],
        is_own=patient.pk in authority.own_patient_ids,
    )


def _next(waiting: Sequence[DueOccurrence]) -> str:
    if not waiting:
        return ""
    first = waiting[0]
    if first.local.time is None:
        return _("Any time this week: %(title)s") % {"title": first.item.title}
    return f"{first.local.time} · {first.item.title}"


def _line(each: DueOccurrence) -> PersonLine:
    label, tone, icon = words.STATES[each.state]
    when = f"{each.log.performed_at:%H:%M}" if each.log else each.local.time or ""
    return PersonLine(when, each.item.title, Chip(str(label), tone, icon))
