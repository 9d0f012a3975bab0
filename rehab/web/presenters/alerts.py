"""A red flag as it is shown: what to do now, what is still allowed, whom to call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from rehab import rules
from rehab.actions.answers import RaisedFlag
from rehab.domain.safety import phrase
from rehab.models.reads.flags import FlagView
from rehab.web.presenters import clock
from rehab.web.viewing import Viewer

LATE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Panel:
    """One flag for whoever holds the phone. `is_urgent`: an emergency, or a stop today."""

    title: str
    is_urgent: bool
    about: str
    do_now: str
    instead: str
    call: str
    phone: str
    emergency_number: str
    not_watched: str
    seen: str


def panels_of(flags: Iterable[RaisedFlag], viewer: Viewer) -> list[Panel]:
    """Panels for what an entry raised just now, also when the entry itself was refused."""
    return [
        _panel(
            each.level,
            viewer,
            do_now=each.text[viewer.language],
            instead=each.instead[viewer.language],
        )
        for each in flags
    ]


def panels_from(flags: Sequence[FlagView], viewer: Viewer) -> list[Panel]:
    """Panels for stored flags."""
    return [
        _panel(
            each.level,
            viewer,
            do_now=each.text,
            instead=each.instead,
            call=each.call,
            about=_about(each, viewer),
            seen=_seen(each, viewer),
        )
        for each in flags
    ]


def _panel(
    level: str,
    viewer: Viewer,
    *,
    do_now: str,
    instead: str,
    call: str = "",
    about: str = "",
    seen: str = "",
) -> Panel:
    clinic = viewer.patient.clinic
    return Panel(
        title=_title(level),
        is_urgent=level in ("E0", "E1"),
        about=about,
        do_now=do_now,
        instead=instead,
        call=call,
        phone=clinic.phone,
        emergency_number=clinic.emergency_number if level in ("E0", "E1") else "",
        not_watched=not_watched(viewer),
        seen=seen,
    )


def not_watched(viewer: Viewer) -> str:
    clinic = viewer.patient.clinic
    values = {
        "emergency_number": clinic.emergency_number,
        "clinic_name": clinic.name,
        "clinic_phone": clinic.phone,
    }
    return phrase(rules.notices()["not_watched"], viewer.language, values)


def _title(level: str) -> str:
    match level:
        case "E0":
            return _("Do this now")
        case "E1":
            return _("Stop this item and call today")
        case "E2":
            return _("Your clinic will be told")
    return _("Noted for your clinic")


def _about(flag: FlagView, viewer: Viewer) -> str:
    age = viewer.now - flag.occurred_at
    if age < LATE:
        return ""
    values = {"age_hours": round(age.total_seconds() / 3600)}
    return phrase(rules.notices()["late"], viewer.language, values)


def _seen(flag: FlagView, viewer: Viewer) -> str:
    if flag.acknowledged_at is None:
        return _("Not yet seen by anyone at the clinic.")
    return _("Seen by %(who)s, %(when)s") % {
        "who": flag.acknowledged_by,
        "when": clock.moment(flag.acknowledged_at, viewer.patient.zone),
    }
