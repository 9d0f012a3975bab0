"""Who may be told about a patient, and through which contact point."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from patients.domain.roles import Scope
from patients.models.contact import ContactPoint
from patients.models.patient import Patient
from patients.models.relationship import CareRelationship
from rehab.channels import CHANNELS


@dataclass(frozen=True, slots=True)
class Circle:
    """The people around one patient who may be reminded, the one who does the work first."""

    own: UUID | None
    helpers: tuple[UUID, ...]

    def allowed(self) -> frozenset[UUID]:
        return frozenset(self.helpers) | ({self.own} if self.own else set())

    def first_of(self, wanted: Iterable[UUID]) -> UUID | None:
        """Return the first wanted person who still belongs here; else the patient, else a helper."""
        allowed = self.allowed()
        chosen = next((user for user in wanted if user in allowed), None)
        return chosen or self.own or next(iter(self.helpers), None)


def circles(patient_ids: Collection[UUID], *, at: datetime) -> Mapping[UUID, Circle]:
    """Return who may be reminded about each patient: the patient, and whoever may log sessions now."""
    helpers: dict[UUID, list[UUID]] = defaultdict(list)
    running = CareRelationship.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        patient_id__in=patient_ids,
        starts_at__lte=at,
        scopes__contains=[Scope.LOG_SESSIONS.value],
    ).exclude(role="clinician")
    for patient_id, user_id in running.order_by("starts_at", "id").values_list(
        "patient_id", "user_id"
    ):
        helpers[patient_id].append(user_id)
    own = dict(Patient.objects.filter(pk__in=patient_ids).values_list("pk", "user_id"))
    return {
        patient_id: Circle(own.get(patient_id), tuple(helpers[patient_id]))
        for patient_id in patient_ids
    }


def contact_points(user_ids: Collection[UUID]) -> Mapping[UUID, Sequence[ContactPoint]]:
    """Return each account's verified contact points on channels that we can speak, best first."""
    found: dict[UUID, list[ContactPoint]] = defaultdict(list)
    usable = ContactPoint.objects.filter(
        user_id__in=user_ids,
        verified_at__isnull=False,
        retired_at__isnull=True,
        channel__in=CHANNELS,
    )
    for point in usable.order_by("created_at", "id"):
        found[point.user_id].append(point)
    return found
