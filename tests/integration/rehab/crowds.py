"""Many patients who are all due at one moment, each with something open and somebody to tell."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from patients.access.walls import within_clinics
from patients.models import CareRelationship, ContactPoint, Patient, User
from rehab.actions.reminders import reminder_id
from rehab.models import Delivery, Occurrence, PlanItem, Reminder
from tests.people import BEGAN, Cast
from tests.plans import assign, shoulder


@dataclass(frozen=True)
class Crowd:
    clinic_id: UUID
    patients: list[UUID]

    def deliveries(self) -> list[Delivery]:
        with within_clinics([self.clinic_id]):
            rows = Delivery.objects.filter(patient_id__in=self.patients)
            return list(rows.order_by("due_at", "id"))


def told_of_many(
    cast: Cast, count: int, due_at: datetime, *, recipient: User | None = None
) -> Crowd:
    """Write `count` patients with a reminder each: for themselves, or for one helper of all."""
    plan = assign(cast, shoulder("12:00"), at=due_at - timedelta(minutes=10))
    with cast.inside():
        item = PlanItem.objects.get(version__plan=plan)
        users = [_user(place) for place in range(0 if recipient else count)]
        User.objects.bulk_create(users)
        ContactPoint.objects.bulk_create(
            ContactPoint(user=user, channel="email", address=user.email, verified_at=BEGAN)
            for user in users
        )
        patients = [
            Patient(clinic=cast.clinic, name=f"Patient {place}", zone="Asia/Shanghai", user=user)
            for place, user in enumerate(users or [None] * count)
        ]
        Patient.objects.bulk_create(patients)
        told = [recipient or patient.user for patient in patients]
        if recipient:
            CareRelationship.objects.bulk_create(_helps(patient, recipient) for patient in patients)
        occurrences = [_due(item, patient, due_at) for patient in patients]
        Occurrence.objects.bulk_create(occurrences)
        reminders = [
            _reminder(each, user, due_at) for each, user in zip(occurrences, told, strict=True)
        ]
        Reminder.objects.bulk_create(reminders)
        Delivery.objects.bulk_create(_delivery(each) for each in reminders)
    return Crowd(cast.clinic.pk, [patient.pk for patient in patients])


def _user(place: int) -> User:
    return User(name=f"Person {place}", email=f"person{place}@example.test", language="en")


def _helps(patient: Patient, user: User) -> CareRelationship:
    return CareRelationship(
        clinic_id=patient.clinic_id,
        patient=patient,
        user=user,
        role="caregiver",
        scopes=["log_sessions", "see_sessions"],
        starts_at=BEGAN,
    )


def _due(item: PlanItem, patient: Patient, due_at: datetime) -> Occurrence:
    return Occurrence(
        patient=patient,
        clinic_id=patient.clinic_id,
        id=uuid4(),
        series=item.series,
        version=1,
        item=item,
        on=due_at.date(),
        slot="s1",
        due_at=due_at,
        remind_at=due_at,
        opens_at=due_at - timedelta(hours=1),
        closes_at=due_at + timedelta(hours=8),
        state="due",
        state_at=due_at - timedelta(days=1),
    )


def _reminder(occurrence: Occurrence, user: User, due_at: datetime) -> Reminder:
    return Reminder(
        patient_id=occurrence.patient_id,
        clinic_id=occurrence.clinic_id,
        id=reminder_id(occurrence.patient_id, user.pk, due_at),
        recipient=user,
        kind="training",
        on=occurrence.on,
        due_at=due_at,
        occurrence_ids=[occurrence.id],
        created_at=due_at - timedelta(days=1),
    )


def _delivery(reminder: Reminder) -> Delivery:
    point = ContactPoint.objects.filter(user_id=reminder.recipient_id).get()
    return Delivery(
        patient_id=reminder.patient_id,
        clinic_id=reminder.clinic_id,
        id=uuid4(),
        due_at=reminder.due_at,
        reminder_id=reminder.id,
        recipient_id=reminder.recipient_id,
        contact_point=point,
        channel=point.channel,
        next_at=reminder.due_at,
        wanted_at=reminder.due_at,
        created_at=reminder.created_at,
    )
