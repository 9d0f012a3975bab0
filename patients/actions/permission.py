"""The first question of every action here: may they?"""

from datetime import datetime
from uuid import UUID

from patients.access.authority import Authority
from patients.access.decisions import decide, decide_in_clinic, require
from patients.models import Clinic, Patient, User
from patients.models.authority import authority_of


def require_for_patient(
    *, by: User, at: datetime, patient_id: UUID, action: str
) -> tuple[Authority, Patient]:
    """The authority that allows an action for a patient, and the patient; else a named error."""
    authority = authority_of(by, at=at, patient_id=patient_id)
    require(decide(authority, patient_id, action, at))
    return authority, Patient.objects.get(pk=patient_id)


def require_in_clinic(
    *, by: User, at: datetime, clinic_id: UUID, coordinator: bool = False
) -> Clinic:
    """The clinic, for somebody with a running post there (a coordinator's, if asked for)."""
    authority = authority_of(by, at=at)
    require(decide_in_clinic(authority, clinic_id, at, coordinator=coordinator))
    return Clinic.objects.get(pk=clinic_id)
