"""What becomes of things due when another version comes into force: the past stays."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, CharField, UUIDField, Value, When

from rehab.actions.schedule import HORIZON, rows_of
from rehab.actions.weeks import weeks_of
from rehab.models import Occurrence, OccurrenceState, PlanItem, PlanVersion
from rehab.models.item_days import Day

Key = tuple[UUID, date, str]
UNRESOLVED = (OccurrenceState.DUE, OccurrenceState.PAUSED)


def supersede(
    before: PlanVersion, after: PlanVersion | None, *, at: datetime, sequence: int
) -> set[Day]:
    """Cancel what the earlier version made due from `at` on and nobody has resolved.

    n per week: of the week that is cut, as many slots stay as the days in force ask for.
    Each cancelled occurrence names what takes its place, where the new version has that slot.
    """
    gone = [*_still_to_come(before, at=at), *_cut_from_the_week(before, at=at)]
    _cancel(before, gone, _successors(after, at=at), at=at, sequence=sequence)
    return {Day(before.patient_id, each.series, each.on) for each in gone}


def _still_to_come(before: PlanVersion, *, at: datetime) -> Iterator[Occurrence]:
    return iter(
        Occurrence.objects.filter(
            patient_id=before.patient_id,
            item__version=before,
            state__in=UNRESOLVED,
            due_at__gte=at,
        ).order_by("due_at", "id")
    )


def _cut_from_the_week(before: PlanVersion, *, at: datetime) -> Iterator[Occurrence]:
    """Yield the slots of running weeks that the days before the change do not ask for."""
    items = list(PlanItem.objects.filter(version=before).values_list("pk", flat=True))
    for week in weeks_of([before.patient_id], since=at, item_ids=items):
        if week.slots[0].due_at < at:
            yield from week.unresolved()[week.still_asked(len(week.days())) :]


def _successors(after: PlanVersion | None, *, at: datetime) -> Mapping[Key, UUID]:
    if after is None:
        return {}
    items = PlanItem.objects.filter(version=after).select_related("version__plan")
    rows = [row for item in items for row in rows_of(item, until=at + HORIZON)]
    return {(row.series, row.on, row.slot): row.id for row in rows}


def _cancel(
    before: PlanVersion,
    gone: Sequence[Occurrence],
    takes_place: Mapping[Key, UUID],
    *,
    at: datetime,
    sequence: int,
) -> None:
    whens = [
        When(id=each.id, then=Value(successor, output_field=UUIDField()))
        for each in gone
        if (successor := takes_place.get((each.series, each.on, each.slot)))
    ]
    Occurrence.objects.filter(
        patient_id=before.patient_id, id__in=[each.id for each in gone]
    ).update(
        state=Value(OccurrenceState.CANCELLED.value, output_field=CharField()),
        state_at=at,
        sync_sequence=sequence,
        superseded_by=Case(*whens, default=Value(None), output_field=UUIDField()),
    )
