"""Stopping and resuming: anybody may stop at once, only a clinician resumes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import Conflict, Invalid, NotVisible
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.audit import AuditTrail
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.pausing import NewPause, items_in_force, pause, settle_pauses
from rehab.actions.plan_status import change_status
from rehab.actions.reminders import replan_reminders
from rehab.domain.session_entry import StopEntry
from rehab.models import ItemKind, Pause, Plan, PlanItem, PlanPart, PlanStatus

HORIZON = timedelta(hours=48)


def hold_plan(
    *,
    by: User,
    at: datetime,
    plan_id: UUID,
    series: UUID | None = None,
    part: UUID | None = None,
    reason: str,
) -> list[Pause]:
    """Pause one item, one part of it, or without either all training of the plan, at once.

    Care goes on unless it is named. NotAllowed for anybody but a clinician of this patient.
    """
    with within_clinics(by.clinic_ids):
        plan = plan_for(by, plan_id, "prescribe", at=at)
        _say_why(reason, "reason")
        patient = lock_patient(plan.patient_id)
        targets = (
            [(series, part)] if series else [(each, None) for each in _training_series(plan, at=at)]
        )
        _must_be_in_plan(plan, targets, at=at)
        wanted = [NewPause(each, on_part, at, None, reason.strip()) for each, on_part in targets]
        pause(patient, wanted, at=at, by_id=by.pk)
        if series is None:
            change_status(plan, PlanStatus.ON_HOLD, by=by, at=at, reason=reason.strip())
        _tell(by, patient, plan, "plan.hold", at=at, series=series, part=part)
        return list(_standing(plan, series, part))


def resume_plan(
    *,
    by: User,
    at: datetime,
    plan_id: UUID,
    series: UUID | None = None,
    part: UUID | None = None,
    note: str,
    reconfirmed: bool = False,
) -> list[Pause]:
    """End the pauses of one item, one part, or of the whole plan; always a clinician, always with a note.

    A pause that a safety rule caused needs `reconfirmed`: the settings were looked at again.
    """
    with within_clinics(by.clinic_ids):
        plan = plan_for(by, plan_id, "resume", at=at)
        _say_why(note, "note")
        patient = lock_patient(plan.patient_id)
        standing = list(_standing(plan, series, part).select_for_update())
        if any(each.flag_id for each in standing) and not reconfirmed:
            raise Conflict(
                _(
                    "A safety rule paused this. Look at the settings again and confirm that they still hold."
                ),
                code="reconfirm_required",
                field="reconfirmed",
            )
        _end(standing, by=by, at=at, note=note.strip())
        if series is None and plan.status == PlanStatus.ON_HOLD:
            change_status(plan, PlanStatus.ACTIVE, by=by, at=at, reason=note.strip())
        settle_pauses([patient.id], since=at, at=at)
        _tell(by, patient, plan, "plan.resume", at=at, series=series, part=part)
        replan_reminders(patient.id, at=at, until=at + HORIZON)
        return standing


def stop_item(*, by: User, at: datetime, patient_id: UUID, entry: StopEntry) -> list[Pause]:
    """Stop an item or a part at once, from the moment it was stopped at home; whoever may log may stop."""
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require(decide(authority, patient_id, "log_sessions", at))
        patient = lock_patient(patient_id)
        moment = min(entry.stopped_at, at)
        item = PlanItem.objects.filter(
            items_in_force(patient_id, at=moment), series=entry.series
        ).first()
        if item is None:
            raise NotVisible
        reason = entry.rule or entry.reason or "stopped"
        pause(
            patient, [NewPause(entry.series, entry.part, moment, None, reason)], at=at, by_id=by.pk
        )
        trail = AuditTrail(by=by, patient=patient, at=at)
        trail.add(
            "item.stop", "plan_item", entry.series, {"rule": entry.rule, "reason": entry.reason}
        )
        trail.settle()
        return list(
            Pause.objects.filter(patient_id=patient_id, series=entry.series, ended_at__isnull=True)
        )


def plan_for(by: User, plan_id: UUID, action: str, *, at: datetime) -> Plan:
    """Return a plan that this person may act on; 404 what they may not see, 403 what they may not change."""
    plan = Plan.objects.visible_to(by, at=at).filter(pk=plan_id).first()
    if plan is None:
        raise NotVisible
    authority = authority_of(by, at=at, patient_id=plan.patient_id)
    require(decide(authority, plan.patient_id, action, at))
    return plan


def _standing(plan: Plan, series: UUID | None, part: UUID | None) -> QuerySet[Pause]:
    standing = Pause.objects.filter(patient_id=plan.patient_id, ended_at__isnull=True)
    if series:
        standing = standing.filter(series=series)
    if part:
        standing = standing.filter(Q(part=part))
    return standing.order_by("starts_at", "id")


def _end(standing: Iterable[Pause], *, by: User, at: datetime, note: str) -> None:
    for each in standing:
        each.ended_at, each.ended_by, each.end_note = max(at, each.starts_at), by, note
    Pause.objects.bulk_update(standing, ["ended_at", "ended_by", "end_note"])


def _training_series(plan: Plan, *, at: datetime) -> list[UUID]:
    items = PlanItem.objects.filter(
        items_in_force(plan.patient_id, at=at), version__plan=plan, kind=ItemKind.TRAINING
    )
    return list(items.order_by("position").values_list("series", flat=True))


def _must_be_in_plan(
    plan: Plan, targets: Iterable[tuple[UUID, UUID | None]], *, at: datetime
) -> None:
    in_force = PlanItem.objects.filter(items_in_force(plan.patient_id, at=at), version__plan=plan)
    parts: dict[UUID, set[UUID]] = {
        series: set() for series in in_force.values_list("series", flat=True)
    }
    for series, part in PlanPart.objects.filter(item__in=in_force).values_list(
        "item__series", "part"
    ):
        parts[series].add(part)
    for series, part in targets:
        if series not in parts:
            raise Invalid(_("This item is not in the plan."), field="series", code="unknown_item")
        if part and part not in parts[series]:
            raise Invalid(_("This part is not in the item."), field="part", code="unknown_part")


def _say_why(text: str, field: str) -> None:
    if not text.strip():
        raise Invalid(_("Say why in a few words."), field=field, code="blank")


def _tell(
    by: User,
    patient: PatientRow,
    plan: Plan,
    kind: str,
    *,
    at: datetime,
    series: UUID | None,
    part: UUID | None,
) -> None:
    trail = AuditTrail(by=by, patient=patient, at=at)
    trail.add(kind, "plan", plan.pk, {"series": str(series or ""), "part": str(part or "")})
    trail.settle()
