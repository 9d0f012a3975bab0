"""The patient is somewhere else: what goes by their own clock moves with them."""

from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from patients.access.decisions import decide, require
from patients.access.walls import within_clinics
from patients.domain.errors import Invalid, NotAllowed
from patients.models.authority import authority_of
from patients.models.user import User
from rehab.actions.audit import AuditTrail
from rehab.actions.patient_row import PatientRow, lock_patient
from rehab.actions.realigning import realign
from rehab.actions.reminders import replan_reminders
from rehab.actions.schedule import HORIZON, RUNNING, catch_up, extend
from rehab.domain.recurrence import ScheduleError, zone_named
from rehab.models import Plan, PlanItem, PlanVersion, ZoneChange, ZonePolicy


def change_zone(
    *, by: User, at: datetime, patient_id: UUID, zone: str, confirmed: bool
) -> ZoneChange | None:
    """Let what follows the patient go by the clock of another zone; None: it does already.

    Only from the patient's own account, and only when they confirmed it: a phone that reports a
    zone by itself may be a helper's, or wrong. What was resolved, reminded or due already stays;
    ids stay, so no slot comes twice, across the date line either. One transaction.
    """
    with within_clinics(by.clinic_ids):
        authority = authority_of(by, at=at, patient_id=patient_id)
        require(decide(authority, patient_id, "see_sessions", at))
        if patient_id not in authority.own_patient_ids:
            raise NotAllowed
        _sound(zone, confirmed)
        patient = lock_patient(patient_id)
        if zone == _confirmed(patient_id):
            return None
        change = ZoneChange.objects.create(
            patient_id=patient_id, clinic_id=patient.clinic_id, effective_at=at, zone=zone, by=by
        )
        _move(patient_id, zone, at=at)
        _tell(by, patient, at=at)
        return change


def zone_of(patient_id: UUID, *, home: str) -> str:
    """Return the zone that the patient confirmed last, else `home`."""
    return _confirmed(patient_id) or home


def clock_followed(patient_id: UUID) -> str | None:
    """Return the zone by which something in force follows the patient; None: nothing does."""
    items = PlanItem.objects.filter(
        patient_id=patient_id,
        zone_policy=ZonePolicy.FOLLOW,
        version__effective_at__isnull=False,
        version__ended_at__isnull=True,
        version__plan__status__in=RUNNING,
    )
    return items.order_by("position").values_list("zone", flat=True).first()


def follow(version: PlanVersion) -> None:
    """Let the items of a version about to come into force that follow the patient do so."""
    if zone := _confirmed(version.patient_id):
        _set_clocks(version, zone)


def _confirmed(patient_id: UUID) -> str | None:
    changes = ZoneChange.objects.filter(patient_id=patient_id).order_by("-effective_at")
    return changes.values_list("zone", flat=True).first()


def _sound(zone: str, confirmed: bool) -> None:
    try:
        zone_named(zone)
    except ScheduleError:
        raise Invalid(_("No time zone has this name."), field="zone", code="unknown_zone") from None
    if not confirmed:
        raise Invalid(
            _("Confirm that you are there now."), field="confirmed", code="confirm_required"
        )


def _move(patient_id: UUID, zone: str, *, at: datetime) -> None:
    plan = Plan.objects.filter(patient_id=patient_id, status__in=RUNNING).first()
    if plan is None:
        return
    catch_up(plan, at=at)
    version = PlanVersion.objects.get(plan=plan, effective_at__isnull=False, ended_at__isnull=True)
    _set_clocks(version, zone)
    items = PlanItem.objects.filter(version=version, zone_policy=ZonePolicy.FOLLOW)
    realign(list(items.select_related("version__plan").order_by("position")), at=at)
    extend([plan], at=at)
    replan_reminders(patient_id, at=at, until=at + HORIZON)


def _set_clocks(version: PlanVersion, zone: str) -> None:
    items = PlanItem.objects.filter(version=version, zone_policy=ZonePolicy.FOLLOW)
    items.filter(home_zone="").exclude(zone=zone).update(home_zone=F("zone"))
    items.update(zone=zone)


def _tell(by: User, patient: PatientRow, *, at: datetime) -> None:
    trail = AuditTrail(by=by, patient=patient, at=at)
    trail.add("zone.change", "patient", patient.id)
    trail.settle()
