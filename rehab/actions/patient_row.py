"""The patient's row, locked: every change to a patient takes its place in one sequence."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from patients.domain.errors import NotVisible


@dataclass(frozen=True, slots=True)
class PatientRow:
    """What an action needs of the patient and the clinic; `sequence` is this change's number."""

    id: UUID
    clinic_id: UUID
    user_id: UUID | None
    zone: str
    language: str
    sequence: int
    clinic_name: str
    clinic_phone: str
    emergency_number: str


_LOCK = """
UPDATE patients_patient p SET sync_sequence = p.sync_sequence + 1
FROM patients_clinic c WHERE p.id = %s AND c.id = p.clinic_id
RETURNING p.id, p.clinic_id, p.user_id, p.zone, p.language, p.sync_sequence,
  c.name, c.phone, c.emergency_number
"""


def lock_patient(patient_id: UUID) -> PatientRow:
    """Lock the patient's row and take the next sequence number; NotVisible when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [patient_id])
        row = cursor.fetchone()
    if row is None:
        raise NotVisible
    return PatientRow(*row)
