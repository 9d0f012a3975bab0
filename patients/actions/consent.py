"""Recording what a patient agrees to, or no longer agrees to."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from patients.actions import audit
from patients.actions.permission import require_for_patient
from patients.domain.errors import Invalid
from patients.domain.roles import ConsentDecision, Purpose
from patients.models import Consent, User


@transaction.atomic
def record_consent(
    *, by: User, at: datetime, patient_id: UUID, purpose: str, decision: str
) -> Consent:
    """Add the patient's decision about one purpose; saying the same again adds nothing."""
    _authority, patient = require_for_patient(
        by=by, at=at, patient_id=patient_id, action="record_consent"
    )
    if purpose not in set(Purpose):
        raise Invalid("Choose one of the purposes.", field="purpose", code="unknown_purpose")
    if decision not in set(ConsentDecision):
        raise Invalid("Say granted or withdrawn.", field="decision", code="unknown_decision")
    standing = Consent.objects.filter(patient=patient, purpose=purpose).standing().first()
    if standing is not None and standing.decision == decision:
        return standing
    consent = Consent.objects.create(
        clinic_id=patient.clinic_id, patient=patient, purpose=purpose, decision=decision,
        by=by, at=at,
    )  # fmt: skip
    audit.record(
        [
            audit.Event(
                patient.clinic_id, by.pk, f"consent.{decision}", at, patient_id=patient.pk,
                target_kind="consent", target_id=consent.pk, detail={"purpose": purpose},
            )
        ]
    )  # fmt: skip
    return consent
