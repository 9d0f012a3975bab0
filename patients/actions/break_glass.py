"""A practitioner of the clinic opens a record without a relationship: briefly, with a reason."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from patients.access.decisions import decide_in_clinic, require
from patients.actions import audit
from patients.domain.errors import Conflict, Invalid, NotVisible
from patients.domain.roles import ALL_SCOPES, Role
from patients.models import CareRelationship, User
from patients.models.authority import authority_of

LASTS = timedelta(hours=24)


@transaction.atomic
def break_glass(*, by: User, at: datetime, patient_id: UUID, reason: str) -> CareRelationship:
    """Give a practitioner of the patient's clinic a clinician's rights for 24 hours.

    For the duty contact who was told of a flag and must see whose it is. The patient can read who
    did it and why. NotVisible for anybody without a running post in that clinic; Conflict for
    whoever is the patient's clinician already.
    """
    authority = authority_of(by, at=at, patient_id=patient_id)
    if authority.subject is None:
        raise NotVisible
    clinic_id = authority.subject.clinic_id
    require(decide_in_clinic(authority, clinic_id, at, coordinator=False))
    if not reason.strip():
        raise Invalid("Say why in a few words.", field="reason", code="blank")
    if authority.is_clinician_of(patient_id, at):
        raise Conflict("You are this patient's clinician already.", code="has_relationship")
    relationship = CareRelationship.objects.create(
        clinic_id=clinic_id,
        patient_id=patient_id,
        user=by,
        role=Role.CLINICIAN,
        scopes=sorted(ALL_SCOPES),
        starts_at=at,
        ended_at=at + LASTS,
        ended_by=by,
    )
    event = audit.Event(
        clinic_id,
        by.pk,
        "break_glass",
        at,
        patient_id=patient_id,
        target_kind="care_relationship",
        target_id=relationship.pk,
        detail={"reason": reason.strip()},
    )
    audit.record([event])
    return relationship
