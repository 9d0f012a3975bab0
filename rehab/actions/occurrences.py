"""Saying that something will not be done, or not just now."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from exercises import reference
from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import Conflict, Invalid, NotVisible
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.audit import AuditTrail
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.recipients import contact_points
from rehab.actions.schedule import store_up_to
from rehab.models import Delivery, Occurrence, OccurrenceState, Reminder, ReminderKind
from rehab.models.outbox import cancel
from rehab.models.timetable import Day, recompute

SNOOZE_AT_MOST_MINUTES = 12 * 60


def skip_occurrence(
    *, by: User, at: datetime, patient_id: UUID, occurrence_id: UUID, reason: str, note: str = ""
) -> Occurrence:
    """Record that an occurrence will not be done, and why. Skipping again for the same reason changes nothing.

    NotVisible for an unknown occurrence; Conflict when it was resolved otherwise; Invalid for a
    reason outside the list.
    """
    with within_clinics(by.clinic_ids):
        patient = _open_door(by, patient_id, at=at)
        if reason not in reference.skip_reasons():
            raise Invalid(_("Choose a reason from the list."), field="reason", code="not_a_choice")
        occurrence = _find(patient, occurrence_id, at=at)
        if occurrence.state == OccurrenceState.SKIPPED and (
            occurrence.skip_reason,
            occurrence.skip_note,
        ) == (reason, note):
            return occurrence
        if occurrence.state not in (OccurrenceState.DUE, OccurrenceState.SKIPPED):
            raise Conflict(_("This is not open any more."), code="not_open")
        occurrence.state, occurrence.state_at = OccurrenceState.SKIPPED, at
        occurrence.skip_reason, occurrence.skip_note = reason, note
        _save(occurrence, patient, ["state", "state_at", "skip_reason", "skip_note"])
        _tell(by, patient, occurrence, "occurrence.skip", {"reason": reason}, at=at)
        return occurrence


def unskip_occurrence(
    *, by: User, at: datetime, patient_id: UUID, occurrence_id: UUID
) -> Occurrence:
    """Take a skip back: the occurrence is due again."""
    with within_clinics(by.clinic_ids):
        patient = _open_door(by, patient_id, at=at)
        occurrence = _find(patient, occurrence_id, at=at)
        if occurrence.state != OccurrenceState.SKIPPED:
            raise Conflict(_("This was not skipped."), code="not_skipped")
        occurrence.state, occurrence.state_at, occurrence.skip_reason, occurrence.skip_note = (
            OccurrenceState.DUE,
            at,
            "",
            "",
        )
        _save(occurrence, patient, ["state", "state_at", "skip_reason", "skip_note"])
        _tell(by, patient, occurrence, "occurrence.unskip", {}, at=at)
        return occurrence


def snooze_occurrence(
    *, by: User, at: datetime, patient_id: UUID, occurrence_id: UUID, minutes: int = 30
) -> Occurrence:
    """Remind this person again in so many minutes (1 to 720); what is due and when it closes stays."""
    with within_clinics(by.clinic_ids):
        patient = _open_door(by, patient_id, at=at)
        if not 1 <= minutes <= SNOOZE_AT_MOST_MINUTES:
            raise Invalid(
                _("Enter between 1 and %(most)s minutes.") % {"most": SNOOZE_AT_MOST_MINUTES},
                field="minutes",
                code="out_of_range",
            )
        occurrence = _find(patient, occurrence_id, at=at)
        if occurrence.state != OccurrenceState.DUE:
            raise Conflict(_("This is not open any more."), code="not_open")
        occurrence.snoozed_until = at + timedelta(minutes=minutes)
        _save(occurrence, patient, ["snoozed_until"])
        _remind_again(occurrence, by, at=at)
        _tell(by, patient, occurrence, "occurrence.snooze", {"minutes": minutes}, at=at)
        return occurrence


def _open_door(by: User, patient_id: UUID, *, at: datetime) -> PatientRow:
    authority = authority_of(by, at=at, patient_id=patient_id)
    require(decide(authority, patient_id, "log_sessions", at))
    return lock_patient(patient_id)


def _find(patient: PatientRow, occurrence_id: UUID, *, at: datetime) -> Occurrence:
    """Return the occurrence, storing first what the tick has not stored yet."""
    rows = Occurrence.objects.filter(patient_id=patient.id, id=occurrence_id).select_related("item")
    found = rows.first()
    if found is None:
        store_up_to(patient.id, at=at)
        found = rows.first()
    if found is None:
        raise NotVisible
    return found


def _save(occurrence: Occurrence, patient: PatientRow, fields: list[str]) -> None:
    changes = {name: getattr(occurrence, name) for name in fields}
    rows = Occurrence.objects.filter(patient_id=patient.id, id=occurrence.id)
    rows.update(**changes, sync_sequence=patient.sequence)
    recompute({Day(patient.id, occurrence.series, occurrence.on)})


def _remind_again(occurrence: Occurrence, by: User, *, at: datetime) -> None:
    """Write one more reminder for whoever snoozed, in place of what is still unsent."""
    moment = occurrence.snoozed_until
    assert moment is not None  # set by the caller just now
    earlier = Reminder.objects.filter(
        patient_id=occurrence.patient_id, recipient=by, occurrence_ids=[occurrence.id]
    ).values_list("id", flat=True)
    cancel(list(earlier), patient_id=occurrence.patient_id, reason="snoozed", at=at)
    reminder = Reminder.objects.create(
        patient_id=occurrence.patient_id,
        clinic_id=occurrence.clinic_id,
        id=uuid5(occurrence.id, f"snooze/{by.pk}/{moment.isoformat()}"),
        recipient=by,
        kind=ReminderKind(occurrence.item.kind),
        on=occurrence.on,
        due_at=moment,
        occurrence_ids=[occurrence.id],
        wakes=occurrence.item.wakes,
        created_at=at,
    )
    for point in contact_points([by.pk]).get(by.pk, ())[:1]:
        Delivery.objects.create(
            patient_id=occurrence.patient_id,
            clinic_id=occurrence.clinic_id,
            id=uuid5(reminder.id, str(point.pk)),
            due_at=moment,
            reminder_id=reminder.id,
            recipient=by,
            contact_point=point,
            channel=point.channel,
            next_at=moment,
            wanted_at=moment,
            created_at=at,
        )


def _tell(
    by: User,
    patient: PatientRow,
    occurrence: Occurrence,
    kind: str,
    detail: dict[str, object],
    *,
    at: datetime,
) -> None:
    trail = AuditTrail(by=by, patient=patient, at=at)
    trail.add(kind, "occurrence", occurrence.id, detail)
    trail.settle()
