"""Assigning, revising and ending plans. The past is never recomputed with a new version (R5)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from exercises.models import Exercise
from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import Conflict, FieldError, Invalid
from patients.models.authority import authority_of
from patients.models.clinic import Clinic
from patients.models.duty import has_reachable_duty
from patients.models.user import User
from rehab.actions import drafting
from rehab.actions.audit import AuditTrail
from rehab.actions.gatekeeping import Standing, gate_report, standing_overrides
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.pauses import plan_for
from rehab.actions.plan_rows import draft_of, latest_version, store_items, stored_items
from rehab.actions.plan_status import change_status
from rehab.actions.recipients import circles
from rehab.actions.reminders import replan_reminders
from rehab.actions.schedule import HORIZON, extend
from rehab.actions.superseding import supersede
from rehab.domain.plan_draft import OverrideDraft, PlanDraft
from rehab.domain.recurrence import local_date
from rehab.models import ClinicalProfile, GateOverride, Plan, PlanStatus, PlanVersion
from rehab.models.timetable import recompute


def create_plan(*, by: User, at: datetime, patient_id: UUID, draft: PlanDraft) -> Plan:
    """Keep a draft plan. It may have gaps, but nothing in it that can't be so.

    NotAllowed for anybody but a clinician of this patient; Invalid with every fault named.
    """
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require(decide(authority, patient_id, "prescribe", at))
        patient = lock_patient(patient_id)
        around = surroundings(patient, draft, at=at)
        _refuse(drafting.faults(draft, around))
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
        plan = plan_for(by, plan_id, "prescribe", at=at)
        patient = lock_patient(plan.patient_id)
        plan = Plan.objects.select_for_update().get(pk=plan.pk)
        if plan.status != PlanStatus.DRAFT:
            raise Conflict(_("This plan is not a draft any more."), code="plan_status")
        _nothing_else_runs(plan)
        _somebody_answers(patient, at=at)
        version = latest_version(plan)
        _fit_to_start(plan, version, patient, overrides, by=by, at=at)
        version.effective_at = at
        version.save(update_fields=["effective_at"])
        change_status(plan, PlanStatus.ACTIVE, by=by, at=at, reason="")
        _start_calendar(plan, at=at, zone=patient.zone)
        extend([plan], at=at)
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
        plan = plan_for(by, plan_id, "prescribe", at=at)
        patient = lock_patient(plan.patient_id)
        plan = Plan.objects.select_for_update().get(pk=plan.pk)
        around = surroundings(patient, draft, at=at)
        _refuse(drafting.faults(draft, around))
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
        plan = plan_for(by, plan_id, "prescribe", at=at)
        patient = lock_patient(plan.patient_id)
        plan = Plan.objects.select_for_update().get(pk=plan.pk)
        wanted = PlanStatus.REVOKED if plan.status == PlanStatus.DRAFT else PlanStatus.COMPLETED
        change_status(plan, wanted, by=by, at=at, reason=reason.strip())
        running = PlanVersion.objects.filter(
            plan=plan, effective_at__isnull=False, ended_at__isnull=True
        )
        for version in running:
            version.ended_at = at
            version.save(update_fields=["ended_at"])
            recompute(supersede(version, None, at=at, sequence=patient.sequence))
        replan_reminders(patient.id, at=at, until=at + HORIZON)
        _tell(by, patient, plan, "plan.complete", at=at, version=None)
        return plan


def surroundings(patient: PatientRow, draft: PlanDraft, *, at: datetime) -> drafting.Around:
    """Read what a draft is judged against, in a constant number of statements."""
    slugs = {item.exercise for item in draft.items} | {
        part.exercise for item in draft.items for part in item.parts
    }
    return drafting.Around(
        exercises=_exercises(slugs),
        profile=current_profile(patient.id),
        circle=circles([patient.id], at=at)[patient.id].allowed(),
        default_zone=patient.zone,
        today=local_date(at, patient.zone),
    )


def current_profile(patient_id: UUID) -> ClinicalProfile | None:
    """Return the revision of the clinical profile in force."""
    return ClinicalProfile.objects.filter(patient_id=patient_id).order_by("-number").first()


def gates_of(
    plan: Plan, *, by: User, at: datetime, overrides: Sequence[OverrideDraft] = ()
) -> list[Standing]:
    """Return what stands against the newest version of a plan, for the screen that assigns it."""
    items = stored_items(latest_version(plan))
    kept = [*standing_overrides(plan.pk, at=at), *overrides]
    return gate_report(items, current_profile(plan.patient_id), kept, by_id=by.pk, at=at)


def _fit_to_start(
    plan: Plan,
    version: PlanVersion,
    patient: PatientRow,
    overrides: Sequence[OverrideDraft],
    *,
    by: User,
    at: datetime,
) -> None:
    items = stored_items(version)
    draft = draft_of(plan, items)
    around = surroundings(patient, draft, at=at)
    _refuse([*drafting.faults(draft, around), *drafting.gaps(draft, around)])
    kept = [*standing_overrides(plan.pk, at=at), *overrides]
    report = gate_report(items, around.profile, kept, by_id=by.pk, at=at)
    _refuse([_gate_error(each) for each in report if each.blocks])
    _keep_overrides(plan, overrides, report, by=by, at=at)


def _replace_draft(
    plan: Plan,
    patient: PatientRow,
    draft: PlanDraft,
    around: drafting.Around,
    *,
    by: User,
    at: datetime,
) -> PlanVersion:
    version = latest_version(plan)
    version.items.all().delete()
    plan.title, plan.review_due_on, plan.training_expires_on = (
        draft.title.strip(),
        draft.review_due_on,
        draft.training_expires_on,
    )
    plan.save(update_fields=["title", "review_due_on", "training_expires_on"])
    store_items(version, draft, around)
    _tell(by, patient, plan, "plan.draft", at=at, version=version.number)
    return version


def _next_version(
    plan: Plan,
    patient: PatientRow,
    draft: PlanDraft,
    around: drafting.Around,
    overrides: Sequence[OverrideDraft],
    *,
    by: User,
    at: datetime,
) -> PlanVersion:
    _refuse(drafting.gaps(draft, around))
    before = PlanVersion.objects.get(plan=plan, effective_at__isnull=False, ended_at__isnull=True)
    version = _new_version(plan, before.number + 1, draft, by=by, at=at)
    items = store_items(version, draft, around)
    kept = [*standing_overrides(plan.pk, at=at), *overrides]
    report = gate_report(items, around.profile, kept, by_id=by.pk, at=at)
    _refuse([_gate_error(each) for each in report if each.blocks])
    _keep_overrides(plan, overrides, report, by=by, at=at)
    before.ended_at = version.effective_at = at
    before.save(update_fields=["ended_at"])
    version.save(update_fields=["effective_at"])
    plan.title, plan.review_due_on, plan.training_expires_on = (
        draft.title.strip(),
        draft.review_due_on,
        draft.training_expires_on,
    )
    plan.materialised_until = None
    plan.save(update_fields=["title", "review_due_on", "training_expires_on", "materialised_until"])
    recompute(supersede(before, version, at=at, sequence=patient.sequence))
    extend([plan], at=at)
    replan_reminders(patient.id, at=at, until=at + HORIZON)
    _tell(by, patient, plan, "plan.revise", at=at, version=version.number)
    return version


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


def _exercises(slugs: Collection[str]) -> dict[str, Exercise]:
    return {
        each.slug: each for each in Exercise.objects.current().filter(slug__in=slugs, use="plan")
    }


def _nothing_else_runs(plan: Plan) -> None:
    running = Plan.objects.filter(
        patient_id=plan.patient_id, status__in=[PlanStatus.ACTIVE, PlanStatus.ON_HOLD]
    )
    if running.exists():
        raise Conflict(
            _("Another plan is running. Revise that one, or complete it first."),
            code="another_plan_runs",
        )


def _somebody_answers(patient: PatientRow, *, at: datetime) -> None:
    clinic = Clinic.objects.get(pk=patient.clinic_id)
    if not clinic.unattended and not has_reachable_duty(clinic, at=at):
        raise Conflict(
            _(
                "The clinic has no reachable duty contact with a deputy. Set up the rota, or choose that nobody answers and the patient is told so."
            ),
            code="no_duty_contact",
        )


def _start_calendar(plan: Plan, *, at: datetime, zone: str) -> None:
    """Set review after 12 weeks and expiry of training after 26 where the clinician set none (proposed)."""
    today = local_date(at, zone)
    plan.review_due_on = plan.review_due_on or _weeks_after(today, 12)
    plan.training_expires_on = plan.training_expires_on or _weeks_after(today, 26)
    plan.save(update_fields=["review_due_on", "training_expires_on"])


def _weeks_after(day: date, weeks: int) -> date:
    return day + timedelta(weeks=weeks)


def _gate_error(each: Standing) -> FieldError:
    text = {
        "unknown_must_be_answered": _("Answer this in the clinical profile first: %(gate)s."),
        "contraindicated": _(
            "This gate blocks the item: %(gate)s. Only a named override with a reason and an end date lets it pass."
        ),
    }[each.blocked.code]
    return FieldError(
        f"items.{each.item_position}.gates.{each.blocked.gate}",
        each.blocked.code,
        text % {"gate": each.blocked.gate},
    )


def _keep_overrides(
    plan: Plan,
    overrides: Sequence[OverrideDraft],
    report: Sequence[Standing],
    *,
    by: User,
    at: datetime,
) -> None:
    used = {
        (each.series, each.blocked.gate): each.blocked
        for each in report
        if each.blocked.may_be_overridden
    }
    GateOverride.objects.bulk_create(
        GateOverride(
            id=uuid4(),
            patient_id=plan.patient_id,
            clinic_id=plan.clinic_id,
            plan=plan,
            gate=each.gate,
            gate_version=used[(each.series, each.gate)].version,
            series=each.series,
            by=by,
            at=at,
            reason=each.reason.strip(),
            expires_on=each.expires_on,
        )
        for each in overrides
        if (each.series, each.gate) in used
    )


def _refuse(errors: Sequence[FieldError]) -> None:
    if errors:
        raise Invalid(errors=tuple(errors))


def _tell(
    by: User, patient: PatientRow, plan: Plan, kind: str, *, at: datetime, version: int | None
) -> None:
    trail = AuditTrail(by=by, patient=patient, at=at)
    trail.add(kind, "plan", plan.pk, {"version": version})
    trail.settle()
