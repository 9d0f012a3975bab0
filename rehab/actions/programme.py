"""What the programme asked for at a moment, read from a briefing, and kept up within a batch."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice, takewhile
from uuid import UUID

import msgspec

from rehab.actions.tellings import Telling, words_of
from rehab.domain.conditions import Facts
from rehab.domain.facts import Profile
from rehab.domain.receipt import (
    DEVICE_AND_HAND_WITHIN,
    SAME_START_WITHIN,
    is_near_duplicate,
    is_told_by_device_too,
)
from rehab.domain.recurrence import week_of
from rehab.domain.resolution import Candidate
from rehab.domain.session_entry import SessionEntry
from rehab.domain.trends import red_hours, whole_days
from rehab.models.briefing import (
    Briefing,
    KnownItem,
    KnownLog,
    KnownOccurrence,
    KnownPause,
    KnownReading,
    Neighbour,
)

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
FROM_DEVICE = "from_device"
OVER_MAXIMUM = "over_maximum"
# No two logs further apart tell the same session; nearly all others are.
TWIN_WITHIN = max(SAME_START_WITHIN, DEVICE_AND_HAND_WITHIN)


@dataclass(frozen=True, slots=True)
class Standing:
    """What rules may look at and no entry changes: of the session, and of each part."""

    shared: Facts
    parts: Mapping[UUID, Facts]


@dataclass(slots=True)
class Programme:
    """A briefing that later entries of the same batch see the earlier ones in.

    standing: facts that are the same for every entry, by the item's version (None: of no item).
    profile: the clinical profile as the rules read it, once somebody has asked.
    tellings: what entries of the batch tell, each once however many of them tell it.
    """

    briefing: Briefing
    occurrences: dict[UUID, KnownOccurrence] = field(default_factory=dict)
    logs: dict[UUID, Neighbour] = field(default_factory=dict)
    sent_before: dict[UUID, KnownLog] = field(default_factory=dict)
    pauses: list[KnownPause] = field(default_factory=list)
    readings: dict[UUID, list[KnownReading]] = field(default_factory=dict)
    standing: dict[UUID | None, Standing] = field(default_factory=dict)
    profile: Profile | None = None
    tellings: dict[object, Telling] = field(default_factory=dict)
    _last_words: tuple[SessionEntry | None, object] = (None, None)
    _wordings: dict[UUID, list[KnownItem]] = field(default_factory=dict)
    _in_order: dict[UUID, list[KnownReading]] = field(default_factory=dict)
    _touching: dict[UUID, list[tuple[int, int, UUID]]] = field(default_factory=dict)
    _counted: dict[tuple[UUID, date], int] = field(default_factory=dict)
    _counted_in_week: dict[tuple[UUID, date], int] = field(default_factory=dict)
    _of_day: dict[tuple[UUID, date], list[Neighbour]] = field(default_factory=dict)

    @classmethod
    def of(cls, briefing: Briefing) -> "Programme":
        programme = cls(
            briefing,
            {each.id: each for each in briefing.occurrences},
            sent_before={each.id: each for each in briefing.sent_before},
            pauses=list(briefing.pauses),
        )
        programme._put_readings(briefing.readings)
        for log in briefing.neighbours:
            programme._put(log)
        return programme

    def _of_item(self, series: UUID) -> Sequence[tuple[int, int, UUID]]:
        """Return the occurrences of an item, with the first and last day that each touches."""
        if not self._touching:
            for occurrence in self.briefing.occurrences:
                listed = self._touching.setdefault(occurrence.series, [])
                listed.append((*_days_touched(occurrence), occurrence.id))
        return self._touching.get(series, ())

    def _put(self, log: Neighbour) -> None:
        self.logs[log.id] = log
        if log.series is not None:
            self._of_day.setdefault((log.series, log.on), []).append(log)
            self._count(log.series, log.on, log.duplicate_of is None)

    def _drop(self, log_id: UUID) -> Neighbour | None:
        known = self.logs.pop(log_id, None)
        if known is not None and known.series is not None:
            self._of_day[(known.series, known.on)].remove(known)
            self._count(known.series, known.on, -(known.duplicate_of is None))
        return known

    def _count(self, series: UUID, on: date, by: int) -> None:
        monday = week_of(on)
        self._counted[series, on] = self._counted.get((series, on), 0) + by
        self._counted_in_week[series, monday] = self._counted_in_week.get((series, monday), 0) + by

    def series_of(self, series: UUID | None, occurrence: UUID | None) -> UUID | None:
        """Return the item an entry means: the one it names, or its occurrence's."""
        if series is not None:
            return series
        named = self.occurrences.get(occurrence) if occurrence else None
        return named.series if named else None

    def item_at(self, series: UUID | None, moment: datetime) -> KnownItem | None:
        """Return the wording of an item in force at a moment (R5)."""
        if series is None:
            return None
        if not self._wordings:
            for each in self.briefing.items:
                self._wordings.setdefault(each.series, []).append(each)
        return next(
            (
                item
                for item in self._wordings.get(series, ())
                if item.effective_at <= moment and (item.ended_at is None or moment < item.ended_at)
            ),
            None,
        )

    def is_paused(self, series: UUID, part: UUID | None, moment: datetime) -> bool:
        """Tell whether the item, or that part of it, was paused at a moment.

        A pause begins after the log that caused it: that log itself was not made while paused.
        """
        return bool(self.pauses) and any(
            pause.series == series
            and pause.part in (None, part)
            and pause.starts_at < moment
            and (pause.ended_at is None or moment < pause.ended_at)
            for pause in self.pauses
        )

    def paused_parts(self, item: KnownItem | None, moment: datetime) -> frozenset[UUID]:
        """Return the parts of an item that were paused at a moment."""
        if item is None or not self.pauses:
            return frozenset()
        paused = (part.part for part in item.parts)
        return frozenset(part for part in paused if self.is_paused(item.series, part, moment))

    def telling_of(self, entry: SessionEntry, item: KnownItem | None) -> Telling:
        """Return what an entry tells of its item, as far as it does not depend on the moment."""
        if self._last_words[0] is not entry:
            self._last_words = entry, words_of(entry)
        paused = self.paused_parts(item, entry.performed_at)
        about = self._last_words[1], item.id if item else None, paused
        telling = self.tellings.get(about)
        if telling is None:
            telling = self.tellings[about] = Telling(entry, item, paused)
        return telling

    def is_item_paused(self, item: KnownItem, moment: datetime) -> bool:
        """Tell whether all of an item was paused at a moment: itself, or every part."""
        if not self.pauses:
            return False
        if self.is_paused(item.series, None, moment):
            return True
        return bool(item.parts) and all(
            self.is_paused(item.series, part.part, moment) for part in item.parts
        )

    def was_while_paused(self, entry: SessionEntry, item: KnownItem) -> bool:
        """Tell whether an entry did what was paused: the item, or one of the parts it names."""
        if not self.pauses:
            return False
        if self.is_item_paused(item, entry.performed_at):
            return True
        done = (part.part for part in entry.parts if part.outcome != "not_done")
        return any(self.is_paused(item.series, part, entry.performed_at) for part in done)

    def forget(self, log_id: UUID) -> None:
        """Leave a log out, so that its correction is judged as if it had not been there."""
        self.sent_before.pop(log_id, None)
        for part, readings in self.readings.items():
            self.readings[part] = [each for each in readings if each.log != log_id]
        self._in_order.clear()
        known = self._drop(log_id)
        if known is not None and known.occurrence_id in self.occurrences:
            self.resolve(known.occurrence_id, "due")

    def candidates(self, series: UUID, named: UUID | None, moment: datetime) -> list[Candidate]:
        """Return the occurrences that a log of this item, made before any pause, might resolve.

        Those whose window or own date lies within a day of the moment, and the named one.
        """
        day = moment.astimezone(UTC).toordinal()
        touching = self._of_item(series)
        near = {each for first, last, each in touching if first <= day + 1 and last >= day - 1}
        if named in self.occurrences and self.occurrences[named].series == series:
            near.add(named)
        return [self.candidate(self.occurrences[each], named, moment) for each in near]

    @staticmethod
    def candidate(occurrence: KnownOccurrence, named: UUID | None, moment: datetime) -> Candidate:
        return Candidate(
            occurrence.id,
            occurrence.slot,
            occurrence.on,
            occurrence.due_at,
            occurrence.opens_at,
            occurrence.closes_at,
            _is_open(occurrence, named, moment),
        )

    def twin_of(
        self,
        log_id: UUID,
        series: UUID | None,
        moment: datetime,
        values_digest: str,
        *,
        from_device: bool = False,
    ) -> UUID | None:
        """Return an earlier log that tells the same session under another id (R3).

        The same values by hand; or by hand what a device wrote, and the other way round; or what
        another device began to write down at the same moment.
        """
        if series is None:
            return None
        day = moment.astimezone(UTC).date()
        return next(
            (
                log.id
                for count in (-1, 0, 1)
                for log in self._of_day.get((series, day + DAY * count), ())
                if abs(log.performed_at - moment) <= TWIN_WITHIN
                and log.duplicate_of is None
                and log.id != log_id
                and (
                    is_near_duplicate(
                        log.performed_at,
                        moment,
                        same_values=log.values_digest == values_digest
                        or (from_device and FROM_DEVICE in log.marks),
                    )
                    or (
                        (FROM_DEVICE in log.marks) != from_device
                        and is_told_by_device_too(log.performed_at, moment)
                    )
                )
            ),
            None,
        )

    def sessions_on(self, series: UUID, on: date, *, besides: UUID) -> int:
        """Count the sessions of an item on a local date; one that was told twice counts once."""
        return self._counted.get((series, on), 0) - self._counts(besides, series, on, on)

    def sessions_in_week(self, series: UUID, on: date, *, besides: UUID) -> int:
        """Count the sessions of an item in the ISO week of a local date."""
        monday = week_of(on)
        counted = self._counted_in_week.get((series, monday), 0)
        return counted - self._counts(besides, series, monday, monday + WEEK - DAY)

    def _counts(self, log_id: UUID, series: UUID, first: date, last: date) -> bool:
        """Tell whether a log is among those counted from one date to another."""
        log = self.logs.get(log_id)
        return (
            log is not None
            and log.duplicate_of is None
            and log.series == series
            and first <= log.on <= last
        )

    def previous_pain(self, part: UUID, before: datetime) -> KnownReading | None:
        """Return how much one part hurt in its last session before a moment, if anybody said.

        part: of the body; or the series, for what was said of the session as a whole.
        """
        earlier = self._latest_first(part, before)
        return next((each for each in earlier if each.pain is not None), None)

    def previous_effort(self, series: UUID, before: datetime) -> int | None:
        """Return the effort of the last session of an item in which it was said."""
        earlier = self._latest_first(series, before)
        return next((each.effort for each in earlier if each.effort is not None), None)

    def skin_red_hours(self, series: UUID, before: datetime) -> float | None:
        """Return for how long the skin has been red, told by the sessions before a moment."""
        said = ((each.performed_at, each.skin) for each in self._latest_first(series, before))
        return red_hours([(moment, skin) for moment, skin in said if skin], before)

    def over_maximum_in_week(self, series: UUID, on: date, *, besides: UUID) -> int:
        """Count the sessions beyond the maximum in the ISO week of a local date."""
        monday = week_of(on)
        return sum(
            1
            for count in range(7)
            for log in self._of_day.get((series, monday + DAY * count), ())
            if log.duplicate_of is None and log.id != besides and OVER_MAXIMUM in log.marks
        )

    def days_since_last(self, series: UUID, before: datetime, *, besides: UUID) -> int | None:
        """Return the whole days since the session of an item before a moment; None: the first."""
        last = before - SAME_START_WITHIN
        near = [
            log.performed_at
            for (item, _), logs in self._of_day.items()
            if item == series
            for log in logs
            if log.performed_at < last and log.id != besides
        ]
        longer_ago = self.briefing.last_sessions.get(series)
        latest = max(near, default=longer_ago)
        return None if latest is None else whole_days(latest, before)

    def pain_baseline(self, part: UUID, before: datetime) -> float | None:
        """Return the mean pain of one part over the 7 days before a moment, None without any."""
        values = [each.pain for each in self._last_week(part, before) if each.pain is not None]
        return sum(values) / len(values) if values else None

    def furthest_degrees(self, part: UUID, before: datetime) -> float | None:
        """Return the highest end angle of one part over the 7 days before a moment."""
        week = self._last_week(part, before)
        return max((each.degrees for each in week if each.degrees is not None), default=None)

    def _last_week(self, part: UUID, before: datetime) -> Iterator[KnownReading]:
        first = before - WEEK
        return takewhile(lambda each: each.performed_at >= first, self._latest_first(part, before))

    def _latest_first(self, part: UUID, before: datetime) -> Iterator[KnownReading]:
        """Return earlier sessions; what began at the same moment may be this one."""
        known = self._in_order.get(part)
        if known is None:
            known = self._in_order[part] = sorted(self.readings.get(part, ()), key=_moment_of)
        later = len(known) - bisect_left(known, before - SAME_START_WITHIN, key=_moment_of)
        return islice(reversed(known), later, None)

    def _put_readings(self, readings: Iterable[KnownReading]) -> None:
        for each in readings:
            self.readings.setdefault(each.part, []).append(each)
            if each.part in self._in_order:
                insort(self._in_order[each.part], each, key=_moment_of)

    def remember(self, log: KnownLog, readings: Sequence[KnownReading]) -> None:
        """Let later entries of the batch see this one, and what it said."""
        self._put_readings(readings)
        self._put(log)
        self.sent_before[log.id] = log

    def resolve(self, occurrence_id: UUID, state: str) -> None:
        self.occurrences[occurrence_id] = msgspec.structs.replace(
            self.occurrences[occurrence_id], state=state
        )


def _days_touched(occurrence: KnownOccurrence) -> tuple[int, int]:
    """Return the first and last of the UTC dates of a window and its own date, as ordinals."""
    opens, closes = occurrence.opens_at.toordinal(), occurrence.closes_at.toordinal()
    on = occurrence.on.toordinal()
    return min(opens, on), max(closes, on)


def _moment_of(reading: KnownReading) -> datetime:
    return reading.performed_at


def _is_open(occurrence: KnownOccurrence, named: UUID | None, moment: datetime) -> bool:
    """Tell whether a log of an item that was not paused then may resolve an occurrence.

    One that was paused since is open to what was done in its window before the pause began.
    """
    if occurrence.state == "paused":
        holds = occurrence.opens_at <= moment < occurrence.closes_at
        return holds or occurrence.id == named
    return occurrence.state == "due" or (occurrence.state == "skipped" and occurrence.id == named)
