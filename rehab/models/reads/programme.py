"""The items of a patient's plans over some days, in all their wordings, in one statement."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from rehab.domain.adherence import week_due
from rehab.domain.in_force import schedule_in_force
from rehab.domain.recurrence import Schedule, TimesPerWeek, instant, local_date

DAY = timedelta(days=1)


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """An item in one version."""

    version: int
    effective_at: datetime
    ended_at: datetime | None
    training_expires_on: date | None
    kind: str
    modality: str
    exercise: str
    title: dict[str, str]
    zone: str
    schedule: dict[str, object]
    starts_on: date
    ends_on: date | None


class ItemPause(msgspec.Struct, frozen=True, kw_only=True):
    starts_at: datetime
    ended_at: datetime | None


class ProgrammeItem(msgspec.Struct, frozen=True, kw_only=True):
    """One item over its versions, oldest first. pauses: of the whole item."""

    series: UUID
    last_performed_at: datetime | None
    versions: list[Wording]
    pauses: list[ItemPause]


_decode = msgspec.json.Decoder(list[ProgrammeItem]).decode

_SQL = """
WITH asked AS (
  SELECT i.series, min(i.position) AS position
  FROM rehab_planitem i JOIN rehab_planversion v ON v.id = i.version_id
  WHERE i.patient_id = %(patient)s AND v.effective_at < %(until)s
    AND (v.ended_at IS NULL OR v.ended_at > %(since)s)
  GROUP BY i.series
)
SELECT COALESCE(json_agg(json_build_object('series', s.series,
  'last_performed_at', (SELECT d.last_performed_at FROM rehab_itemday d
    WHERE d.patient_id = %(patient)s AND d.series = s.series AND d.last_performed_at IS NOT NULL
    ORDER BY d."on" DESC, d.last_performed_at DESC LIMIT 1),
  'versions', (SELECT json_agg(json_build_object('version', v.number,
      'effective_at', v.effective_at, 'ended_at', v.ended_at,
      'training_expires_on', l.training_expires_on, 'kind', i.kind,
      'modality', i.modality, 'exercise', x.slug,
      'title', COALESCE(NULLIF(i.title, '{}'::jsonb), x.names), 'zone', i.zone,
      'schedule', i.schedule, 'starts_on', i.starts_on, 'ends_on', i.ends_on)
      ORDER BY v.effective_at, v.number)
    FROM rehab_planitem i
    JOIN rehab_planversion v ON v.id = i.version_id
    JOIN rehab_plan l ON l.id = v.plan_id
    JOIN exercises_exercise x ON x.id = i.exercise_id
    WHERE i.patient_id = %(patient)s AND i.series = s.series AND v.effective_at IS NOT NULL),
  'pauses', COALESCE((SELECT json_agg(json_build_object('starts_at', z.starts_at,
      'ended_at', z.ended_at))
    FROM rehab_pause z
    WHERE z.patient_id = %(patient)s AND z.series = s.series AND z.part IS NULL
      AND z.starts_at < %(until)s AND (z.ended_at IS NULL OR z.ended_at > %(since)s)), '[]'))
  ORDER BY s.position, s.series), '[]')::text
FROM asked s
"""


def programme_items(patient_id: UUID, *, first: date, last: date) -> dict[UUID, ProgrammeItem]:
    """Return the items in force on any of these days, by series, in the order of the plan."""
    arguments: dict[str, Any] = {
        "patient": patient_id,
        "since": datetime.combine(first - DAY, time.min, tzinfo=UTC),
        "until": datetime.combine(last + 2 * DAY, time.min, tzinfo=UTC),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, arguments)
        found = _decode(cursor.fetchone()[0])
    return {item.series: item for item in found}


def week_due_of(item: ProgrammeItem, version: int, monday: date) -> int | None:
    """Return how many of n a week one version made due in one ISO week; None for other rules.

    A day is paused when the item was paused from its first minute to its last.
    """
    wording = next((each for each in item.versions if each.version == version), None)
    schedule = None if wording is None else _schedule(wording)
    if schedule is None or not isinstance(schedule.rule, TimesPerWeek):
        return None
    days = [monday + DAY * count for count in range(7)]
    in_force = {day for day in days if _in_force(schedule, day)}
    paused = {
        day for day in days if any(_spans(pause, day, schedule.zone) for pause in item.pauses)
    }
    return week_due(schedule.rule.n, monday, in_force, paused)


def _schedule(wording: Wording) -> Schedule:
    return schedule_in_force(
        wording.schedule,
        wording.zone,
        kind=wording.kind,
        starts_on=wording.starts_on,
        ends_on=wording.ends_on,
        training_expires_on=wording.training_expires_on,
        effective_at=wording.effective_at,
        ended_at=wording.ended_at,
    )


def _in_force(schedule: Schedule, day: date) -> bool:
    return schedule.starts_on <= day and (schedule.ends_on is None or day <= schedule.ends_on)


def _spans(pause: ItemPause, day: date, zone: str) -> bool:
    begins, ends = instant(day, time.min, zone), instant(day + DAY, time.min, zone)
    return pause.starts_at <= begins and (pause.ended_at is None or ends <= pause.ended_at)


def today_of_item(item: ProgrammeItem, now: datetime) -> date:
    """Return the date that it is now in the zone of an item's newest wording."""
    return local_date(now, item.versions[-1].zone)
