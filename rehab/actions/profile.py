"""Recording what is known of a body; each change is a new revision."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from exercises import reference
from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import FieldError, Invalid
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.audit import AuditTrail
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.surroundings import current_profile
from rehab.domain.measures import is_number
from rehab.models import Answer, ClinicalProfile

LEVELS = tuple(
    f"{part}{number}"
    for part, most in (("C", 8), ("T", 12), ("L", 5), ("S", 5))
    for number in range(1, most + 1)
)
INNERVATION = ("intact", "partial", "denervated", "unknown")
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

    NotAllowed for anybody but a clinician of this patient; Invalid names every field that can't be so.
    """
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require(decide(authority, patient_id, "prescribe", at))
        patient = lock_patient(patient_id)
        errors = tuple(_faults(changes))
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


def _faults(changes: Mapping[str, object]) -> Iterator[FieldError]:
    for name in changes:
        if name not in EDITABLE:
            yield FieldError(name, "unknown_field", _("The profile has no such field."))
    for name in ("spinal_cord_injury", "allergies_known", "drugs_known"):
        yield from _choice(name, changes.get(name), Answer.values)
    yield from _choice("injury_level", changes.get("injury_level"), (*LEVELS, "unknown"))
    for code, answer in _mapping(changes.get("answers")).items():
        yield from _choice(f"answers.{code}", answer, Answer.values)
    for muscle, status in _mapping(changes.get("innervation")).items():
        if muscle not in reference.muscles():
            yield FieldError(
                f"innervation.{muscle}", "unknown_muscle", _("There is no muscle of this code.")
            )
        yield from _choice(f"innervation.{muscle}", status, INNERVATION)
    for place, condition in enumerate(_list(changes.get("conditions"))):
        if _mapping(condition).get("code") not in reference.conditions():
            yield FieldError(
                f"conditions.{place}.code",
                "unknown_condition",
                _("There is no condition of this code."),
            )
    for code, value in _mapping(changes.get("baselines")).items():
        if value is not None and not is_number(value):
            yield FieldError(
                f"baselines.{code}", "not_a_number", _("Enter a number, or leave it empty.")
            )
    yield from _iddsi("swallowing_food", changes.get("swallowing_food"), 3, 7)
    yield from _iddsi("swallowing_drink", changes.get("swallowing_drink"), 0, 4)


def _choice(field: str, value: object, choices: Collection[str]) -> Iterator[FieldError]:
    if value is not None and value not in choices:
        yield FieldError(
            field,
            "not_a_choice",
            _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)},
        )


def _iddsi(field: str, value: object, low: int, high: int) -> Iterator[FieldError]:
    if value is not None and not (
        is_number(value) and low <= value <= high and value == int(value)
    ):
        yield FieldError(
            field,
            "out_of_range",
            _("IDDSI levels here go from %(low)s to %(high)s; leave it empty when unknown.")
            % {"low": low, "high": high},
        )


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
