"""A clinic's duty: who answers now and next, the week, closed days, and who is away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from patients.access.authority import Authority
from patients.models import Absence, Clinic, DutyShift, User
from patients.models.duty import DutyContact, NextDuty, duty_contact_at, next_duty
from rehab.domain.opening_hours import opening_from
from rehab.domain.recurrence import local_date
from rehab.web.presenters import clock

HOLIDAYS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Turn:
    day: str
    times: str
    who: str


@dataclass(frozen=True, slots=True)
class Away:
    id: UUID
    text: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class ClinicCard:
    id: UUID
    name: str
    clock_note: str
    now: str
    next: str
    open: str
    unattended: bool
    week: Sequence[Turn]
    holidays: Sequence[str]
    absences: Sequence[Away]
    away_url: str
    rota_url: str
    hours_url: str


def clinic_card(clinic: Clinic, user: User, authority: Authority, now: datetime) -> ClinicCard:
    """The links to edit are empty for whoever does not coordinate the clinic."""
    coordinates = clinic.pk in authority.coordinated_clinics(now)
    today = local_date(now, clinic.zone)
    return ClinicCard(
        id=clinic.pk,
        name=clinic.name,
        clock_note=_("Times are the clinic's, now %(time)s")
        % {"time": clock.clock(now, clinic.zone)},
        now=_said(duty_contact_at(clinic, now)) or _("Nobody is on duty now."),
        next=_next(next_duty(clinic, now), now, clinic.zone),
        open=_open(clinic, now),
        unattended=clinic.unattended,
        week=list(_week(clinic)),
        holidays=[clock.day(on, today) for on in sorted(clinic.holidays) if on >= today][
            :HOLIDAYS_SHOWN
        ],
        absences=[
            _away(each, now, may_end=coordinates or each.practitioner.user_id == user.pk)
            for each in Absence.objects.not_over(now).filter(clinic=clinic)
        ],
        away_url=reverse("rehab:away", args=[clinic.pk]),
        rota_url=reverse("rehab:rota", args=[clinic.pk]) if coordinates else "",
        hours_url=reverse("rehab:hours", args=[clinic.pk]) if coordinates else "",
    )


def stands_in(user: User, now: datetime) -> list[str]:
    """For whom an account stands in now, and how long; a sentence each."""
    running = Absence.objects.not_over(now).running(now).filter(deputy__user=user)
    return [
        _("You stand in for %(name)s until %(last)s.")
        % {"name": each.practitioner.user.name, "last": _last_day(each, now)}
        for each in running
    ]


def _last_day(absence: Absence, now: datetime) -> str:
    zone = absence.clinic.zone
    # The end is the first moment after: the day before it is the last one away.
    last = local_date(absence.ends_at - timedelta(seconds=1), zone)
    return clock.day(last, local_date(now, zone))


def _said(contact: DutyContact | None) -> str:
    if contact is None:
        return ""
    name = contact.practitioner.user.name
    if contact.deputy is None:
        return _("%(name)s, without a deputy") % {"name": name}
    values = {"name": name, "deputy": contact.deputy.user.name}
    return _("%(name)s, deputy %(deputy)s") % values


def _next(found: NextDuty | None, now: datetime, zone: str) -> str:
    if found is None:
        return _("No turn within four weeks.")
    return _("%(day)s %(from)s–%(until)s: %(who)s") % {
        "day": clock.day(found.on, local_date(now, zone)),
        "from": f"{found.starts:%H:%M}",
        "until": f"{found.ends:%H:%M}",
        "who": _said(found.contact) or _("nobody who still works here"),
    }


def _open(clinic: Clinic, now: datetime) -> str:
    if not clinic.hours:
        return _("No opening hours are set: messages go by the clock.")
    opens_at = opening_from(now, clinic.hours, clinic.holidays, clinic.zone)
    if opens_at is None:
        return _("Closed for the next sixty days.")
    if opens_at == now:
        return _("The clinic is open now.")
    when = clock.moment(opens_at, clinic.zone, local_date(now, clinic.zone))
    return _("Closed. Opens %(when)s.") % {"when": when}


def _week(clinic: Clinic) -> Iterator[Turn]:
    for shift in DutyShift.objects.of(clinic):
        who = shift.practitioner.user.name
        if shift.deputy is not None:
            values = {"name": who, "deputy": shift.deputy.user.name}
            who = _("%(name)s, deputy %(deputy)s") % values
        yield Turn(str(WEEKDAYS[shift.weekday]), f"{shift.starts:%H:%M}–{shift.ends:%H:%M}", who)


def _away(absence: Absence, now: datetime, *, may_end: bool) -> Away:
    zone = absence.clinic.zone
    today = local_date(now, zone)
    text = _("%(name)s is away from %(first)s to %(last)s. %(deputy)s stands in.") % {
        "name": absence.practitioner.user.name,
        "first": clock.day(local_date(absence.starts_at, zone), today),
        "last": _last_day(absence, now),
        "deputy": absence.deputy.user.name,
    }
    return Away(absence.pk, text, may_end)
