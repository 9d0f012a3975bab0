"""One thing due as a card: what is asked for, on whose clock, and what can be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises import reference
from rehab.domain.recurrence import local_time
from rehab.models.reads.due import DueOccurrence, DuePart
from rehab.web.presenters import clock, doses, words
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class DoseLine:
    part: str
    dose: str
    paused: bool


@dataclass(frozen=True, slots=True)
class DueCard:
    """One thing due, with everything that can be done about it. `anchor` is its id on the page."""

    anchor: str
    title: str
    when: str
    clock_note: str
    kind: str
    lines: Sequence[DoseLine]
    instruction: str
    chip: Chip
    note: str
    asks_first: bool
    quick_url: str
    detail_url: str
    skip_url: str
    snooze_url: str
    stop_url: str


def dose_lines(parts: Sequence[DuePart], language: str) -> list[DoseLine]:
    return [
        DoseLine(_part_label(part), doses.dose_line(part.dose, part.maximum, language), part.paused)
        for part in parts
    ]


def _part_label(part: DuePart) -> str:
    if part.channel is None:
        return part.label
    return _("%(part)s (channel %(channel)s)") % {"part": part.label, "channel": part.channel}


def card_of(each: DueOccurrence, viewer: Viewer, today: date) -> DueCard:
    """One thing due, as a card."""
    patient, language = viewer.patient.pk, viewer.language
    label, tone, icon = words.STATES["paused" if each.paused else each.state]
    modality = reference.modalities()[each.item.modality]
    session = doses.dose_line(each.item.target, _session_maximum(each), language)
    lines = dose_lines(each.parts, language)
    return DueCard(
        anchor=f"due-{each.id}",
        title=each.item.title,
        when=when(each, today),
        clock_note=_item_clock(each, viewer),
        kind=str(words.KINDS[each.item.kind]) if each.item.kind == "care" else "",
        lines=[*lines, *([DoseLine("", session, False)] if session else [])],
        instruction=each.item.instruction,
        chip=Chip(str(label), tone, icon),
        note=_note(each, viewer),
        asks_first=bool(each.gate_questions)
        and (modality.skin_matters or modality.pressure_matters),
        quick_url=reverse("rehab:quick", args=[patient, each.id]),
        detail_url=reverse("rehab:log", args=[patient, each.id]),
        skip_url=reverse("rehab:skip", args=[patient, each.id]),
        snooze_url=reverse("rehab:snooze", args=[patient, each.id]),
        stop_url=reverse("rehab:stop", args=[patient, each.item.series]),
    )


def _session_maximum(each: DueOccurrence) -> dict[str, float | int | str | None]:
    return {
        code: most
        for code, most in each.item.maximum.items()
        if not code.startswith("sessions_per_")
    }


def when(each: DueOccurrence, today: date) -> str:
    if each.local.time is None:
        return _("Any time this week")
    if each.local.date != today:
        return f"{clock.day(each.local.date, today)} {each.local.time}"
    return each.local.time


def _item_clock(each: DueOccurrence, viewer: Viewer) -> str:
    """The item's own clock where it is not the patient's: "10:00 Xinjiang time = 12:00 …"."""
    zone = viewer.patient.zone
    if (
        each.local.time is None
        or each.due_at.utcoffset() == local_time(each.due_at, zone).utcoffset()
    ):
        return ""
    return _("%(time)s %(zone)s = %(other)s %(other_zone)s") % {
        "time": each.local.time,
        "zone": each.local.label,
        "other": clock.clock(each.due_at, zone),
        "other_zone": clock.zone_label(zone, viewer.language),
    }


def _note(each: DueOccurrence, viewer: Viewer) -> str:
    if each.snoozed_until is not None and each.snoozed_until > viewer.now:
        return _("We remind you again at %(time)s") % {
            "time": clock.clock(each.snoozed_until, each.local.zone)
        }
    most = each.item.maximum.get("sessions_per_day")
    if isinstance(most, int):
        return ngettext(
            "No more than %(most)s session a day", "No more than %(most)s sessions a day", most
        ) % {"most": most}
    return ""
