"""Saying that something will not be done, or not just now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from exercises import reference
from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import Conflict, DomainError, Invalid, NotVisible
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.answers import RaisedFlag
from rehab.actions.audit import AuditTrail
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.pausing import settle_pauses
from rehab.actions.recipients import contact_points
from rehab.actions.reminders import new_delivery
from rehab.actions.schedule import store_named, store_up_to
from rehab.actions.skip_signs import judge_skip, sign_faults, signs_of
from rehab.actions.texts import text_faults
from rehab.actions.uploading import require_upload
from rehab.domain.session_entry import SkipEntry
from rehab.models import Occurrence, OccurrenceState, Reminder, ReminderKind
from rehab.models.item_days import Day, recompute
from rehab.models.outbox import cancel

SNOOZE_AT_MOST_MINUTES = 12 * 60
SKIP_FIELDS = ("state", "state_at", "skip_reason", "skip_note", "skip_signs")


@dataclass(frozen=True, slots=True)
class Skipped:
    """What became of a skip, and what must be shown at once.

    refused: why it was not skipped, where the signs that came with it were judged all the same.
    occurrence: as it now stands, None if there is none.
    """

    occurrence: Occurrence | None
    flags: tuple[RaisedFlag, ...] = ()
    refused: DomainError | None = None


def skip_occurrence(*, by: User, at: datetime, patient_id: UUID, told: SkipEntry) -> Skipped:
    """Record that an occurrence will not be done, and why; saying it again changes nothing.

    told.skipped_at: when the phone was told, if that was earlier. NotVisible for an unknown
    occurrence; Conflict when it was resolved otherwise; Invalid for a reason outside the list and
    for signs that cannot be. Red flags are judged first: a refusal that leaves one is returned.
    """
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require_upload(authority, patient_id, min(told.skipped_at or at, at), at=at)
        patient = lock_patient(patient_id)
        occurrence = _known(patient, told.occurrence, at=at)
        series = occurrence.series if occurrence else None
        judged = judge_skip(told, patient, series, at=at)
        refused: DomainError | None = None
        try:
            _skip(told, occurrence, patient, by=by, at=at)
        except DomainError as error:
            if not judged.flags:
                raise
            refused = error
        # The slot that was skipped is settled: what its signs pause begins after it.
        judged.desk.settle()
        return Skipped(occurrence, judged.flags, refused)


def _skip(
    told: SkipEntry, occurrence: Occurrence | None, patient: PatientRow, *, by: User, at: datetime
) -> None:
    """Refuse before anything is written: what the signs set off is written in any case."""
    _must_be_said(told)
    if occurrence is None:
        raise NotVisible
    if occurrence.state not in (OccurrenceState.DUE, OccurrenceState.SKIPPED):
        raise Conflict(_("This is not open any more."), code="not_open")
    said = (told.reason, told.note, signs_of(told))
    if (occurrence.skip_reason, occurrence.skip_note, occurrence.skip_signs) == said:
        return
    occurrence.state, occurrence.state_at = OccurrenceState.SKIPPED, at
    occurrence.skip_reason, occurrence.skip_note, occurrence.skip_signs = said
    _save(occurrence, patient, SKIP_FIELDS)
    _tell(by, patient, occurrence, "occurrence.skip", {"reason": told.reason}, at=at)


def unskip_occurrence(
    *, by: User, at: datetime, patient_id: UUID, occurrence_id: UUID
) -> Occurrence:
    """Take a skip back: the occurrence is due again."""
    with within_clinics(by.clinic_ids):
        patient = _open_door(by, patient_id, at=at)
        occurrence = _find(patient, occurrence_id, at=at)
        if occurrence.state != OccurrenceState.SKIPPED:
            raise Conflict(_("This was not skipped."), code="not_skipped")
        occurrence.state, occurrence.state_at = OccurrenceState.DUE, at
        occurrence.skip_reason, occurrence.skip_note, occurrence.skip_signs = "", "", {}
        _save(occurrence, patient, SKIP_FIELDS)
        settle_pauses([patient_id], since=occurrence.due_at, at=at)
        _tell(by, patient, occurrence, "occurrence.unskip", {}, at=at)
        return occurrence


def snooze_occurrence(
    *, by: User, at: datetime, patient_id: UUID, occurrence_id: UUID, minutes: int = 30
) -> Occurrence:
    """Remind this person again in so many minutes (1 to 720); what is due stays due as it was."""
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
        _save(occurrence, patient, ("snoozed_until",))
        _remind_again(occurrence, by, occurrence.snoozed_until, at=at)
        _tell(by, patient, occurrence, "occurrence.snooze", {"minutes": minutes}, at=at)
        return occurrence


def _open_door(by: User, patient_id: UUID, *, at: datetime) -> PatientRow:
    authority = authority_of(by, at=at, patient_id=patient_id)
    require(decide(authority, patient_id, "log_sessions", at))
    return lock_patient(patient_id)


def _must_be_said(told: SkipEntry) -> None:
    if told.reason not in reference.skip_reasons():
        raise Invalid(_("Choose a reason from the list."), field="reason", code="not_a_choice")
    if errors := (*text_faults({"note": told.note}), *sign_faults(told)):
        raise Invalid(errors=errors)


def _find(patient: PatientRow, occurrence_id: UUID, *, at: datetime) -> Occurrence:
    found = _known(patient, occurrence_id, at=at)
    if found is None:
        raise NotVisible
    return found


def _known(patient: PatientRow, occurrence_id: UUID, *, at: datetime) -> Occurrence | None:
    """Return the occurrence if there is one, storing first what the tick has not stored yet.

    A phone that was offline may name any day of the next fortnight.
    """
    rows = Occurrence.objects.filter(patient_id=patient.id, id=occurrence_id).select_related("item")
    found = rows.first()
    if found is None:
        store_up_to(patient.id, at=at)
        store_named(patient.id, occurrence_id, at=at)
        found = rows.first()
    return found


def _save(occurrence: Occurrence, patient: PatientRow, fields: Sequence[str]) -> None:
    changes = {name: getattr(occurrence, name) for name in fields}
    rows = Occurrence.objects.filter(patient_id=patient.id, id=occurrence.id)
    rows.update(**changes, sync_sequence=patient.sequence)
    recompute({Day(patient.id, occurrence.series, occurrence.on)})


def _remind_again(occurrence: Occurrence, by: User, moment: datetime, *, at: datetime) -> None:
    """Write one more reminder for whoever snoozed, in place of what is still unsent."""
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
        new_delivery(reminder, by.pk, point, at=at).save(force_insert=True)


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
