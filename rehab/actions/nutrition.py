"""What a named person ordered a patient to eat and drink; each change is a version of its own."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import FieldError, Invalid
from patients.models.authority import authority_of
from patients.models.user import User
from rehab import rules
from rehab.actions.audit import AuditTrail
from rehab.actions.findings import as_error
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.surroundings import current_profile
from rehab.actions.texts import text_faults
from rehab.domain.nutrition import NutritionEntry, nutrition_findings, unconfirmed
from rehab.domain.recurrence import local_date
from rehab.models import NutritionPlan

LONGEST_NAME = 200
LONGEST_ROLE = 120
CONFIRM = gettext_noop("Some values are unusual. Send them again with `confirmed`.")


def set_nutrition_plan(
    *, by: User, at: datetime, patient_id: UUID, entry: NutritionEntry
) -> tuple[NutritionPlan, bool]:
    """Keep a new version and tell whether it is one; what says the same again adds none.

    NotAllowed for anybody but a clinician of this patient. Invalid names every field that is
    missing or can't be; with the code `confirm_required` those that must be confirmed.
    """
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require(decide(authority, patient_id, "prescribe", at))
        patient = lock_patient(patient_id)
        _judge(entry, patient, at=at)
        before = NutritionPlan.objects.filter(patient_id=patient_id).order_by("-number").first()
        values = _values(entry)
        if before is not None and all(
            getattr(before, name) == value for name, value in values.items()
        ):
            return before, False
        number = before.number + 1 if before else 1
        plan = NutritionPlan.objects.create(
            patient_id=patient.id,
            clinic_id=patient.clinic_id,
            number=number,
            recorded_at=at,
            recorded_by=by,
            **values,
        )
        trail = AuditTrail(by=by, patient=patient, at=at)
        trail.add("nutrition.set", "nutrition_plan", plan.pk, {"number": number})
        trail.settle()
        return plan, True


def _judge(entry: NutritionEntry, patient: PatientRow, *, at: datetime) -> None:
    profile = current_profile(patient.id)
    findings = list(
        nutrition_findings(
            entry,
            rules.nutrition(),
            kidney=profile.kidney if profile else "unknown",
            today=local_date(at, patient.zone),
        )
    )
    refused = [as_error(each) for each in findings if each.severity == "refuse"]
    refused += _text_faults(entry)
    if refused:
        raise Invalid(errors=tuple(refused))
    if asked := unconfirmed(findings, entry.confirmed):
        raise Invalid(
            CONFIRM, code="confirm_required", errors=tuple(as_error(each) for each in asked)
        )


def _text_faults(entry: NutritionEntry) -> list[FieldError]:
    texts = {
        f"supplements.{place}.{name}": getattr(each, name)
        for place, each in enumerate(entry.supplements)
        for name in ("code", "text", "amount")
    }
    return [
        *text_faults({"set_by": entry.set_by}, longest=LONGEST_NAME),
        *text_faults({"set_by_role": entry.set_by_role}, longest=LONGEST_ROLE),
        *text_faults(texts, longest=LONGEST_NAME),
        *text_faults({"notes": entry.notes}),
    ]


def _values(entry: NutritionEntry) -> Mapping[str, object]:
    values = asdict(entry)
    return {
        **values,
        "set_by": entry.set_by.strip(),
        "set_by_role": entry.set_by_role.strip(),
        "notes": entry.notes.strip(),
        "supplements": [asdict(each) for each in entry.supplements],
        "confirmed": sorted(entry.confirmed),
    }
