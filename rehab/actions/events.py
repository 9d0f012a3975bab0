"""Recording what happened outside the plan, or was barred by it: kept, not counted, flagged."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from patients.access.decisions import Decision, require
from patients.access.uploads import Upload, judge_upload
from patients.access.walls import within_clinics
from patients.domain.errors import FieldError
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.answers import Answer
from rehab.actions.audit import AuditTrail
from rehab.actions.findings import as_error
from rehab.actions.flags import FlagDesk
from rehab.actions.patient_row import lock_patient
from rehab.actions.value_findings import scale_findings
from rehab.domain.identity import fingerprint
from rehab.domain.receipt import judge_performed_at
from rehab.domain.session_entry import OffPlanEntry
from rehab.models import OffPlanEvent
from rehab.models.briefing import brief

DAY = timedelta(days=1)


def record_off_plan_event(
    *, by: User, at: datetime, patient_id: UUID, event_id: UUID, entry: OffPlanEntry
) -> Answer:
    """Keep something that happened outside the plan; red flags are judged first.

    Sending it again changes nothing; the same id with another body is a conflict.
    """
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        upload = judge_upload(authority, patient_id, entry.performed_at, at)
        if upload in (Upload.HIDDEN, Upload.FORBIDDEN, Upload.QUARANTINED):
            require(Decision.HIDDEN if upload is Upload.HIDDEN else Decision.FORBIDDEN)
        patient = lock_patient(patient_id)
        printed = fingerprint(asdict(entry))
        known = (
            OffPlanEvent.objects.filter(patient_id=patient_id, id=event_id)
            .values_list("fingerprint", flat=True)
            .first()
        )
        if known is not None:
            same = bytes(known) == printed
            return Answer(event_id, 200 if same else 409, "unchanged" if same else "conflict")
        profile = brief(
            patient_id=patient_id,
            ids=[],
            series=[],
            occurrences=[],
            first=at - DAY,
            last=at,
            first_day=at.date(),
            last_day=at.date(),
            with_readings=False,
        ).profile
        barred = bool(profile) and entry.exercise in {each["exercise"] for each in profile.barred}
        desk = FlagDesk(patient=patient, at=at)
        flags = desk.judge_event(event_id, entry, profile, barred=barred)
        errors = _faults(entry, at=at)
        desk.settle()
        if errors:
            return Answer(event_id, 422, "refused", errors=errors, flags=flags)
        OffPlanEvent.objects.create(
            patient_id=patient.id,
            clinic_id=patient.clinic_id,
            id=event_id,
            fingerprint=printed,
            exercise_slug=entry.exercise,
            barred=barred,
            description=entry.description.strip(),
            performed_at=entry.performed_at,
            performed_offset_minutes=round(
                (entry.performed_at.utcoffset() or timedelta(0)).total_seconds() / 60
            ),
            performed_zone=entry.zone,
            received_at=at,
            author=by,
            performer=entry.performer,
            details={
                "pain": entry.pain,
                "symptoms": list(entry.symptoms),
                "measures": dict(entry.measures),
                "note": entry.note,
            },
            sync_sequence=patient.sequence,
        )
        trail = AuditTrail(by=by, patient=patient, at=at)
        trail.add("off_plan.record", "off_plan_event", event_id, {"barred": barred})
        trail.settle()
        return Answer(event_id, 201, "recorded", flags=flags)


def _faults(entry: OffPlanEntry, *, at: datetime) -> tuple[FieldError, ...]:
    found = []
    if not entry.description.strip():
        found.append(FieldError("description", "blank", _("Say in a few words what happened.")))
    if future := judge_performed_at(entry.performed_at, at):
        found.append(as_error(future, path="performed_at"))
    found += [
        as_error(each, path=path) for path, each in scale_findings("pain", entry.pain, "pain")
    ]
    return tuple(found)
