"""The patient's row, locked: every change to a patient takes its place in one sequence."""

from uuid import UUID

from patients.domain.errors import NotVisible
from rehab.models.briefing import PatientRow, lock_row

__all__ = ["PatientRow", "lock_patient"]


def lock_patient(patient_id: UUID) -> PatientRow:
    """Lock the patient's row and take the next sequence number; NotVisible when there is none."""
    row = lock_row(patient_id)
    if row is None:
        raise NotVisible
    return row
