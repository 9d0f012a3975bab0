"""Storing what falls due within the next 48 hours, and the messages that go with it."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet

from rehab.actions.item_schedule import in_force_from, schedule_of
from rehab.actions.pausing import settle_pauses
from rehab.actions.realigning import realign
from rehab.actions.reminders import plan_reminders, replan_reminders
from rehab.domain.identity import occurrence_id
from rehab.domain.recurrence import Due, TimesPerWeek, due, local_date, tzdata_version
from rehab.models import Plan, PlanItem, PlanStatus
from rehab.models.item_days import recompute
from rehab.models.timetable import NewOccurrence, claim_patients, lock_patients, store

logger = logging.getLogger(__name__)

HORIZON = timedelta(hours=48)
# A phone holds 14 days ahead and may say something about any of them.
FURTHEST_NAMED = timedelta(days=15)
WEEK = timedelta(days=7)
REFILL_BELOW = timedelta(hours=47)
RETRY_FAULTY_AFTER = timedelta(minutes=15)
RUNNING = (PlanStatus.ACTIVE, PlanStatus.ON_HOLD)


def materialise(*, at: datetime, limit: int = 500) -> int:
    """Extend every running plan that reaches less than 47 hours ahead; return how many there were.

    A plan whose times were reckoned with another edition of the world's clocks is one of them.
    A plan that cannot be computed holds up no other: it is logged, shown to operators, and tried
    again. Safe to run twice at once: each run claims other plans. Run it inside the wall of every
    clinic.
    """
    with transaction.atomic():
        plans = _claim(at=at, limit=limit)
        _extend_what_can_be(plans, at=at)
    return len(plans)


def _extend_what_can_be(plans: Sequence[Plan], *, at: datetime) -> None:
    """Extend all at once; where that fails, halve, until the faulty plan stands alone."""
    fault = _fault_of(plans, at=at)
    if fault is None:
        return
    if len(plans) == 1:
        _set_aside(plans[0], fault, at=at)
        return
    middle = len(plans) // 2
    _extend_what_can_be(plans[:middle], at=at)
    _extend_what_can_be(plans[middle:], at=at)


def _fault_of(plans: Sequence[Plan], *, at: datetime) -> Exception | None:
    """Extend these plans; where one of them can't be, undo it all and return why."""
    try:
        with transaction.atomic():
            extend(plans, at=at)
    except (OperationalError, InterfaceError):
        raise  # the database, not a plan
    except Exception as fault:
        return fault
    return None


def _set_aside(plan: Plan, fault: Exception, *, at: datetime) -> None:
    logger.error("plan cannot be computed", exc_info=fault, extra={"plan": str(plan.pk)})
    Plan.objects.filter(pk=plan.pk).update(
        uncomputed_since=plan.uncomputed_since or at,
        uncomputed_why=type(fault).__name__[:60],
        uncomputed_retry_at=at + RETRY_FAULTY_AFTER,
    )


def extend(plans: Sequence[Plan], *, at: datetime) -> None:
    """Store what these plans make due until 48 hours from `at`, from where each of them stands."""
    if not plans:
        return
    patient_ids = sorted({plan.patient_id for plan in plans})
    lock_patients(patient_ids)
    until = at + HORIZON
    moved = reckon_anew(plans, at=at)
    recompute(store([row for item in _items(plans) for row in rows_of(item, until=until)], at=at))
    earliest = min(plan.materialised_until or plan.created_at for plan in plans)
    settle_pauses(patient_ids, since=min(earliest, at), at=at)
    Plan.objects.filter(pk__in=[plan.pk for plan in plans]).update(
        materialised_until=until,
        tzdata_version=tzdata_version(),
        uncomputed_since=None,
        uncomputed_why="",
        uncomputed_retry_at=None,
    )
    plan_reminders(patient_ids, after=at, until=until, at=at)
    for patient_id in moved:
        replan_reminders(patient_id, at=at, until=until)


def reckon_anew(plans: Sequence[Plan], *, at: datetime) -> list[UUID]:
    """Move what was stored with another edition of the world's clocks; return whose it is."""
    stale = [
        plan
        for plan in plans
        if plan.materialised_until and plan.tzdata_version != tzdata_version()
    ]
    days = realign(list(_items(stale)), at=at) if stale else set()
    return sorted({day.patient_id for day in days})


def store_up_to(patient_id: UUID, *, at: datetime) -> None:
    """Store what one patient's running plan makes due, when the tick has fallen behind."""
    extend(list(_running(patient_id).select_for_update()), at=at)


def keep_up(patient_id: UUID, *, at: datetime) -> None:
    """Store what is due by now, for who has not locked the patient and found days missing."""
    lock_patients([patient_id])
    store_up_to(patient_id, at=at)


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
    version, effective_at = item.version, in_force_from(item)
    since = max(effective_at, version.plan.materialised_until or effective_at)
    end = min(until, version.ended_at) if version.ended_at else until
    schedule = schedule_of(item)
    weekly = isinstance(schedule.rule, TimesPerWeek)
    first = local_date(since, item.zone) - WEEK
    for each in due(schedule, first, local_date(end, item.zone)):
        if each.due_at < end and (weekly or each.due_at >= effective_at):
            yield _row(item, each)


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
        Q(materialised_until__isnull=True)
        | Q(materialised_until__lt=at + REFILL_BELOW)
        # Both sides, and not "another": an index finds a range and finds no difference.
        | Q(tzdata_version__lt=tzdata_version())
        | Q(tzdata_version__gt=tzdata_version())
    )
    short = short.filter(Q(uncomputed_retry_at__isnull=True) | Q(uncomputed_retry_at__lte=at))
    found = short.order_by("patient_id").values_list("patient_id", flat=True)[:limit]
    held = claim_patients(list(found))
    return list(short.filter(patient_id__in=held).order_by("patient_id").select_for_update())


def _running(patient_id: UUID) -> QuerySet[Plan]:
    return Plan.objects.filter(patient_id=patient_id, status__in=RUNNING)


def _items(plans: Sequence[Plan]) -> Iterator[PlanItem]:
    """Yield the items of the versions in force."""
    return iter(
        PlanItem.objects.filter(
            version__plan__in=plans,
            version__effective_at__isnull=False,
            version__ended_at__isnull=True,
        )
        .select_related("version__plan")
        .order_by("patient_id", "position")
    )
