"""What happens to things due when another version comes into force: the past stays, the rest is cancelled."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Case, CharField, Q, UUIDField, Value, When

from rehab.actions.schedule import HORIZON, rows_of, schedule_of
from rehab.domain.recurrence import TimesPerWeek
from rehab.models import Occurrence, OccurrenceState, PlanItem, PlanVersion
from rehab.models.timetable import Day

Key = tuple[UUID, object, str]
UNRESOLVED = (OccurrenceState.DUE, OccurrenceState.PAUSED)


def supersede(
    before: PlanVersion, after: PlanVersion | None, *, at: datetime, sequence: int
) -> set[Day]:
    """Cancel what the earlier version made due from `at` on and nobody has resolved.

    n per week: of the week that is cut, as many slots stay as the days in force ask for.
    Each cancelled occurrence names what takes its place, where the new version has that slot.
    """
    gone = _clock_time_gone(before, at=at) | _week_gone(before, at=at)
    rows = Occurrence.objects.filter(
        gone, patient_id=before.patient_id, version=before.number, state__in=UNRESOLVED
    )
    rows = rows.filter(item__version=before)
    cancelled = list(rows.values_list("id", "series", "on", "slot"))
    takes_place = _successors(after, at=at) if after else {}
    _cancel(before, cancelled, takes_place, at=at, sequence=sequence)
    return {Day(before.patient_id, series, on) for _, series, on, _ in cancelled}


def _clock_time_gone(before: PlanVersion, *, at: datetime) -> Q:
    return Q(due_at__gte=at)


def _week_gone(before: PlanVersion, *, at: datetime) -> Q:
    """Return the slots of cut weeks that are no longer asked for."""
    gone = Q(series__in=[])
    for item in PlanItem.objects.filter(version=before).select_related("version__plan"):
        item.version.ended_at = at
        if isinstance(schedule_of(item).rule, TimesPerWeek):
            kept = {row.id for row in rows_of(_from_the_start(item), until=at + HORIZON)}
            gone |= Q(series=item.series, closes_at__gt=at) & ~Q(id__in=kept)
    return gone


def _from_the_start(item: PlanItem) -> PlanItem:
    item.version.plan.materialised_until = None
    return item


def _successors(after: PlanVersion, *, at: datetime) -> Mapping[Key, UUID]:
    items = PlanItem.objects.filter(version=after).select_related("version__plan")
    rows = [row for item in items for row in rows_of(_from_the_start(item), until=at + HORIZON)]
    return {(row.series, row.on, row.slot): row.id for row in rows}


def _cancel(
    before: PlanVersion,
    cancelled: list[tuple[UUID, UUID, object, str]],
    takes_place: Mapping[Key, UUID],
    *,
    at: datetime,
    sequence: int,
) -> None:
    if not cancelled:
        return
    whens = [
        When(id=occurrence, then=Value(takes_place[(series, on, slot)], output_field=UUIDField()))
        for occurrence, series, on, slot in cancelled
        if (series, on, slot) in takes_place
    ]
    Occurrence.objects.filter(
        patient_id=before.patient_id, id__in=[row[0] for row in cancelled]
    ).update(
        state=Value(OccurrenceState.CANCELLED.value, output_field=CharField()),
        state_at=at,
        sync_sequence=sequence,
        superseded_by=Case(*whens, default=Value(None), output_field=UUIDField())
        if whens
        else None,
    )
