"""Beginning and ending a care relationship."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from patients.actions import audit
from patients.actions.absences import cover, uncover
from patients.actions.checks import sound_scopes
from patients.actions.invitations import require_may_pass_on
from patients.actions.permission import require_for_patient
from patients.domain.errors import Conflict, Invalid, NotVisible
from patients.domain.roles import Role
from patients.models import CareRelationship, User


@transaction.atomic
def begin_relationship(
    *,
    by: User,
    at: datetime,
    patient_id: UUID,
    user_id: UUID,
    role: str,
    scopes: Iterable[str],
    starts_at: datetime | None = None,
) -> CareRelationship:
    """Relate somebody who is known in the clinic already; others are invited.

    A start in the past is refused: nobody is given rights over what has happened.
    """
    authority, patient = require_for_patient(by=by, at=at, patient_id=patient_id, action="manage")
    if role not in set(Role) - {Role.DUTY}:
        raise Invalid("Choose one of the roles.", field="role", code="unknown_role")
    chosen = sound_scopes(scopes)
    require_may_pass_on(authority, patient_id, role, chosen, at)
    person = User.objects.filter(
        pk=user_id, clinic_ids__contains=[patient.clinic_id], is_active=True
    ).first()
    if person is None:
        raise Invalid("Nobody known in this clinic.", field="user", code="unknown_user")
    if starts_at is not None and starts_at < at:
        raise Invalid("This cannot start in the past.", field="starts_at", code="in_the_past")
    _require_none_running(patient_id, person)
    relationship = CareRelationship.objects.create(
        clinic_id=patient.clinic_id, patient=patient, user=person, role=role, scopes=chosen,
        starts_at=starts_at or at,
    )  # fmt: skip
    audit.record([_event(relationship, "relationship.begin", by, at)])
    cover(relationship, by=by, at=at)
    return relationship


@transaction.atomic
def end_relationship(
    *, by: User, at: datetime, relationship_id: UUID, patient_id: UUID
) -> CareRelationship:
    """End a relationship now. Whoever manages the patient's helpers may, and the helper."""
    relationship = (
        CareRelationship.objects.select_for_update()
        .filter(pk=relationship_id, patient_id=patient_id)
        .first()
    )
    if relationship is None:
        raise NotVisible
    if relationship.user_id != by.pk:
        require_for_patient(
            by=by, at=at, patient_id=relationship.patient_id, action="end_relationship"
        )
    if relationship.ended_at is not None and relationship.ended_at <= at:
        raise Conflict("This relationship has ended already.", code="already_ended")
    # One that has not begun yet ends as it begins, and never held.
    relationship.ended_at = max(at, relationship.starts_at)
    relationship.ended_by = by
    relationship.save(update_fields=["ended_at", "ended_by"])
    audit.record([_event(relationship, "relationship.end", by, at)])
    uncover(relationship, by=by, at=at)
    return relationship


def _require_none_running(patient_id: UUID, person: User) -> None:
    running = CareRelationship.objects.filter(
        patient_id=patient_id, user=person, ended_at__isnull=True
    )
    if running.exists():
        raise Conflict("This person helps this patient already.", code="has_relationship")


def _event(relationship: CareRelationship, kind: str, by: User, at: datetime) -> audit.Event:
    return audit.Event(
        relationship.clinic_id,
        by.pk,
        kind,
        at,
        patient_id=relationship.patient_id,
        target_kind="care_relationship",
        target_id=relationship.pk,
        detail={"role": relationship.role, "scopes": relationship.scopes},
    )
