"""The moments of a patient's calendar: clock times only, several things at one moment once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max

from rehab.domain.calendar_file import Event
from rehab.domain.recurrence import local_date
from rehab.models.occurrence import Occurrence, OccurrenceState, ZoneChange
from rehab.models.reads.agenda import Agenda, OccurrenceRow, read_agenda
from rehab.models.reads.forecast import is_weekly, occurrences_between

BACK, AHEAD = timedelta(days=7), timedelta(days=28)
DAY = timedelta(days=1)
# What will not be done leaves the calendar; it keeps its place in the naming of its moment.
SHOWN = (OccurrenceState.DUE, OccurrenceState.DONE, OccurrenceState.PARTIAL)
Change = tuple[int, datetime]


def moments_of(patient_id: UUID, *, zone: str, now: datetime) -> list[Event]:
    """Return what is due at a clock time, a week back and four ahead, one event a moment.

    An event is named by the first id of its moment, so it stays the same event while one of
    several is skipped, moved or done. n a week on any days has no time and is not in it.
    """
    today = local_date(now, zone)
    first, last = today - BACK, today + AHEAD
    agenda = read_agenda(patient_id, first=first - DAY, last=last + DAY, now=now)
    timed = {item.id: item for item in agenda.items if not is_weekly(item)}
    rows = [
        row
        for row in occurrences_between(agenda, first, last)
        if row.item_id in timed and row.state != OccurrenceState.CANCELLED
    ]
    changes = _changes(patient_id, agenda, rows)
    at: dict[datetime, list[OccurrenceRow]] = defaultdict(list)
    for row in rows:
        at[row.due_at].append(row)
    return [
        _event(moment, same, changes)
        for moment, same in sorted(at.items())
        if any(row.state in SHOWN for row in same)
    ]


def _event(
    moment: datetime, rows: Sequence[OccurrenceRow], changes: Mapping[UUID, Change]
) -> Event:
    return Event(
        id=min(row.id for row in rows),
        starts_at=moment,
        sequence=max(changes[row.id][0] for row in rows),
        changed_at=max(changes[row.id][1] for row in rows),
    )


def _changes(
    patient_id: UUID, agenda: Agenda, rows: Sequence[OccurrenceRow]
) -> Mapping[UUID, Change]:
    """Return how often, and when last, each was changed; a journey changes what is not stored."""
    journeys = ZoneChange.objects.filter(patient_id=patient_id).aggregate(
        count=Count("effective_at"), last=Max("effective_at")
    )
    ids = [row.id for row in rows if row.stored]
    stored = Occurrence.objects.filter(patient_id=patient_id, id__in=ids)
    known = {row_id: (sequence, at) for row_id, sequence, at in stored.values_list(
        "id", "sync_sequence", "state_at"
    )}  # fmt: skip
    began = {item.id: item.effective_at for item in agenda.items}
    return dict(_with_journeys(rows, known, began, journeys["count"], journeys["last"]))


def _with_journeys(
    rows: Sequence[OccurrenceRow],
    known: Mapping[UUID, Change],
    began: Mapping[UUID, datetime],
    journeys: int,
    last: datetime | None,
) -> Iterator[tuple[UUID, Change]]:
    for row in rows:
        sequence, at = known.get(row.id, (journeys, began[row.item_id]))
        yield row.id, (sequence, max(at, last) if last else at)
