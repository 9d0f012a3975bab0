"""Turning an accepted invitation into what it promised."""

from datetime import datetime
from uuid import UUID

from patients.actions.absences import cover
from patients.domain.errors import Conflict
from patients.models import CareRelationship, Invitation, Patient, Practitioner, User


def grant(invitation: Invitation, *, user: User, at: datetime) -> None:
    """Write the relationship, the post, or the patient's own account."""
    patient_id = invitation.patient_id
    if patient_id is None:
        _grant_post(invitation, user, at)
    elif invitation.invited_as == "patient":
        _grant_own_record(invitation, patient_id, user)
    else:
        _grant_relationship(invitation, patient_id, user, at)


def _grant_post(invitation: Invitation, user: User, at: datetime) -> None:
    posts = Practitioner.objects.filter(clinic_id=invitation.clinic_id, user=user)
    if posts.filter(ended_at__isnull=True).exists():
        raise Conflict("You have a post in this clinic already.", code="has_post")
    Practitioner.objects.create(
        clinic_id=invitation.clinic_id, user=user, title=invitation.title,
        is_coordinator=invitation.invited_as == "coordinator", starts_at=at,
    )  # fmt: skip


def _grant_own_record(invitation: Invitation, patient_id: UUID, user: User) -> None:
    patients = Patient.objects.filter(clinic_id=invitation.clinic_id)
    if patients.filter(user=user).exists():
        raise Conflict("This account is another patient's.", code="is_another_patient")
    if not patients.filter(pk=patient_id, user=None).update(user=user):
        raise Conflict("This patient has an account already.", code="has_account")


def _grant_relationship(invitation: Invitation, patient_id: UUID, user: User, at: datetime) -> None:
    running = CareRelationship.objects.filter(
        patient_id=patient_id, user=user, ended_at__isnull=True
    )
    if running.exists():
        raise Conflict("You help this patient already.", code="has_relationship")
    relationship = CareRelationship.objects.create(
        clinic_id=invitation.clinic_id, patient_id=patient_id, user=user,
        role=invitation.invited_as, scopes=invitation.scopes, starts_at=at,
    )  # fmt: skip
    cover(relationship, by=user, at=at)
