"""Recording what is known of a body; each change is a new revision."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import Invalid
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.audit import AuditTrail
from rehab.actions.gate_watch import pause_what_gates_bar
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.profile_faults import profile_faults
from rehab.actions.surroundings import current_profile
from rehab.models import ClinicalProfile

EDITABLE = (
    "conditions",
    "spinal_cord_injury",
    "injury_level",
    "answers",
    "innervation",
    "allergies_known",
    "allergies",
    "swallowing_food",
    "swallowing_drink",
    "mixed_textures",
    "kidney",
    "drugs_known",
    "drugs",
    "baselines",
    "barred",
    "insensate",
    "taught",
    "note",
)


def record_profile(
    *, by: User, at: datetime, patient_id: UUID, changes: Mapping[str, object]
) -> ClinicalProfile:
    """Store a new revision with these fields changed; what is not named stays as it was.

    What a gate bars by then in the running plan stands still at once.
    NotAllowed for anybody but a clinician of this patient; Invalid names every faulty field.
    """
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require(decide(authority, patient_id, "prescribe", at))
        patient = lock_patient(patient_id)
        errors = tuple(profile_faults(changes))
        if errors:
            raise Invalid(errors=errors)
        profile = _next_revision(patient, current_profile(patient_id), changes, by=by, at=at)
        trail = AuditTrail(by=by, patient=patient, at=at)
        trail.add(
            "profile.record",
            "profile",
            profile.pk,
            {"number": profile.number, "fields": sorted(changes)},
        )
        trail.settle()
        pause_what_gates_bar(patient, at=at)
        return profile


def _next_revision(
    patient: PatientRow,
    before: ClinicalProfile | None,
    changes: Mapping[str, object],
    *,
    by: User,
    at: datetime,
) -> ClinicalProfile:
    kept = {name: getattr(before, name) for name in EDITABLE} if before else {}
    return ClinicalProfile.objects.create(
        patient_id=patient.id,
        clinic_id=patient.clinic_id,
        number=before.number + 1 if before else 1,
        recorded_at=at,
        recorded_by=by,
        **{**kept, **changes},
    )
