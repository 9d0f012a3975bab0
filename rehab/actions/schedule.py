"""Storing what falls due within the next 48 hours, and the messages that go with it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from rehab.actions.pausing import settle_pauses
from rehab.actions.reminders import plan_reminders
from rehab.domain.identity import occurrence_id
from rehab.domain.in_force import schedule_in_force
from rehab.domain.recurrence import Due, Schedule, TimesPerWeek, due, local_date
from rehab.models import Plan, PlanItem, PlanStatus
from rehab.models.item_days import recompute
from rehab.models.timetable import NewOccurrence, claim_patients, lock_patients, store

HORIZON = timedelta(hours=48)
# A phone holds 14 days ahead and may say something about any of them.
FURTHEST_NAMED = timedelta(days=15)
WEEK = timedelta(days=7)
REFILL_BELOW = timedelta(hours=47)
RUNNING = (PlanStatus.ACTIVE, PlanStatus.ON_HOLD)


def materialise(*, at: datetime, limit: int = 500) -> int:
    """Extend every running plan that reaches less than 47 hours ahead; return how many there were.

    Safe to run twice at once: each run claims other plans. Run it inside the wall of every clinic.
    """
    with transaction.atomic():
        plans = _claim(at=at, limit=limit)
        extend(plans, at=at)
    return len(plans)


def extend(plans: Sequence[Plan], *, at: datetime) -> None:
    """Store what these plans make due until 48 hours from `at`, from where each of them stands."""
    if not plans:
        return
    patient_ids = sorted({plan.patient_id for plan in plans})
    lock_patients(patient_ids)
    until = at + HORIZON
    recompute(store([row for item in _items(plans) for row in rows_of(item, until=until)], at=at))
    earliest = min(plan.materialised_until or plan.created_at for plan in plans)
    settle_pauses(patient_ids, since=min(earliest, at), at=at)
    Plan.objects.filter(pk__in=[plan.pk for plan in plans]).update(materialised_until=until)
    plan_reminders(patient_ids, after=at, until=until, at=at)


def store_up_to(patient_id: UUID, *, at: datetime) -> None:
    """Store what one patient's running plan makes due, when the tick has fallen behind."""
    extend(list(_running(patient_id).select_for_update()), at=at)


def catch_up(plan: Plan, *, at: datetime) -> None:
    """Store what a version still in force made due before it ends: the tick may have been dead."""
    if plan.materialised_until is not None and plan.materialised_until < at:
        extend([plan], at=at)


def store_named(patient_id: UUID, wanted: UUID, *, at: datetime) -> bool:
    """Store the one occurrence of the next 14 days that has this id; tell whether there is one."""
    plans = list(_running(patient_id))
    rows = (row for item in _items(plans) for row in rows_of(item, until=at + FURTHEST_NAMED))
    found = [row for row in rows if row.id == wanted]
    recompute(store(found, at=at))
    if found:
        settle_pauses([patient_id], since=at, at=at)
    return bool(found)


def rows_of(item: PlanItem, *, until: datetime) -> Iterator[NewOccurrence]:
    """Yield what one item of one version makes due from where its plan stands until `until` (UTC).

    A clock time before the version came into force belongs to the version before it; a window of
    a week counts from the moment the version came into force.
    """
    version, effective_at = item.version, _in_force_from(item)
    since = max(effective_at, version.plan.materialised_until or effective_at)
    end = min(until, version.ended_at) if version.ended_at else until
    schedule = schedule_of(item)
    weekly = isinstance(schedule.rule, TimesPerWeek)
    first = local_date(since, item.zone) - WEEK
    for each in due(schedule, first, local_date(end, item.zone)):
        if each.due_at < end and (weekly or each.due_at >= effective_at):
            yield _row(item, each)


def schedule_of(item: PlanItem) -> Schedule:
    """Return the schedule of one item of one version, cut to the days in which it is in force."""
    return schedule_in_force(
        item.schedule,
        item.zone,
        kind=item.kind,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        training_expires_on=item.version.plan.training_expires_on,
        effective_at=_in_force_from(item),
        ended_at=item.version.ended_at,
    )


def _in_force_from(item: PlanItem) -> datetime:
    effective_at = item.version.effective_at
    if effective_at is None:
        raise ValueError("a draft version makes nothing due")
    return effective_at


def _row(item: PlanItem, each: Due) -> NewOccurrence:
    return NewOccurrence(
        item.patient_id,
        item.clinic_id,
        occurrence_id(item.series, item.version.number, each.on, each.slot_id),
        item.series,
        item.version.number,
        item.pk,
        each.on,
        each.slot_id,
        each.due_at,
        each.remind_at,
        each.opens_at,
        each.closes_at,
    )


def _claim(*, at: datetime, limit: int) -> list[Plan]:
    """Lock the patients whose plans fall short, then their plans; who is busy waits a tick."""
    short = Plan.objects.filter(status__in=RUNNING).filter(
        Q(materialised_until__isnull=True) | Q(materialised_until__lt=at + REFILL_BELOW)
    )
    found = short.order_by("patient_id").values_list("patient_id", flat=True)[:limit]
    held = claim_patients(list(found))
    return list(short.filter(patient_id__in=held).order_by("patient_id").select_for_update())


def _running(patient_id: UUID) -> QuerySet[Plan]:
    return Plan.objects.filter(patient_id=patient_id, status__in=RUNNING)


def _items(plans: Sequence[Plan]) -> Iterator[PlanItem]:
    """Yield the items of the versions in force."""
    return (
        PlanItem.objects.filter(
            version__plan__in=plans,
            version__effective_at__isnull=False,
            version__ended_at__isnull=True,
        )
        .select_related("version__plan")
        .order_by("patient_id", "position")
        .iterator()
    )
