"""Many patients with a phone each, and what they are to be told of: copies in sets.

One patient is assigned a plan through the actions; everybody else has copies of those rows and a
push subscription of their own, with a key of their own.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction

from bench.clones import copy_patient
from bench.phones import phone_of
from patients.access.walls import within_clinics
from patients.channels.push_key import encoded
from patients.models import ContactPoint, NotificationPreference, Patient, User
from rehab.models import Delivery, Occurrence, Plan, Reminder
from tests.people import BEGAN, Cast, make_cast
from tests.plans import assign, shoulder

_AT_A_TIME = 2_000
_WELL_AHEAD = timedelta(days=7)
# So many messages a day that the benchmark never meets the limit.
_BUDGET = 100

_REMINDERS = """
INSERT INTO rehab_reminder (patient_id, clinic_id, id, recipient_id, kind, "on", due_at,
  occurrence_ids, wakes, after_silence, nobody_reachable, created_at)
SELECT p.id, p.clinic_id, gen_random_uuid(), p.user_id, 'training', %(due)s::date, %(due)s,
  ARRAY[%(occurrence)s::uuid], false, false, false, %(at)s
FROM patients_patient p WHERE p.id = ANY(%(patients)s::uuid[])
RETURNING id
"""
_DELIVERIES = """
INSERT INTO rehab_delivery (due_at, id, patient_id, clinic_id, reminder_id, recipient_id,
  contact_point_id, channel, next_at, wanted_at, attempts, outcome, reason, created_at)
SELECT r.due_at, gen_random_uuid(), r.patient_id, r.clinic_id, r.id, r.recipient_id,
  c.id, c.channel, r.due_at, r.due_at, 0, '', '', %(at)s
FROM rehab_reminder r JOIN patients_contactpoint c ON c.user_id = r.recipient_id
WHERE r.patient_id = ANY(%(patients)s::uuid[]) AND r.id = ANY(%(reminders)s::uuid[])
"""


@dataclass(slots=True)
class Crowd:
    """Patients who can all be reminded of the occurrence of this id; it stays due for days."""

    cast: Cast
    occurrence_id: UUID
    patients: list[UUID]

    def grow(self, count: int, *, port: int) -> list[UUID]:
        """Add patients with a phone each, whose push service is the sink at this port."""
        added: list[UUID] = []
        for first in range(0, count, _AT_A_TIME):
            places = range(first, min(first + _AT_A_TIME, count))
            with transaction.atomic():
                added += self._add([f"Person {uuid4()}" for _ in places], port=port)
        self.patients += added
        return added

    def _add(self, names: Sequence[str], *, port: int) -> list[UUID]:
        clinic = self.cast.clinic
        users = [
            User(name=name, email=f"{name[7:]}@example.test", language="en", clinic_ids=[clinic.pk])
            for name in names
        ]
        User.objects.bulk_create(users)
        ContactPoint.objects.bulk_create(
            ContactPoint(
                user=user,
                channel="push",
                address=phone_address(user.pk, port=port),
                verified_at=BEGAN,
            )
            for user in users
        )
        NotificationPreference.objects.bulk_create(
            NotificationPreference(user=user, daily_budget=_BUDGET) for user in users
        )
        patients = [
            Patient(clinic=clinic, name=user.name, zone=clinic.zone, user=user) for user in users
        ]
        with self.cast.inside():
            Patient.objects.bulk_create(patients)
            pairs = [(each.pk, each.user_id) for each in patients if each.user_id]
            copy_patient(self.cast.patient.pk, pairs)
        return [each.pk for each in patients]

    def remind(self, patients: Sequence[UUID], *, due_at: datetime, at: datetime) -> list[UUID]:
        """Write one reminder and one delivery for each of them; return the reminders' ids."""
        with within_clinics([self.cast.clinic.pk]), connection.cursor() as cursor:
            told = {"patients": list(patients), "due": due_at, "at": at}
            cursor.execute(_REMINDERS, {**told, "occurrence": self.occurrence_id})
            reminders = [row[0] for row in cursor.fetchall()]
            cursor.execute(_DELIVERIES, {**told, "reminders": reminders})
        return reminders


def topics(reminders: Sequence[UUID]) -> set[str]:
    """Return what a push service sees of reminders."""
    return {encoded(each.bytes) for each in reminders}


def make_crowd(*, at: datetime) -> Crowd:
    """The cast with a plan whose first occurrence stays due; nobody is reminded of anything yet."""
    cast = make_cast()
    plan = assign(cast, shoulder("09:00"), at=at)
    with cast.inside():
        Plan.objects.filter(pk=plan.pk).update(materialised_until=at + _WELL_AHEAD)
        Delivery.objects.all().delete()
        Reminder.objects.all().delete()
        occurrence = Occurrence.objects.filter(patient_id=cast.patient.pk).earliest("due_at")
        Occurrence.objects.filter(patient_id=cast.patient.pk, id=occurrence.id).update(
            opens_at=at, closes_at=at + _WELL_AHEAD
        )
    return Crowd(cast, occurrence.id, [])


def phone_address(user_id: UUID, *, port: int) -> str:
    """Return the push subscription of the phone of an account, at the sink of this port."""
    keys = phone_of(user_id)
    told = {"auth": encoded(keys.auth), "p256dh": encoded(keys.public)}
    endpoint = f"http://127.0.0.1:{port}/send/{user_id}"
    return json.dumps({"endpoint": endpoint, "keys": told}, sort_keys=True)
