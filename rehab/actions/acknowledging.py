"""Answering a flag: a clinician has seen it, and says what follows."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.actions.duty import end_duty
from patients.domain.errors import Invalid, NotVisible
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.audit import AuditTrail
from rehab.actions.patient_row import lock_patient
from rehab.models import EscalationStep, Reminder, ReminderKind, SafetyFlag

ANSWERED_AT_HOME = frozenset({"silence"})


def acknowledge_flag(*, by: User, at: datetime, flag_id: UUID, note: str) -> SafetyFlag:
    """Record that a clinician has seen a flag; its later escalation steps are cancelled.

    What only asks whether somebody is all right is answered by them, or by who logs for them.

    Earlier flags of the same rule on the same item and part are answered with it: whoever has
    seen the newest of a row of them has seen what they say.
    """
    with within_clinics(by.clinic_ids):
        seen = (
            SafetyFlag.objects.visible_to(by, scope="receive_alerts", at=at)
            .filter(pk=flag_id)
            .first()
        )
        if seen is None:
            raise NotVisible
        authority = authority_of(by, at=at, patient_id=seen.patient_id)
        answers = "log_sessions" if seen.rule in ANSWERED_AT_HOME else "acknowledge"
        require(decide(authority, seen.patient_id, answers, at))
        if not note.strip():
            raise Invalid(
                _("Say in a few words what you did or decided."), field="note", code="blank"
            )
        patient = lock_patient(seen.patient_id)
        flag = SafetyFlag.objects.select_for_update().get(pk=flag_id)
        if flag.acknowledged_at is None:
            _acknowledge(flag, by=by, at=at, note=note.strip(), sequence=patient.sequence)
            flag.refresh_from_db()
            trail = AuditTrail(by=by, patient=patient, at=at)
            trail.add("flag.acknowledge", "flag", flag.pk, {"rule": flag.rule, "level": flag.level})
            trail.settle()
            end_duty(by=by, at=at, patient_id=patient.id, keep=_still_asked(patient.id))
        return flag


def _still_asked(patient_id: UUID) -> list[UUID]:
    """Return who was told of a flag of this patient that nobody has answered."""
    waiting = SafetyFlag.objects.filter(patient_id=patient_id, acknowledged_at__isnull=True)
    told = Reminder.objects.filter(
        patient_id=patient_id, kind=ReminderKind.ALERT, flag_id__in=waiting.values("pk")
    )
    return list(told.values_list("recipient_id", flat=True).distinct())


def _acknowledge(flag: SafetyFlag, *, by: User, at: datetime, note: str, sequence: int) -> None:
    same = SafetyFlag.objects.filter(
        patient_id=flag.patient_id,
        rule=flag.rule,
        series=flag.series,
        part=flag.part,
        raised_at__lte=flag.raised_at,
        acknowledged_at__isnull=True,
    )
    ids = list(same.values_list("pk", flat=True))
    EscalationStep.objects.filter(flag_id__in=ids, finished_at__isnull=True).update(
        next_at=None, finished_at=at, outcome="acknowledged"
    )
    SafetyFlag.objects.filter(pk__in=ids).update(
        acknowledged_at=at, acknowledged_by=by, acknowledgement=note, sync_sequence=sequence
    )
