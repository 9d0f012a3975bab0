"""Holding and resuming a plan, an item or a part: a clinician, with a reason."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import Conflict, Invalid, NotVisible
from patients.models.authority import authority_of
from patients.models.user import User
from rehab import rules as rulebook
from rehab.actions.audit import AuditTrail
from rehab.actions.gate_watch import closed_now, is_barred
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.pausing import NewPause, items_in_force, pause, settle_pauses
from rehab.actions.plan_status import change_status
from rehab.actions.reminders import replan_reminders
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
        _part_of_an_item(series, part)
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
    """End the pauses of one item, one part, or of the whole plan: a clinician, with a note.

    A pause that a safety rule caused needs `reconfirmed`: the settings were looked at again. What
    an assignment gate bars does not go on: Conflict for the item itself.
    """
    with within_clinics(by.clinic_ids):
        plan = plan_for(by, plan_id, "resume", at=at)
        _say_why(note, "note")
        _part_of_an_item(series, part)
        patient = lock_patient(plan.patient_id)
        standing = list(_standing(plan, series, part).select_for_update())
        if not standing and (series or plan.status != PlanStatus.ON_HOLD):
            raise Conflict(_("Nothing is paused here."), code="not_paused")
        standing = _past_the_gates(standing, series, at=at)
        if any(_by_rule(each) for each in standing) and not reconfirmed:
            raise Conflict(
                _(
                    "A safety rule paused this. Look at the settings again and confirm that they"
                    " still hold."
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


def plan_for(by: User, plan_id: UUID, action: str, *, at: datetime) -> Plan:
    """Return a plan that this person may act on; NotVisible before NotAllowed."""
    plan = Plan.objects.visible_to(by, at=at).filter(pk=plan_id).first()
    if plan is None:
        raise NotVisible
    authority = authority_of(by, at=at, patient_id=plan.patient_id)
    require(decide(authority, plan.patient_id, action, at))
    return plan


def _past_the_gates(standing: list[Pause], series: UUID | None, *, at: datetime) -> list[Pause]:
    """Leave out what a gate bars: with the whole plan it stays paused, by itself it is refused."""
    if not standing:
        return standing
    closed = closed_now(standing[0].patient_id, at=at)
    open_ones = [each for each in standing if not is_barred(closed, each.series, each.part)]
    if series is not None and len(open_ones) < len(standing):
        raise Conflict(
            _(
                "An assignment gate bars this. Correct the clinical profile, or revise the plan"
                " with a named override."
            ),
            code="gate_closed",
            field="series",
        )
    return open_ones


def _by_rule(paused: Pause) -> bool:
    """Tell whether a safety rule paused it: here, or on the phone (then its code is the reason)."""
    return paused.flag_id is not None or paused.reason in rulebook.rules()


def _part_of_an_item(series: UUID | None, part: UUID | None) -> None:
    if part is not None and series is None:
        raise Invalid(_("Say which item this part belongs to."), field="series", code="required")


def _standing(plan: Plan, series: UUID | None, part: UUID | None) -> QuerySet[Pause]:
    standing = Pause.objects.filter(patient_id=plan.patient_id, ended_at__isnull=True)
    if series:
        standing = standing.filter(series=series)
    if part:
        standing = standing.filter(part=part)
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
    rows = PlanPart.objects.filter(item__in=in_force).values_list("item__series", "part")
    for series, known in rows:
        parts[series].add(known)
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
