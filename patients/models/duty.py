"""Reading the duty rota: who answers now, and whether anybody ever does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from patients.domain.rota import Shift, began_on, next_turn, on_duty
from patients.models.absence import Absence
from patients.models.clinic import Clinic, DutyShift, Practitioner
from patients.models.contact import ContactPoint
from patients.models.user import User


@dataclass(frozen=True, slots=True)
class DutyContact:
    practitioner: Practitioner
    deputy: Practitioner | None


def duty_contact_at(clinic: Clinic, at: datetime) -> DutyContact | None:
    """Who is on duty at a moment, holding a running post; None outside shifts and on holidays.

    Where the first has left, the deputy answers; for who is away, whoever stands in. Must run
    inside the clinic's wall.
    """
    stand_ins = _stand_ins(clinic, at)
    rows = {shift.id: shift for shift in DutyShift.objects.of(clinic)}
    shifts = [Shift(row.id, row.weekday, row.starts, row.ends) for row in rows.values()]
    for shift in on_duty(shifts, at.astimezone(ZoneInfo(clinic.zone)), clinic.holidays):
        row = rows[shift.id]
        present = _present(row, stand_ins, at)
        if present:
            return _contact(present)
    return None


def duty_ends_at(clinic: Clinic, at: datetime) -> datetime | None:
    """When the turn that holds a moment ends on the clinic's clock; None outside the rota."""
    zone = ZoneInfo(clinic.zone)
    local = at.astimezone(zone)
    rows = DutyShift.objects.of(clinic)
    shifts = [Shift(row.id, row.weekday, row.starts, row.ends) for row in rows]
    for shift in on_duty(shifts, local, clinic.holidays):
        began = began_on(shift, local)
        if began is not None:
            ends_on = began + timedelta(days=1) if shift.ends <= shift.starts else began
            return datetime.combine(ends_on, shift.ends, zone)
    return None


@dataclass(frozen=True, slots=True)
class NextDuty:
    """The turn that begins next: its local date and times, and who answers then."""

    on: date
    starts: time
    ends: time
    contact: DutyContact | None


def next_duty(clinic: Clinic, at: datetime) -> NextDuty | None:
    """Whose turn begins next, within four weeks. Must run inside the clinic's wall."""
    rows = {shift.id: shift for shift in DutyShift.objects.of(clinic)}
    shifts = [Shift(row.id, row.weekday, row.starts, row.ends) for row in rows.values()]
    zone = ZoneInfo(clinic.zone)
    turn = next_turn(shifts, at.astimezone(zone), clinic.holidays)
    if turn is None:
        return None
    on, shift = turn
    begins_at = datetime.combine(on, shift.starts, zone)
    present = _present(rows[shift.id], _stand_ins(clinic, begins_at), begins_at)
    return NextDuty(on, shift.starts, shift.ends, _contact(present))


def clinics_on_duty(user: User, at: datetime) -> frozenset[UUID]:
    """The clinics in which an account is on duty at a moment, or deputises for whoever is."""
    return frozenset(
        clinic.pk
        for clinic in Clinic.objects.worked_in_by(user, at)
        if _answers(user, duty_contact_at(clinic, at))
    )


def _answers(user: User, contact: DutyContact | None) -> bool:
    if contact is None:
        return False
    people = (contact.practitioner, contact.deputy)
    return any(each is not None and each.user_id == user.pk for each in people)


def has_reachable_duty(clinic: Clinic, *, at: datetime) -> bool:
    """Tell whether the rota has a shift whose practitioner and deputy can both be reached.

    Reachable means: a running post, an active account, and a verified contact point in use.
    A plan needs this or `clinic.unattended`. Must run inside the clinic's wall.
    """
    reachable = Practitioner.objects.running(at).filter(
        clinic=clinic,
        user__is_active=True,
        user__in=ContactPoint.objects.verified().order_by().values("user"),
    )
    return DutyShift.objects.filter(
        clinic=clinic, practitioner__in=reachable, deputy__in=reachable
    ).exists()


def who_is_away(clinic: Clinic, at: datetime) -> frozenset[UUID]:
    """The accounts of a clinic's practitioners that are away at a moment."""
    away = Absence.objects.running(at).filter(clinic=clinic)
    return frozenset(away.values_list("practitioner__user", flat=True))


def _stand_ins(clinic: Clinic, at: datetime) -> dict[UUID, Practitioner]:
    away = Absence.objects.running(at).filter(clinic=clinic).select_related("deputy__user")
    return {absence.practitioner_id: absence.deputy for absence in away}


def _present(
    shift: DutyShift, stand_ins: Mapping[UUID, Practitioner], at: datetime
) -> list[Practitioner]:
    """Who of a shift answers, the first of them first, everybody once."""
    people = [each for each in (shift.practitioner, shift.deputy) if each is not None]
    answering = [_answering(each, stand_ins) for each in people]
    return list(dict.fromkeys(each for each in answering if _holds(each, at)))


def _answering(person: Practitioner, stand_ins: Mapping[UUID, Practitioner]) -> Practitioner:
    """Who stands in, or stands in for whoever stands in."""
    asked = {person.pk}
    while person.pk in stand_ins and stand_ins[person.pk].pk not in asked:
        person = stand_ins[person.pk]
        asked.add(person.pk)
    return person


def _contact(present: Sequence[Practitioner]) -> DutyContact | None:
    if not present:
        return None
    return DutyContact(present[0], present[1] if len(present) > 1 else None)


def _holds(practitioner: Practitioner, at: datetime) -> bool:
    return practitioner.starts_at <= at and (
        practitioner.ended_at is None or at < practitioner.ended_at
    )
