"""A flag that nobody has seen for too long becomes more urgent, and people are told anew."""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from patients.access.walls import within_every_clinic
from rehab import rules as rulebook
from rehab.actions.audit import AuditTrail
from rehab.actions.escalation import escalate, escalate_now, plan_escalation
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.undelivered import flag_undelivered
from rehab.domain.escalation import Rise
from rehab.domain.safety import Level
from rehab.models import EscalationStep, SafetyFlag
from rehab.models.timetable import claim_patients

logger = logging.getLogger(__name__)


def tend_flags(*, at: datetime) -> None:
    """Let unseen flags rise and take every escalation step that is due.

    What goes wrong with flags is logged and tried at the next tick: it holds up no reminder.
    """
    for action in (raise_unseen, flag_undelivered, escalate):
        try:
            with within_every_clinic():
                action(at=at)
        except Exception:
            logger.exception("tending flags failed", extra={"action": action.__name__})


def raise_unseen(*, at: datetime, limit: int = 200) -> int:
    """Let unseen flags rise; return how many. Safe twice at once, inside every clinic's wall."""
    return sum(
        _raise_level(level, rise, at=at, limit=limit)
        for level, rise in rulebook.escalation().rises.items()
    )


def _raise_level(level: Level, rise: Rise, *, at: datetime, limit: int) -> int:
    unseen = SafetyFlag.objects.filter(
        level=level,
        acknowledged_at__isnull=True,
        raised_at__lte=at - timedelta(hours=rise.after_hours),
    ).order_by("raised_at", "id")
    with transaction.atomic():
        held = claim_patients(set(unseen.values_list("patient_id", flat=True)[:limit]))
        flags: dict[UUID, list[SafetyFlag]] = defaultdict(list)
        for flag in unseen.filter(patient_id__in=held).select_for_update():
            flags[flag.patient_id].append(flag)
        for patient_id in held:
            patient = lock_patient(patient_id)
            for flag in flags[patient_id]:
                _rise(flag, rise.to, patient, at=at)
    return sum(len(each) for each in flags.values())


def _rise(flag: SafetyFlag, level: Level, patient: PatientRow, *, at: datetime) -> None:
    trail = AuditTrail(by=None, patient=patient, at=at)
    trail.add("flag.rise", "flag", flag.pk, {"from": flag.level, "to": level.value})
    trail.settle()
    flag.level, flag.sync_sequence = level.value, patient.sequence
    flag.save(update_fields=["level", "sync_sequence"])
    if _is_told_already(flag):
        return
    taken = EscalationStep.objects.filter(flag=flag).aggregate(last=Max("position"))["last"] or 0
    plan_escalation(patient, [flag], at=at, after=taken)
    escalate_now(patient, [flag], at=at)


def _is_told_already(flag: SafetyFlag) -> bool:
    """Tell whether people are being told of the same rule on the same item and part already."""
    same = SafetyFlag.objects.filter(
        patient_id=flag.patient_id,
        rule=flag.rule,
        series=flag.series,
        part=flag.part,
        level=flag.level,
        acknowledged_at__isnull=True,
    )
    return same.exclude(pk=flag.pk).exists()
