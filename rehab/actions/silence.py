"""Asking whether somebody is all right, when nothing has been heard of them for a week.

Only in a plan in which silence may hide harm (`high_risk` in `rehab/rules/safety.json`). The
patient and the helpers are asked, the clinic's list shows it, and one tap answers.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import Exists, Model, OuterRef

from rehab import rules as rulebook
from rehab.actions.escalation import escalate_now
from rehab.actions.flags import FlagDesk
from rehab.actions.gatekeeping import profile_of
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.surroundings import current_profile
from rehab.domain.conditions import Facts
from rehab.domain.escalation import Audience
from rehab.domain.recurrence import local_time
from rehab.domain.trends import whole_days
from rehab.models import (
    Assessment,
    DietLog,
    Entry,
    EscalationStep,
    OffPlanEvent,
    PlanItem,
    PlanStatus,
    PlanVersion,
    SafetyFlag,
    SessionLog,
)
from rehab.models.timetable import claim_patients

RULE = "silence"
DAYS = 7
WEEK = timedelta(days=DAYS)
# Something told late was done before it came: how long before is looked for.
TOLD_LATE = timedelta(days=30)
# Nobody is asked at night.
FIRST_HOUR, LAST_HOUR = 9, 19
ASKED = (Audience.PATIENT, Audience.CAREGIVERS)
FIRST_POSITION = 90


def ask_after_the_silent(*, at: datetime, limit: int = 200) -> int:
    """Raise the flag for plans at risk that nobody wrote of for a week; return how many.

    Safe twice at once. Run it inside the wall of every clinic.
    """
    with transaction.atomic():
        silent = _silent(at=at).order_by("patient_id").values_list("patient_id", flat=True)
        held = claim_patients(set(silent.distinct()[:limit]))
        still = _silent(at=at).filter(patient_id__in=held).select_related("patient")
        return sum(_ask(version, at=at) for version in still)


def _silent(*, at: datetime) -> Any:
    since = at - WEEK
    versions = PlanVersion.objects.filter(
        plan__status=PlanStatus.ACTIVE, effective_at__lte=since, ended_at__isnull=True
    )
    heard: list[tuple[type[Model], Mapping[str, object]]] = [
        (SessionLog, {"performed_at__gt": since}),
        (SessionLog, {"performed_at__gt": since - TOLD_LATE, "received_at__gt": since}),
        (OffPlanEvent, {"performed_at__gt": since - TOLD_LATE, "received_at__gt": since}),
        (DietLog, {"performed_at__gt": since - TOLD_LATE, "received_at__gt": since}),
        (Assessment, {"performed_at__gt": since - TOLD_LATE, "received_at__gt": since}),
        (Entry, {"received_at__gt": since}),
        (SafetyFlag, {"acknowledged_at__gt": since}),
        (SafetyFlag, {"rule": RULE, "acknowledged_at__isnull": True}),
    ]
    for model, wanted in heard:
        rows = model._default_manager.filter(patient=OuterRef("patient"), **wanted)
        versions = versions.filter(~Exists(rows))
    return versions


def _ask(version: PlanVersion, *, at: datetime) -> int:
    if not FIRST_HOUR <= local_time(at, version.patient.zone).hour <= LAST_HOUR:
        return 0
    if not _is_at_risk(version):
        return 0
    patient = lock_patient(version.patient_id)
    last = _last_heard(version)
    facts: Facts = {"high_risk": "yes", "silent_days": whole_days(last, at)}
    desk = FlagDesk(patient=patient, at=at)
    desk.judge_facts(uuid5(version.patient_id, f"silence/{last.isoformat()}"), facts, last)
    desk.settle()
    for flag_id in desk.raised:
        _ask_them(flag_id, patient, at=at)
    return len(desk.raised)


def _is_at_risk(version: PlanVersion) -> bool:
    risk = rulebook.data("safety")["high_risk"]
    items = PlanItem.objects.filter(version=version, modality__in=risk["modalities"])
    if items.exists():
        return True
    profile = profile_of(current_profile(version.patient_id))
    conditions = set(profile.conditions)
    if profile.spinal_cord_injury == "yes":
        conditions.add("spinal_cord_injury")
    return bool(conditions & set(risk["conditions"]))


def _last_heard(version: PlanVersion) -> datetime:
    newest = SessionLog.objects.filter(patient_id=version.patient_id).order_by("-performed_at")
    last = newest.values_list("performed_at", flat=True).first()
    began = version.effective_at
    return max(each for each in (last, began) if each is not None)


def _ask_them(flag_id: UUID, patient: PatientRow, *, at: datetime) -> None:
    """Tell the patient and the helpers now; the clinic's steps are those of the level."""
    flag = SafetyFlag.objects.get(pk=flag_id)
    EscalationStep.objects.bulk_create(
        EscalationStep(
            id=uuid4(),
            patient_id=patient.id,
            clinic_id=patient.clinic_id,
            flag=flag,
            position=FIRST_POSITION + place,
            audience=audience.value,
            next_at=at,
        )
        for place, audience in enumerate(ASKED)
    )
    escalate_now(patient, [flag], at=at)
