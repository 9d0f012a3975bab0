"""The clinic, its accounts and its patients. Nobody here is a real person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid5

from patients.access.walls import within_clinics
from patients.domain.roles import ALL_SCOPES, Channel, ConsentDecision, Purpose, Role, Scope
from patients.models import (
    CareRelationship,
    Clinic,
    Consent,
    ContactPoint,
    DutyShift,
    NotificationPreference,
    Patient,
    Practitioner,
    User,
)

CLINIC = UUID("0de30000-0000-4000-8000-000000000001")
ZONE = "Asia/Shanghai"
HOURS = {
    day: [["08:00", "12:00"], ["13:30", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")
}
CAREGIVER = (Scope.SEE_SESSIONS, Scope.LOG_SESSIONS, Scope.RECEIVE_ALERTS, Scope.SEE_DIET)

ACCOUNTS = {
    "clinician@demo.test": "示例治疗师 Demo clinician",
    "coordinator@demo.test": "示例协调员 Demo coordinator",
    "caregiver@demo.test": "示例照护者 Demo caregiver",
    "patient@demo.test": "示例患者一 Demo patient 1",
    "patient2@demo.test": "示例患者二 Demo patient 2",
}
PATIENTS = {
    "patient": ("示例患者一 Demo patient 1", "patient@demo.test"),
    "shoulder": ("示例患者二 Demo patient 2", "patient2@demo.test"),
    "hand": ("示例患者三 Demo patient 3", None),
    "standing": ("示例患者四 Demo patient 4", None),
    "bed": ("示例患者五 Demo patient 5", None),
}
WITH_CAREGIVER = ("patient", "shoulder", "bed")


@dataclass(frozen=True, slots=True)
class DemoClinic:
    clinic: Clinic
    accounts: dict[str, User]
    patients: dict[str, Patient]

    @property
    def clinician(self) -> User:
        return self.accounts["clinician@demo.test"]

    @property
    def caregiver(self) -> User:
        return self.accounts["caregiver@demo.test"]


def demo_id(name: str) -> UUID:
    """Return the id that a thing of the demo clinic always has."""
    return uuid5(CLINIC, name)


def make_people(*, since: datetime) -> DemoClinic:
    """Create the clinic with its rota, accounts, patients, relationships and consents."""
    clinic = Clinic.objects.create(
        id=CLINIC,
        name="示例康复诊所 Demo clinic",
        zone=ZONE,
        hours=HOURS,
        emergency_number="120",
        phone="",
        last_resort_contact="",
    )
    accounts = {email: _account(email, name, since) for email, name in ACCOUNTS.items()}
    with within_clinics([clinic.pk]):
        patients = {
            key: _patient(key, about, clinic=clinic, accounts=accounts, since=since)
            for key, about in PATIENTS.items()
        }
        _posts(clinic, accounts, since)
        for patient in patients.values():
            _relate(patient, accounts["clinician@demo.test"], Role.CLINICIAN, ALL_SCOPES, since)
        for key in WITH_CAREGIVER:
            _relate(
                patients[key], accounts["caregiver@demo.test"], Role.CAREGIVER, CAREGIVER, since
            )
    return DemoClinic(clinic, accounts, patients)


def set_passwords(password: str) -> None:
    """Let every demo account sign in with this password; sessions stay when it is the same."""
    for user in User.objects.filter(email__in=ACCOUNTS):
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])


def _account(email: str, name: str, since: datetime) -> User:
    user = User(id=demo_id(email), email=email, name=name, language="zh-Hans", clinic_ids=[CLINIC])
    user.set_unusable_password()
    user.save()
    ContactPoint.objects.create(user=user, channel=Channel.EMAIL, address=email, verified_at=since)
    NotificationPreference.objects.create(
        user=user, quiet_from=time(22), quiet_until=time(7), zone=ZONE
    )
    return user


def _patient(
    key: str,
    about: tuple[str, str | None],
    *,
    clinic: Clinic,
    accounts: dict[str, User],
    since: datetime,
) -> Patient:
    name, email = about
    patient = Patient.objects.create(
        id=demo_id(key), clinic=clinic, name=name, user=accounts.get(email or ""), zone=ZONE
    )
    for purpose in (Purpose.CARE_RECORD, Purpose.SHARING, Purpose.REMINDERS):
        Consent.objects.create(
            clinic=clinic,
            patient=patient,
            purpose=purpose,
            decision=ConsentDecision.GRANTED,
            by=patient.user or accounts["caregiver@demo.test"],
            at=since,
        )
    return patient


def _posts(clinic: Clinic, accounts: dict[str, User], since: datetime) -> None:
    clinician = Practitioner.objects.create(
        clinic=clinic,
        user=accounts["clinician@demo.test"],
        title="Physiotherapist",
        starts_at=since,
    )
    coordinator = Practitioner.objects.create(
        clinic=clinic,
        user=accounts["coordinator@demo.test"],
        title="Coordinator",
        is_coordinator=True,
        starts_at=since,
    )
    DutyShift.objects.bulk_create(
        DutyShift(
            clinic=clinic,
            weekday=weekday,
            starts=time(8),
            ends=time(17, 30),
            practitioner=clinician,
            deputy=coordinator,
        )
        for weekday in range(7)
    )


def _relate(
    patient: Patient, user: User, role: str, scopes: Iterable[str], since: datetime
) -> None:
    CareRelationship.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        user=user,
        role=role,
        scopes=sorted(scopes),
        starts_at=since,
    )
