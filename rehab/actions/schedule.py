"""Storing what falls due within the next 48 hours, and the messages that go with it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from rehab.actions.reminders import plan_reminders
from rehab.domain.identity import occurrence_id
from rehab.domain.recurrence import Due, Schedule, TimesPerWeek, due, local_date, schedule_from
from rehab.models import ItemKind, Plan, PlanItem, PlanStatus
from rehab.models.timetable import NewOccurrence, apply_pauses, lock_patients, recompute, store

HORIZON = timedelta(hours=48)
WEEK = timedelta(days=7)
REFILL_BELOW = timedelta(hours=47)
RUNNING = (PlanStatus.ACTIVE, PlanStatus.ON_HOLD)


def materialise(*, at: datetime, limit: int = 500) -> int:
    """Extend every running plan that reaches less than 47 hours ahead; return how many there were.

    Safe to run twice at once: each run claims other plans. Run it inside the wall of every clinic.
    """
    with transaction.atomic():
        plans = list(_claim(at=at, limit=limit))
        extend(plans, at=at)
    return len(plans)


def extend(plans: Sequence[Plan], *, at: datetime) -> None:
    """Store what these plans make due until 48 hours from `at`, from where each of them stands."""
    if not plans:
        return
    patient_ids = sorted({plan.patient_id for plan in plans})
    lock_patients(patient_ids)
    until = at + HORIZON
    days = store([row for item in _items(plans) for row in rows_of(item, until=until)], at=at)
    earliest = min(plan.materialised_until or plan.created_at for plan in plans)
    days |= apply_pauses(patient_ids, since=min(earliest, at), at=at)
    recompute(days)
    Plan.objects.filter(pk__in=[plan.pk for plan in plans]).update(materialised_until=until)
    plan_reminders(patient_ids, after=at, until=until, at=at)


def store_up_to(patient_id: UUID, *, at: datetime) -> None:
    """Store what one patient's running plan makes due, when the tick has fallen behind."""
    extend(
        list(Plan.objects.filter(patient_id=patient_id, status__in=RUNNING).select_for_update()),
        at=at,
    )


def rows_of(item: PlanItem, *, until: datetime) -> Iterator[NewOccurrence]:
    """Yield what one item of one version makes due from where its plan stands until `until` (UTC).

    A clock time before the version came into force belongs to the version before it; a window of
    a week counts from the moment the version came into force.
    """
    version = item.version
    since = max(version.effective_at, version.plan.materialised_until or version.effective_at)
    end = min(until, version.ended_at) if version.ended_at else until
    schedule = schedule_of(item)
    weekly = isinstance(schedule.rule, TimesPerWeek)
    first = local_date(since, item.zone) - WEEK
    for each in due(schedule, first, local_date(end, item.zone)):
        if each.due_at < end and (weekly or each.due_at >= version.effective_at):
            yield _row(item, each)


def schedule_of(item: PlanItem) -> Schedule:
    """Return the schedule of one item of one version, cut to the days in which it is in force.

    n per week counts days in force, so there the version cuts; clock times are cut by instants.
    """
    schedule = schedule_from(
        item.schedule, item.zone, starts_on=item.starts_on, ends_on=_last_day(item)
    )
    if not isinstance(schedule.rule, TimesPerWeek):
        return schedule
    return replace(
        schedule,
        starts_on=max(schedule.starts_on, local_date(item.version.effective_at, item.zone)),
        ends_on=_earliest(schedule.ends_on, _day_before(item.version.ended_at, item.zone)),
    )


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


def _last_day(item: PlanItem) -> date | None:
    """Training ends with its expiry at the latest; care goes on (marked for review)."""
    expiry = item.version.plan.training_expires_on if item.kind == ItemKind.TRAINING else None
    return _earliest(item.ends_on, expiry)


def _earliest(one: date | None, other: date | None) -> date | None:
    return min(filter(None, (one, other)), default=None)


def _day_before(moment: datetime | None, zone: str) -> date | None:
    return None if moment is None else local_date(moment, zone) - timedelta(days=1)


def _claim(*, at: datetime, limit: int) -> Iterable[Plan]:
    return (
        Plan.objects.filter(status__in=RUNNING)
        .filter(Q(materialised_until__isnull=True) | Q(materialised_until__lt=at + REFILL_BELOW))
        .order_by("patient_id")
        .select_for_update(skip_locked=True)[:limit]
    )


def _items(plans: Sequence[Plan]) -> Iterator[PlanItem]:
    """Yield the items of the versions in force, training items only until they expire."""
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
