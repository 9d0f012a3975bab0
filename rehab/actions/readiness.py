"""May this version start? Complete, past every gate, and with somebody to turn to."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from patients.domain.errors import Conflict, FieldError, Invalid
from patients.models.clinic import Clinic
from patients.models.duty import has_reachable_duty
from patients.models.user import User
from rehab.actions.completeness import gaps
from rehab.actions.drafting import faults
from rehab.actions.gatekeeping import Standing, gate_report, standing_overrides
from rehab.actions.patient_row import PatientRow
from rehab.actions.plan_rows import StoredItem, latest_version, stored_items
from rehab.actions.surroundings import Around, current_profile
from rehab.domain.gates import MUST_BE_ANSWERED
from rehab.domain.plan_draft import OverrideDraft, PlanDraft
from rehab.models import ClinicalProfile, GateOverride, Plan, PlanStatus


def gates_of(
    plan: Plan, *, by: User, at: datetime, overrides: Sequence[OverrideDraft] = ()
) -> list[Standing]:
    """Return what stands against the newest version of a plan, for the screen that assigns it."""
    items = stored_items(latest_version(plan))
    return _report(plan, items, current_profile(plan.patient_id), overrides, by_id=by.pk, at=at)


def pass_gates(
    plan: Plan,
    draft: PlanDraft,
    items: Sequence[StoredItem],
    around: Around,
    overrides: Sequence[OverrideDraft],
    *,
    by: User,
    at: datetime,
) -> None:
    """Keep the overrides that let stored items start; Invalid names every gap and every gate."""
    found = [*faults(draft, around), *gaps(draft, around)]
    report = _report(plan, items, around.profile, overrides, by_id=by.pk, at=at)
    refuse([*found, *(_gate_error(each) for each in report if each.blocks)])
    _keep_overrides(plan, overrides, report, by=by, at=at)


def nothing_else_runs(plan: Plan) -> None:
    """Raise Conflict while another plan of the patient is running."""
    running = Plan.objects.filter(
        patient_id=plan.patient_id, status__in=[PlanStatus.ACTIVE, PlanStatus.ON_HOLD]
    )
    if running.exists():
        raise Conflict(
            _("Another plan is running. Revise that one, or complete it first."),
            code="another_plan_runs",
        )


def somebody_answers(patient: PatientRow, *, at: datetime) -> None:
    """Raise Conflict unless the clinic can be reached, or has chosen to say that it cannot."""
    clinic = Clinic.objects.get(pk=patient.clinic_id)
    if not clinic.unattended and not has_reachable_duty(clinic, at=at):
        raise Conflict(
            _(
                "The clinic has no reachable duty contact with a deputy. Set up the rota, or"
                " choose that nobody answers and the patient is told so."
            ),
            code="no_duty_contact",
        )


def refuse(errors: Sequence[FieldError]) -> None:
    """Raise Invalid with every error, if there is any."""
    if errors:
        raise Invalid(errors=tuple(errors))


def _report(
    plan: Plan,
    items: Sequence[StoredItem],
    profile: ClinicalProfile | None,
    overrides: Sequence[OverrideDraft],
    *,
    by_id: UUID,
    at: datetime,
) -> list[Standing]:
    kept = [*standing_overrides(plan.pk, at=at), *overrides]
    return gate_report(items, profile, kept, by_id=by_id, at=at)


def _gate_error(each: Standing) -> FieldError:
    blocked = each.blocked
    if blocked.code == MUST_BE_ANSWERED:
        asked = ", ".join(name.partition(".")[2] for name in blocked.unanswered)
        detail = _("Answer this in the clinical profile first: %(questions)s.") % {
            "questions": asked
        }
    else:
        detail = _(
            "This gate blocks the item: %(gate)s. Only a named override with a reason and an end"
            " date lets it pass."
        ) % {"gate": blocked.gate}
    return FieldError(f"items.{each.item_position}.gates.{blocked.gate}", blocked.code, detail)


def _keep_overrides(
    plan: Plan,
    overrides: Sequence[OverrideDraft],
    report: Sequence[Standing],
    *,
    by: User,
    at: datetime,
) -> None:
    """Keep the overrides that are needed; what stands open anyway is not written down."""
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
            gate_version=used[each.series, each.gate].version,
            series=each.series,
            by=by,
            at=at,
            reason=each.reason.strip(),
            expires_on=each.expires_on,
        )
        for each in overrides
        if (each.series, each.gate) in used
    )
