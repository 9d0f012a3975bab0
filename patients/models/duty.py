"""Reading the duty rota: who answers now, and whether anybody ever does."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from patients.domain.rota import Shift, on_duty
from patients.models.clinic import Clinic, DutyShift, Practitioner
from patients.models.contact import ContactPoint
from patients.models.user import User


@dataclass(frozen=True, slots=True)
class DutyContact:
    practitioner: Practitioner
    deputy: Practitioner | None


def duty_contact_at(clinic: Clinic, at: datetime) -> DutyContact | None:
    """Who is on duty at a moment, holding a running post; None outside shifts and on holidays.

    Where the first has left, the deputy answers. Must run inside the clinic's wall.
    """
    rows = {shift.id: shift for shift in DutyShift.objects.of(clinic)}
    shifts = [Shift(row.id, row.weekday, row.starts, row.ends) for row in rows.values()]
    for shift in on_duty(shifts, at.astimezone(ZoneInfo(clinic.zone)), clinic.holidays):
        row = rows[shift.id]
        present = [p for p in (row.practitioner, row.deputy) if p is not None and _holds(p, at)]
        if present:
            return DutyContact(present[0], present[1] if len(present) > 1 else None)
    return None


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


def _holds(practitioner: Practitioner, at: datetime) -> bool:
    return practitioner.starts_at <= at and (
        practitioner.ended_at is None or at < practitioner.ended_at
    )
