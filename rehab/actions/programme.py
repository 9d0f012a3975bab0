"""What the programme asked for at a moment, read from a briefing and kept up to date within a batch."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from rehab.domain.receipt import is_near_duplicate
from rehab.domain.recurrence import week_of
from rehab.domain.resolution import Candidate
from rehab.domain.session_entry import SessionEntry
from rehab.models.briefing import (
    Briefing,
    KnownItem,
    KnownLog,
    KnownOccurrence,
    KnownPain,
    KnownPause,
)

WEEK = timedelta(days=7)


@dataclass(slots=True)
class Programme:
    """A briefing that later entries of the same batch see the earlier ones in."""

    briefing: Briefing
    occurrences: dict[UUID, KnownOccurrence] = field(default_factory=dict)
    logs: dict[UUID, KnownLog] = field(default_factory=dict)
    sent_before: dict[UUID, KnownLog] = field(default_factory=dict)
    pauses: list[KnownPause] = field(default_factory=list)
    pains: list[KnownPain] = field(default_factory=list)

    @classmethod
    def of(cls, briefing: Briefing) -> "Programme":
        return cls(
            briefing,
            {each.id: each for each in briefing.occurrences},
            {each.id: each for each in briefing.neighbours},
            {each.id: each for each in briefing.sent_before},
            list(briefing.pauses),
            list(briefing.pains),
        )

    def series_of(self, series: UUID | None, occurrence: UUID | None) -> UUID | None:
        """Return the item an entry means: the one it names, or the one its occurrence belongs to."""
        named = self.occurrences.get(occurrence) if occurrence else None
        return series or (named.series if named else None)

    def item_at(self, series: UUID | None, moment: datetime) -> KnownItem | None:
        """Return the wording of an item in force at a moment (R5)."""
        return next(
            (
                item
                for item in self.briefing.items
                if item.series == series
                and item.effective_at <= moment
                and (item.ended_at is None or moment < item.ended_at)
            ),
            None,
        )

    def is_paused(self, series: UUID, part: UUID | None, moment: datetime) -> bool:
        """Tell whether the item, or that part of it, was paused at a moment.

        A pause begins after the log that caused it: that log itself was not made while paused.
        """
        return any(
            pause.series == series
            and pause.part in (None, part)
            and pause.starts_at < moment
            and (pause.ended_at is None or moment < pause.ended_at)
            for pause in self.pauses
        )

    def is_item_paused(self, item: KnownItem, moment: datetime) -> bool:
        """Tell whether nothing of an item was to be done at a moment: it, or every part, was paused."""
        if self.is_paused(item.series, None, moment):
            return True
        return bool(item.parts) and all(
            self.is_paused(item.series, part.part, moment) for part in item.parts
        )

    def was_while_paused(self, entry: SessionEntry, item: KnownItem) -> bool:
        """Tell whether an entry did something that was paused: the item, or one of the parts it names."""
        if self.is_item_paused(item, entry.performed_at):
            return True
        done = (part.part for part in entry.parts if part.outcome != "not_done")
        return any(self.is_paused(item.series, part, entry.performed_at) for part in done)

    def forget(self, log_id: UUID) -> None:
        """Leave a log out, so that its correction is judged as if it had not been there."""
        self.sent_before.pop(log_id, None)
        known = self.logs.pop(log_id, None)
        if known is not None and known.occurrence_id in self.occurrences:
            self.resolve(known.occurrence_id, "due")

    def candidates(self, series: UUID, named: UUID | None, moment: datetime) -> list[Candidate]:
        """Return the occurrences that a log of this item might resolve."""
        return [
            Candidate(
                each.id,
                each.slot,
                each.on,
                each.due_at,
                each.opens_at,
                each.closes_at,
                self._is_open(each, named),
            )
            for each in self.occurrences.values()
            if each.series == series
        ]

    def _is_open(self, occurrence: KnownOccurrence, named: UUID | None) -> bool:
        if occurrence.state == "paused":
            return not self.is_paused(occurrence.series, None, occurrence.due_at)
        return occurrence.state == "due" or (
            occurrence.state == "skipped" and occurrence.id == named
        )

    def twin_of(
        self, log_id: UUID, series: UUID | None, moment: datetime, values_digest: str
    ) -> UUID | None:
        """Return an earlier log that tells the same session under another id (R3)."""
        return next(
            (
                log.id
                for log in self.logs.values()
                if log.id != log_id
                and log.series == series
                and log.duplicate_of is None
                and is_near_duplicate(
                    log.performed_at, moment, same_values=log.values_digest == values_digest
                )
            ),
            None,
        )

    def sessions_on(self, series: UUID, on: date, *, besides: UUID) -> int:
        """Count the sessions of an item on a local date, not counting the same session told twice."""
        return sum(1 for log in self._counted(series, besides) if log.on == on)

    def sessions_in_week(self, series: UUID, on: date, *, besides: UUID) -> int:
        """Count the sessions of an item in the ISO week of a local date."""
        return sum(1 for log in self._counted(series, besides) if week_of(log.on) == week_of(on))

    def _counted(self, series: UUID, besides: UUID) -> Iterator[KnownLog]:
        return (
            log
            for log in self.logs.values()
            if log.series == series and log.duplicate_of is None and log.id != besides
        )

    def previous_pain(self, part: UUID, before: datetime) -> KnownPain | None:
        """Return how much one part hurt in its last session before a moment, if anybody said."""
        earlier = (each for each in self.pains if each.part == part and each.performed_at < before)
        return max(earlier, key=lambda each: each.performed_at, default=None)

    def pain_baseline(self, part: UUID, before: datetime) -> float | None:
        """Return the mean pain of one part over the 7 days before a moment, None without any."""
        values = [
            each.pain
            for each in self.pains
            if each.part == part and before - WEEK <= each.performed_at < before
        ]
        return sum(values) / len(values) if values else None

    def remember(self, log: KnownLog) -> None:
        """Let later entries of the batch see this one."""
        self.logs[log.id] = log
        self.sent_before[log.id] = log

    def resolve(self, occurrence_id: UUID, state: str) -> None:
        self.occurrences[occurrence_id] = msgspec.structs.replace(
            self.occurrences[occurrence_id], state=state
        )
