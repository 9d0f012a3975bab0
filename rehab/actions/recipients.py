"""Who may be told about a patient, and through which contact point."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from patients.channels.offered import offered
from patients.domain.roles import ROLES_OF_A_POST, Channel, Role, Scope
from patients.models.absence import Absence
from patients.models.addresses import Address, addresses
from patients.models.clinic import Practitioner
from patients.models.patient import Patient
from patients.models.relationship import CareRelationship

PREFERRED = (Channel.PUSH, Channel.SMS, Channel.EMAIL, Channel.WEBHOOK)


@dataclass(frozen=True, slots=True)
class Circle:
    """The people around one patient who may be reminded, the one who does the work first."""

    own: UUID | None
    helpers: tuple[UUID, ...]

    def allowed(self) -> frozenset[UUID]:
        return frozenset(self.helpers) | ({self.own} if self.own else set())

    def in_line(self, wanted: Iterable[UUID]) -> Sequence[UUID]:
        """Return the wanted people who still belong here, in order.

        Where none of them does: the patient, else the helper who joined first.
        """
        allowed = self.allowed()
        named = [user for user in dict.fromkeys(wanted) if user in allowed]
        return named or ([self.own] if self.own else list(self.helpers[:1]))


def circles(patient_ids: Collection[UUID], *, at: datetime) -> Mapping[UUID, Circle]:
    """Return who may be reminded of each patient's day: they, and whoever may log for them now."""
    helpers: dict[UUID, list[UUID]] = defaultdict(list)
    running = _running(patient_ids, Scope.LOG_SESSIONS, at=at).exclude(role__in=ROLES_OF_A_POST)
    for patient_id, user_id in running.values_list("patient_id", "user_id"):
        helpers[patient_id].append(user_id)
    own = dict(Patient.objects.filter(pk__in=patient_ids).values_list("pk", "user_id"))
    return {
        patient_id: Circle(own.get(patient_id), tuple(helpers[patient_id]))
        for patient_id in patient_ids
    }


def receive_alerts(patient_id: UUID, *, clinicians: bool, at: datetime) -> list[UUID]:
    """Return the accounts that are told of this patient's flags: helpers, or clinicians in post."""
    running = _running([patient_id], Scope.RECEIVE_ALERTS, at=at)
    if not clinicians:
        running = running.exclude(role__in=ROLES_OF_A_POST)
        return list(running.values_list("user_id", flat=True))
    acting = running.filter(role=Role.CLINICIAN).values_list("clinic_id", "user_id")
    in_post = _in_post({clinic for clinic, _ in acting}, {user for _, user in acting}, at=at)
    told = [(clinic, user) for clinic, user in acting if (clinic, user) in in_post]
    away = _away({clinic for clinic, _ in told}, at=at)
    present = [each for each in told if each not in away]
    # Somebody away is better than nobody.
    return [user for _clinic, user in present or told]


def contact_points(user_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Address]]:
    """Return each account's verified contact points on channels that we can speak, best first.

    A device or number that somebody added on purpose comes before the address they sign in with;
    where they want no reminders comes last, and still serves for alerts.
    """
    return {UUID(user): found for user, found in usable_addresses(set(user_ids)).items()}


def usable_addresses(user_ids: Collection[object]) -> Mapping[str, Sequence[Address]]:
    """Return the same for ids that are text. user_ids: each once."""
    speaks = offered()
    return addresses(user_ids, [each for each in PREFERRED if each in speaks])


def _running(
    patient_ids: Collection[UUID], scope: Scope, *, at: datetime
) -> QuerySet[CareRelationship]:
    return CareRelationship.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        patient_id__in=patient_ids,
        starts_at__lte=at,
        scopes__contains=[scope.value],
    ).order_by("starts_at", "id")


def _away(clinics: Collection[UUID], *, at: datetime) -> set[tuple[UUID, UUID]]:
    absences = Absence.objects.running(at).filter(clinic_id__in=clinics)
    return set(absences.values_list("clinic_id", "practitioner__user_id"))


def _in_post(
    clinics: Collection[UUID], users: Collection[UUID], *, at: datetime
) -> set[tuple[UUID, UUID]]:
    posts = Practitioner.objects.running(at).filter(clinic_id__in=clinics, user_id__in=users)
    return set(posts.values_list("clinic_id", "user_id"))
