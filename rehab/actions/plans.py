"""Assigning, revising and ending plans. The past is never recomputed with a new version (R5)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import Conflict
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.audit import AuditTrail
from rehab.actions.carried_pauses import carry_over
from rehab.actions.drafting import faults
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.pauses import plan_for
from rehab.actions.pausing import NewPause, pause
from rehab.actions.plan_rows import draft_of, latest_version, store_items, stored_items
from rehab.actions.plan_status import change_status
from rehab.actions.readiness import nothing_else_runs, pass_gates, refuse, somebody_answers
from rehab.actions.reminders import replan_reminders
from rehab.actions.schedule import HORIZON, catch_up, extend
from rehab.actions.superseding import supersede
from rehab.actions.surroundings import Around, surroundings
from rehab.actions.travel import follow
from rehab.domain.plan_draft import OverrideDraft, PlanDraft
from rehab.domain.recurrence import local_date
from rehab.models import ItemKind, Plan, PlanItem, PlanStatus, PlanVersion
from rehab.models.item_days import recompute

REVIEW_AFTER = timedelta(weeks=12)
TRAINING_EXPIRES_AFTER = timedelta(weeks=26)


def create_plan(*, by: User, at: datetime, patient_id: UUID, draft: PlanDraft) -> Plan:
    """Keep a draft plan. It may have gaps, but nothing in it that can't be so.

    NotAllowed for anybody but a clinician of this patient; Invalid with every fault named.
    """
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require(decide(authority, patient_id, "prescribe", at))
        patient = lock_patient(patient_id)
        around = surroundings(patient, draft, at=at)
        refuse(faults(draft, around))
        plan = Plan.objects.create(
            patient_id=patient.id,
            clinic_id=patient.clinic_id,
            title=draft.title.strip(),
            protocol_slug=draft.protocol,
            created_at=at,
            created_by=by,
            review_due_on=draft.review_due_on,
            training_expires_on=draft.training_expires_on,
        )
        store_items(_new_version(plan, 1, draft, by=by, at=at), draft, around)
        _tell(by, patient, plan, "plan.create", at=at, version=1)
        return plan


def activate_plan(
    *, by: User, at: datetime, plan_id: UUID, overrides: Sequence[OverrideDraft] = ()
) -> Plan:
    """Put a draft into force from `at`: complete, past every gate, and with somebody to turn to.

    Invalid names every gap and every gate that blocks; Conflict when another plan is running.
    """
    with within_clinics(by.clinic_ids):
        patient, plan = _take_up(by, plan_id, at=at)
        if plan.status != PlanStatus.DRAFT:
            raise Conflict(_("This plan is not a draft any more."), code="plan_status")
        nothing_else_runs(plan)
        somebody_answers(patient, at=at)
        version = latest_version(plan)
        items = stored_items(version)
        draft = draft_of(plan, items)
        around = surroundings(patient, draft, at=at, plan_id=plan.pk)
        pass_gates(plan, draft, items, around, overrides, by=by, at=at)
        follow(version)
        version.effective_at = at
        version.save(update_fields=["effective_at"])
        change_status(plan, PlanStatus.ACTIVE, by=by, at=at, reason="")
        _start_calendar(plan, at=at, zone=patient.zone)
        extend([plan], at=at)
        carry_over(patient, version, at=at)
        _tell(by, patient, plan, "plan.activate", at=at, version=version.number)
        return plan


def revise_plan(
    *,
    by: User,
    at: datetime,
    plan_id: UUID,
    draft: PlanDraft,
    overrides: Sequence[OverrideDraft] = (),
) -> PlanVersion:
    """Replace a draft, or put a new version of a running plan into force at once.

    What was due before `at` stays as it was; what is not resolved yet and comes later is cancelled
    and points at what takes its place.
    """
    with within_clinics(by.clinic_ids):
        patient, plan = _take_up(by, plan_id, at=at)
        around = surroundings(patient, draft, at=at, plan_id=plan.pk)
        refuse(faults(draft, around))
        if plan.status == PlanStatus.DRAFT:
            return _replace_draft(plan, patient, draft, around, by=by, at=at)
        if plan.status not in (PlanStatus.ACTIVE, PlanStatus.ON_HOLD):
            raise Conflict(
                _("A plan that has ended cannot be revised. Assign a new one."), code="plan_status"
            )
        return _next_version(plan, patient, draft, around, overrides, by=by, at=at)


def complete_plan(*, by: User, at: datetime, plan_id: UUID, reason: str) -> Plan:
    """End a plan: nothing more becomes due; everything that was stays readable."""
    with within_clinics(by.clinic_ids):
        patient, plan = _take_up(by, plan_id, at=at)
        running = _version_in_force(plan)
        wanted = PlanStatus.COMPLETED if running else PlanStatus.REVOKED
        catch_up(plan, at=at)
        change_status(plan, wanted, by=by, at=at, reason=reason.strip())
        if running:
            _end_version(running, None, patient, at=at)
        replan_reminders(patient.id, at=at, until=at + HORIZON)
        _tell(by, patient, plan, "plan.complete", at=at, version=None)
        return plan


def _take_up(by: User, plan_id: UUID, *, at: datetime) -> tuple[PatientRow, Plan]:
    """Return the patient and the plan, both locked, for somebody who may prescribe."""
    plan = plan_for(by, plan_id, "prescribe", at=at)
    patient = lock_patient(plan.patient_id)
    return patient, Plan.objects.select_for_update().get(pk=plan.pk)


def _replace_draft(
    plan: Plan, patient: PatientRow, draft: PlanDraft, around: Around, *, by: User, at: datetime
) -> PlanVersion:
    version = latest_version(plan)
    version.items.all().delete()
    _retitle(plan, draft)
    store_items(version, draft, around)
    _tell(by, patient, plan, "plan.draft", at=at, version=version.number)
    return version


def _next_version(
    plan: Plan,
    patient: PatientRow,
    draft: PlanDraft,
    around: Around,
    overrides: Sequence[OverrideDraft],
    *,
    by: User,
    at: datetime,
) -> PlanVersion:
    before = PlanVersion.objects.get(plan=plan, effective_at__isnull=False, ended_at__isnull=True)
    version = _new_version(plan, before.number + 1, draft, by=by, at=at)
    items = store_items(version, draft, around)
    pass_gates(plan, draft, items, around, overrides, by=by, at=at)
    catch_up(plan, at=at)
    follow(version)
    version.effective_at = at
    version.save(update_fields=["effective_at"])
    _retitle(plan, draft)
    _start_afresh(plan)
    _end_version(before, version, patient, at=at)
    if plan.status == PlanStatus.ON_HOLD:
        _hold_what_is_new(version, patient, by=by, at=at)
    extend([plan], at=at)
    carry_over(patient, version, at=at)
    replan_reminders(patient.id, at=at, until=at + HORIZON)
    _tell(by, patient, plan, "plan.revise", at=at, version=version.number)
    return version


def _end_version(
    before: PlanVersion, after: PlanVersion | None, patient: PatientRow, *, at: datetime
) -> None:
    before.ended_at = at
    before.save(update_fields=["ended_at"])
    recompute(supersede(before, after, at=at, sequence=patient.sequence))


def _hold_what_is_new(version: PlanVersion, patient: PatientRow, *, by: User, at: datetime) -> None:
    """A plan on hold stays on hold: what its new version adds to training is paused too."""
    training = PlanItem.objects.filter(version=version, kind=ItemKind.TRAINING)
    series = training.order_by("position").values_list("series", flat=True)
    new = [NewPause(each, None, at, None, _("The plan is on hold.")) for each in series]
    pause(patient, new, at=at, by_id=by.pk)


def _version_in_force(plan: Plan) -> PlanVersion | None:
    return PlanVersion.objects.filter(
        plan=plan, effective_at__isnull=False, ended_at__isnull=True
    ).first()


def _new_version(
    plan: Plan, number: int, draft: PlanDraft, *, by: User, at: datetime
) -> PlanVersion:
    return PlanVersion.objects.create(
        patient_id=plan.patient_id,
        clinic_id=plan.clinic_id,
        plan=plan,
        number=number,
        created_at=at,
        created_by=by,
        note=draft.note,
    )


def _retitle(plan: Plan, draft: PlanDraft) -> None:
    """Take over the title, and the dates that are given; those that are not stay as they were."""
    plan.title = draft.title.strip()
    plan.review_due_on = draft.review_due_on or plan.review_due_on
    plan.training_expires_on = draft.training_expires_on or plan.training_expires_on
    plan.save(update_fields=["title", "review_due_on", "training_expires_on"])


def _start_afresh(plan: Plan) -> None:
    """Let the calendar be filled from now again, by the version now in force."""
    plan.materialised_until = None
    plan.save(update_fields=["materialised_until"])


def _start_calendar(plan: Plan, *, at: datetime, zone: str) -> None:
    """Set review after 12 weeks and expiry of training after 26 where nobody set any (proposed)."""
    today = local_date(at, zone)
    plan.review_due_on = plan.review_due_on or today + REVIEW_AFTER
    plan.training_expires_on = plan.training_expires_on or today + TRAINING_EXPIRES_AFTER
    plan.save(update_fields=["review_due_on", "training_expires_on"])


def _tell(
    by: User, patient: PatientRow, plan: Plan, kind: str, *, at: datetime, version: int | None
) -> None:
    trail = AuditTrail(by=by, patient=patient, at=at)
    trail.add(kind, "plan", plan.pk, {"version": version})
    trail.settle()
