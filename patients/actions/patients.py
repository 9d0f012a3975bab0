"""Registering a patient and keeping the facts about them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from patients.actions import audit
from patients.actions.absences import cover
from patients.actions.checks import sound_language, sound_name, sound_zone
from patients.actions.permission import require_for_patient, require_in_clinic
from patients.domain.errors import Conflict, Invalid
from patients.domain.roles import ALL_SCOPES, Role
from patients.models import CareRelationship, Patient, User

EDITABLE = frozenset({"name", "birth_date", "zone", "language", "record_number"})


@transaction.atomic
def register_patient(
    *,
    by: User,
    at: datetime,
    clinic_id: UUID,
    name: str,
    birth_date: date | None = None,
    zone: str = "",
    language: str = "zh-Hans",
    record_number: str = "",
    becomes_clinician: bool = True,
) -> Patient:
    """Register a patient, with or without an account to come.

    Whoever registers becomes the patient's clinician, unless a coordinator does it for others.
    """
    clinic = require_in_clinic(by=by, at=at, clinic_id=clinic_id, coordinator=not becomes_clinician)
    patient = Patient(
        clinic=clinic, name=sound_name(name), birth_date=_sound_birth(birth_date, at),
        zone=sound_zone(zone or clinic.zone), language=sound_language(language),
        record_number=record_number.strip(),
    )  # fmt: skip
    _require_free_number(patient)
    patient.save(force_insert=True)
    if becomes_clinician:
        relationship = CareRelationship.objects.create(
            clinic=clinic, patient=patient, user=by, role=Role.CLINICIAN,
            scopes=sorted(ALL_SCOPES), starts_at=at,
        )  # fmt: skip
        cover(relationship, by=by, at=at)
    audit.record([_event(patient, "patient.register", by, at)])
    return patient


@transaction.atomic
def edit_patient(
    *, by: User, at: datetime, patient_id: UUID, changes: Mapping[str, Any]
) -> Patient:
    """Change facts about a patient; an unknown fact is a KeyError."""
    _authority, patient = require_for_patient(
        by=by, at=at, patient_id=patient_id, action="edit_patient"
    )
    if unknown := set(changes) - EDITABLE:
        raise KeyError(f"not a fact about a patient: {', '.join(sorted(unknown))}")
    for name, value in changes.items():
        sound = _SOUND.get(name)
        setattr(patient, name, sound(value) if sound else value)
    _sound_birth(patient.birth_date, at)
    _require_free_number(patient)
    if changes:
        patient.save(update_fields=sorted(changes))
        audit.record([_event(patient, "patient.edit", by, at, {"fields": sorted(changes)})])
    return patient


_SOUND: Mapping[str, Callable[[str], str]] = {
    "name": sound_name,
    "zone": sound_zone,
    "language": sound_language,
    "record_number": str.strip,
}


def _sound_birth(birth_date: date | None, at: datetime) -> date | None:
    if birth_date is not None and not date(1900, 1, 1) <= birth_date <= at.date():
        raise Invalid("Enter a date of birth since 1900.", field="birth_date", code="out_of_range")
    return birth_date


def _require_free_number(patient: Patient) -> None:
    same = Patient.objects.filter(
        clinic_id=patient.clinic_id, record_number=patient.record_number
    ).exclude(pk=patient.pk)
    if patient.record_number and same.exists():
        raise Conflict(
            "Another patient of this clinic has this record number.",
            field="record_number",
            code="number_taken",
        )


def _event(
    patient: Patient, kind: str, by: User, at: datetime, detail: Mapping[str, Any] | None = None
) -> audit.Event:
    return audit.Event(
        patient.clinic_id,
        by.pk,
        kind,
        at,
        patient_id=patient.pk,
        target_kind="patient",
        target_id=patient.pk,
        detail=detail or {},
    )
