"""What one account may rest on: its own records, its relationships and its posts, with dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from patients.domain.roles import ALL_SCOPES, COORDINATOR_SCOPES, ROLES_OF_A_POST, Role


def runs(starts_at: datetime, ended_at: datetime | None, at: datetime) -> bool:
    """Tell whether the half-open interval [starts_at, ended_at) holds `at`."""
    return starts_at <= at and (ended_at is None or at < ended_at)


@dataclass(frozen=True, slots=True)
class Relation:
    patient_id: UUID
    clinic_id: UUID
    role: str
    scopes: frozenset[str]
    starts_at: datetime
    ended_at: datetime | None

    def runs(self, at: datetime) -> bool:
        return runs(self.starts_at, self.ended_at, at)


@dataclass(frozen=True, slots=True)
class Post:
    clinic_id: UUID
    is_coordinator: bool
    starts_at: datetime
    ended_at: datetime | None

    def runs(self, at: datetime) -> bool:
        return runs(self.starts_at, self.ended_at, at)


@dataclass(frozen=True, slots=True)
class Subject:
    """The patient an authority was asked about, so that a post in the clinic can be matched."""

    patient_id: UUID
    clinic_id: UUID


@dataclass(frozen=True, slots=True)
class Authority:
    user_id: UUID
    own_patient_ids: frozenset[UUID] = frozenset()
    relations: tuple[Relation, ...] = ()
    posts: tuple[Post, ...] = ()
    subject: Subject | None = None

    def practises_in(self, clinic_id: UUID, at: datetime) -> bool:
        return any(post.clinic_id == clinic_id and post.runs(at) for post in self.posts)

    def clinics_of_posts(self, at: datetime) -> frozenset[UUID]:
        return frozenset(post.clinic_id for post in self.posts if post.runs(at))

    def coordinated_clinics(self, at: datetime) -> frozenset[UUID]:
        return frozenset(
            post.clinic_id for post in self.posts if post.is_coordinator and post.runs(at)
        )

    def covers(self, relation: Relation, at: datetime) -> bool:
        """Tell whether a relationship carries rights at a moment.

        A clinician acts for the clinic: leaving it ends every relationship held there.
        """
        if not relation.runs(at):
            return False
        return relation.role not in ROLES_OF_A_POST or self.practises_in(relation.clinic_id, at)

    def relations_to(self, patient_id: UUID) -> Iterator[Relation]:
        return (relation for relation in self.relations if relation.patient_id == patient_id)

    def is_clinician_of(self, patient_id: UUID, at: datetime) -> bool:
        return any(
            relation.role == Role.CLINICIAN and self.covers(relation, at)
            for relation in self.relations_to(patient_id)
        )

    def answers_on_duty(self, patient_id: UUID, at: datetime) -> bool:
        """Tell whether a flag of this patient was routed to this account and waits for it."""
        return any(
            relation.role == Role.DUTY and self.covers(relation, at)
            for relation in self.relations_to(patient_id)
        )

    def coordinates(self, patient_id: UUID, at: datetime) -> bool:
        """Tell whether a coordinator's post covers the patient this authority was asked about."""
        return (
            self.subject is not None
            and self.subject.patient_id == patient_id
            and self.subject.clinic_id in self.coordinated_clinics(at)
        )

    def scopes_for(self, patient_id: UUID, at: datetime) -> frozenset[str]:
        """Everything this account may do for a patient at a moment; empty means: not visible."""
        if patient_id in self.own_patient_ids:
            return ALL_SCOPES
        held = COORDINATOR_SCOPES if self.coordinates(patient_id, at) else frozenset()
        return held | self.scopes_by_name(patient_id, at)

    def scopes_by_name(self, patient_id: UUID, at: datetime) -> frozenset[str]:
        """The scopes that rest on relationships to this patient."""
        scopes: frozenset[str] = frozenset()
        for relation in self.relations_to(patient_id):
            if self.covers(relation, at):
                scopes |= relation.scopes
        return scopes
