"""The cast of every test, and factories for more people.

Alice is the patient, Bob her caregiver, Dana her clinician. Erin coordinates their clinic and is
Dana's deputy. Charlie is a stranger: he cares for somebody else in the same clinic, so only
access keeps him out. Olga coordinates another clinic, behind the other wall.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.test import Client
from model_bakery import baker
from rest_framework.test import APIClient

from patients.access.walls import within_clinics
from patients.domain.roles import ALL_SCOPES, Channel, Role, Scope
from patients.models import (
    CareRelationship,
    Clinic,
    ContactPoint,
    DutyShift,
    Patient,
    Practitioner,
    User,
)
from patients.sessions import SessionStore

PASSWORD = "four warm blankets"
# Everything in the cast began here, long before anything a test does.
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
CAREGIVER_SCOPES = (Scope.SEE_SESSIONS, Scope.LOG_SESSIONS, Scope.RECEIVE_ALERTS)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Cast:
    clinic: Clinic
    other_clinic: Clinic
    alice: User
    bob: User
    charlie: User
    dana: User
    erin: User
    olga: User
    patient: Patient
    charlies_patient: Patient
    olgas_patient: Patient
    bobs_relationship: CareRelationship
    danas_relationship: CareRelationship
    danas_post: Practitioner
    erins_post: Practitioner

    def inside(self) -> AbstractContextManager[None]:
        """Inside the wall of the cast's clinic."""
        return within_clinics([self.clinic.pk])


def make_cast() -> Cast:
    clinic, other = make_clinic("Riverside"), make_clinic("Hillside")
    people = {name: make_user(name) for name in ("alice", "bob", "charlie", "dana", "erin", "olga")}
    posts = {
        "dana": make_post(clinic, people["dana"], title="Physiotherapist"),
        "erin": make_post(clinic, people["erin"], is_coordinator=True),
    }
    make_post(other, people["olga"], is_coordinator=True)
    patient = make_patient(clinic, "Alice", user=people["alice"])
    charlies_patient = make_patient(clinic, "Carol")
    olgas_patient = make_patient(other, "Oscar")
    relationships = {
        "bob": make_helper(patient, people["bob"]),
        "dana": make_clinician(patient, people["dana"]),
    }
    make_helper(charlies_patient, people["charlie"])
    make_rota(clinic, posts["dana"], deputy=posts["erin"])
    return Cast(
        clinic=clinic,
        other_clinic=other,
        **people,
        patient=patient,
        charlies_patient=charlies_patient,
        olgas_patient=olgas_patient,
        bobs_relationship=relationships["bob"],
        danas_relationship=relationships["dana"],
        danas_post=posts["dana"],
        erins_post=posts["erin"],
    )


def make_clinic(name: str = "Riverside", **facts: Any) -> Clinic:
    return Clinic.objects.create(name=name, **{"zone": "Asia/Shanghai", **facts})


def make_user(name: str, **facts: Any) -> User:
    """An account with a verified e-mail address and the password of the cast."""
    facts = {"email": f"{name.lower()}@example.test", "language": "en", **facts}
    user: User = baker.make(User, name=name.title(), password=_hashed(PASSWORD), **facts)
    if user.email:
        ContactPoint.objects.create(
            user=user, channel=Channel.EMAIL, address=user.email, verified_at=BEGAN
        )
    return user


def make_patient(clinic: Clinic, name: str, *, user: User | None = None, **facts: Any) -> Patient:
    with within_clinics([clinic.pk]):
        patient: Patient = baker.make(
            Patient, clinic=clinic, name=name, user=user, **{"zone": clinic.zone, **facts}
        )
    if user is not None:
        user.enter_clinics([clinic.pk])
    return patient


def make_post(clinic: Clinic, user: User, **facts: Any) -> Practitioner:
    with within_clinics([clinic.pk]):
        post: Practitioner = baker.make(
            Practitioner, clinic=clinic, user=user, **{"starts_at": BEGAN, **facts}
        )
    user.enter_clinics([clinic.pk])
    return post


def make_helper(
    patient: Patient,
    user: User,
    *,
    role: str = Role.CAREGIVER,
    scopes: Iterable[str] = CAREGIVER_SCOPES,
    **facts: Any,
) -> CareRelationship:
    with within_clinics([patient.clinic_id]):
        relationship = CareRelationship.objects.create(
            clinic_id=patient.clinic_id,
            patient=patient,
            user=user,
            role=role,
            scopes=sorted(scopes),
            **{"starts_at": BEGAN, **facts},
        )
    user.enter_clinics([patient.clinic_id])
    return relationship


def make_clinician(patient: Patient, user: User, **facts: Any) -> CareRelationship:
    """A clinician's relationship. It carries rights only beside a running post."""
    return make_helper(patient, user, role=Role.CLINICIAN, scopes=ALL_SCOPES, **facts)


def make_rota(clinic: Clinic, practitioner: Practitioner, *, deputy: Practitioner | None) -> None:
    """On duty every day of the week from eight to eight, on the clinic's clock."""
    with within_clinics([clinic.pk]):
        DutyShift.objects.bulk_create(
            DutyShift(
                clinic=clinic,
                weekday=weekday,
                starts=time(8),
                ends=time(20),
                practitioner=practitioner,
                deputy=deputy,
            )
            for weekday in range(7)
        )


def token_of(user: User) -> str:
    """A session token as a phone holds it after signing in."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    assert store.session_key is not None
    return store.session_key


def phone_of(user: User) -> APIClient:
    """An API client signed in with the user's session token."""
    client = APIClient()
    client.credentials(HTTP_X_SESSION_TOKEN=token_of(user))
    return client


def browser_of(user: User) -> Client:
    """A browser signed in with the session cookie."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@cache
def _hashed(password: str) -> str:
    return make_password(password)
