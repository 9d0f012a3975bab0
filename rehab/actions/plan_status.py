"""Moving a plan from one status to another: a row of history each time."""

from datetime import datetime

from django.utils.translation import gettext as _

from patients.domain.errors import Conflict
from patients.models.user import User
from rehab.domain import states
from rehab.models import Plan, PlanStatusChange


def change_status(plan: Plan, wanted: str, *, by: User, at: datetime, reason: str) -> None:
    """Set the status and keep who did it; Conflict when it may not follow the present one."""
    if not states.plan_may_become(states.PlanStatus(plan.status), states.PlanStatus(wanted)):
        raise Conflict(
            _("A plan that is %(present)s cannot become %(wanted)s.")
            % {"present": plan.status, "wanted": wanted},
            code="plan_status",
        )
    PlanStatusChange.objects.create(
        patient_id=plan.patient_id,
        clinic_id=plan.clinic_id,
        plan=plan,
        was=plan.status,
        now=wanted,
        at=at,
        by=by,
        reason=reason,
    )
    plan.status = wanted
    plan.save(update_fields=["status"])
