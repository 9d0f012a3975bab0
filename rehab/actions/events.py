"""Recording what happened outside the plan, or was barred by it: kept, not counted, flagged."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from exercises.models import Exercise
from patients.access.walls import within_clinics
from patients.domain.errors import FieldError
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.answers import Answer
from rehab.actions.audit import AuditTrail
from rehab.actions.bodies import offset_minutes
from rehab.actions.facts import off_plan_facts
from rehab.actions.findings import as_error
from rehab.actions.flags import FlagDesk
from rehab.actions.gatekeeping import profile_of
from rehab.actions.judging import choice_faults, limb_faults, symptom_faults, zone_faults
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.surroundings import current_profile
from rehab.actions.texts import text_faults
from rehab.actions.uploading import require_upload
from rehab.actions.value_findings import measure_findings, scale_findings
from rehab.domain.identity import fingerprint
from rehab.domain.measures import is_number
from rehab.domain.receipt import judge_performed_at
from rehab.domain.session_entry import OffPlanEntry
from rehab.domain.stimulation import MICROSECONDS
from rehab.models import ClinicalProfile, OffPlanEvent, Performer

LONGEST_SLUG = 100


def record_off_plan_event(
    *, by: User, at: datetime, patient_id: UUID, event_id: UUID, entry: OffPlanEntry
) -> Answer:
    """Keep something that happened outside the plan; red flags are judged first.

    Sending it again changes nothing; the same id with another body is a conflict.
    """
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require_upload(authority, patient_id, entry.performed_at, at=at)
        patient = lock_patient(patient_id)
        errors = _faults(entry, at=at)
        printed = b"" if errors else fingerprint(_said(entry))
        known = OffPlanEvent.objects.filter(patient_id=patient_id, id=event_id).first()
        if known is not None:
            same = bytes(known.fingerprint) == printed
            return Answer(event_id, 200 if same else 409, "unchanged" if same else "conflict")
        profile = current_profile(patient_id)
        what = _kind_of(entry, profile)
        desk = FlagDesk(patient=patient, at=at, reason=_why_barred(entry, profile))
        facts = off_plan_facts(entry, profile_of(profile), off_plan=what)
        flags = desk.judge_event(
            event_id, facts, entry.performed_at, counted=not errors, limb=entry.limb
        )
        desk.settle()
        if errors:
            return Answer(event_id, 422, "refused", errors=errors, flags=flags)
        _store(event_id, entry, patient, by=by, at=at, printed=printed, barred=what == "barred")
        trail = AuditTrail(by=by, patient=patient, at=at)
        trail.add("off_plan.record", "off_plan_event", event_id, {"what": what})
        trail.settle()
        return Answer(event_id, 201, "recorded", flags=flags)


def _said(entry: OffPlanEntry) -> dict[str, object]:
    """Return the fields by which two sendings are the same; a limb that nobody named is none."""
    return {name: value for name, value in asdict(entry).items() if name != "limb" or value}


def _kind_of(entry: OffPlanEntry, profile: ClinicalProfile | None) -> str:
    """Return barred, wrong_device (ordinary stimulation where a nerve is missing) or outside."""
    if profile is None:
        return "outside"
    if entry.exercise and entry.exercise in {each.get("exercise") for each in profile.barred}:
        return "barred"
    denervated = "denervated" in profile.innervation.values()
    return "wrong_device" if denervated and _stimulates_as_if_intact(entry) else "outside"


def _why_barred(entry: OffPlanEntry, profile: ClinicalProfile | None) -> str:
    """Return what the clinic wrote when it barred this exercise."""
    barred = profile.barred if profile else ()
    return next(
        (each.get("reason", "") for each in barred if each.get("exercise") == entry.exercise), ""
    )


def _stimulates_as_if_intact(entry: OffPlanEntry) -> bool:
    if is_number(entry.measures.get(MICROSECONDS)):
        return True
    stimulating = Exercise.objects.filter(slug=entry.exercise, modality__physics="intact")
    return bool(entry.exercise) and stimulating.exists()


def _faults(entry: OffPlanEntry, *, at: datetime) -> tuple[FieldError, ...]:
    found = [] if entry.description.strip() else [_say_what()]
    found += text_faults({"description": entry.description, "note": entry.note})
    found += text_faults({"exercise": entry.exercise}, longest=LONGEST_SLUG)
    found += zone_faults(entry.zone)
    found += choice_faults("performer", entry.performer, Performer.values)
    found += symptom_faults(entry.symptoms)
    found += limb_faults(entry.limb)
    if future := judge_performed_at(entry.performed_at, at):
        found.append(as_error(future, path="performed_at"))
    values = [
        *scale_findings("pain", entry.pain, "pain"),
        *measure_findings(entry.measures, "measures"),
    ]
    found += [as_error(each, path=path) for path, each in values if each.severity == "refuse"]
    return tuple(found)


def _say_what() -> FieldError:
    return FieldError("description", "blank", _("Say in a few words what happened."))


def _store(
    event_id: UUID,
    entry: OffPlanEntry,
    patient: PatientRow,
    *,
    by: User,
    at: datetime,
    printed: bytes,
    barred: bool,
) -> None:
    OffPlanEvent.objects.create(
        patient_id=patient.id,
        clinic_id=patient.clinic_id,
        id=event_id,
        fingerprint=printed,
        exercise_slug=entry.exercise,
        barred=barred,
        description=entry.description.strip(),
        performed_at=entry.performed_at,
        performed_offset_minutes=offset_minutes(entry.performed_at),
        performed_zone=entry.zone,
        received_at=at,
        author=by,
        performer=entry.performer,
        details={
            "pain": entry.pain,
            "symptoms": list(entry.symptoms),
            "limb": entry.limb,
            "measures": dict(entry.measures),
            "note": entry.note,
        },
        sync_sequence=patient.sequence,
    )
