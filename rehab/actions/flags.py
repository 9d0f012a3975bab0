"""Judging red flags, raising them, and pausing what they pause."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid5

from django.db import DatabaseError

from patients.domain.errors import DomainError
from rehab import rules as rulebook
from rehab.actions.answers import RaisedFlag
from rehab.actions.escalation import escalate_now, plan_escalation
from rehab.actions.facts import seen_in
from rehab.actions.flag_reach import known_pauses
from rehab.actions.flag_words import in_words, part_named
from rehab.actions.patient_row import PatientRow
from rehab.actions.pausing import NewPause, pause, reach_of
from rehab.actions.programme import Programme
from rehab.domain.conditions import Because, Facts
from rehab.domain.receipt import moment_meant
from rehab.domain.safety import (
    Fired,
    Judged,
    Level,
    evaluate,
    evaluate_session,
    to_show,
)
from rehab.domain.safety import Pause as PauseReach
from rehab.domain.session_entry import SessionEntry
from rehab.models import SafetyFlag
from rehab.models.briefing import KnownItem
from rehab.models.item_days import Day

logger = logging.getLogger(__name__)

Judgement = TypeVar("Judgement")


@dataclass(frozen=True, slots=True)
class _Raised:
    flag: SafetyFlag
    reach: PauseReach
    limb: str = ""


@dataclass(slots=True)
class FlagDesk:
    """Collects what fires while a batch is judged, and writes it at the end.

    The id of a flag is a function of entry, rule and part: judging again raises nothing new.
    """

    patient: PatientRow
    at: datetime
    pausing: bool = True
    reason: str = ""
    raised: dict[UUID, _Raised] = field(default_factory=dict)

    def judge(
        self,
        log_id: UUID,
        entry: SessionEntry,
        item: KnownItem | None,
        programme: Programme,
        *,
        counted: bool,
    ) -> tuple[RaisedFlag, ...]:
        """Judge the rules on an entry, before anybody asks whether its values are possible.

        counted: it will be stored. A refused entry is judged by the red flags alone, so that a
        slip of the finger stops no programme.
        """
        judged = None if counted else Judged.FIRST

        def judge() -> list[tuple[UUID | None, Fired]]:
            seen = seen_in(
                entry, item, programme, log_id=log_id, received_at=self.at, counted=counted
            )
            return evaluate_session(rulebook.book(), seen.shared, seen.parts, judged=judged)

        raised = []
        fired = _or_not_judged(judge, _session_not_judged)
        occurred_at = moment_meant(entry.performed_at, self.at, entry.client_sent_at)
        for part, each in fired:
            flag = self._new(each, occurred_at, log_id, part=part)
            flag.log_id, flag.series = log_id, item.series if item else None
            flag.device_agreed = _device_agreed(each, entry)
            raised.append((self._raise(flag, each, programme, item, limb=entry.limb), each))
        return _shown(raised)

    def judge_skip(
        self, about: UUID, entry: SessionEntry, item: KnownItem | None, programme: Programme
    ) -> tuple[RaisedFlag, ...]:
        """Judge the signs of a skip as those of a session; there is no log of it."""
        shown = self.judge(about, entry, item, programme, counted=False)
        for each in self.raised.values():
            each.flag.log_id = None
        return shown

    def judge_event(
        self, event_id: UUID, facts: Facts, occurred_at: datetime, *, counted: bool, limb: str = ""
    ) -> tuple[RaisedFlag, ...]:
        """Judge what happened outside the plan; counted: it will be stored."""
        raised = []
        judged = None if counted else Judged.FIRST
        for fired in _fired_on(facts, judged):
            each = _outside_the_plan(fired)
            flag = self._new(each, occurred_at, event_id)
            flag.event_id = event_id
            raised.append((self._raise(flag, each, None, None, limb=limb), each))
        return _shown(raised)

    def judge_stop(
        self, stop_id: UUID, facts: Facts, stopped_at: datetime, *, series: UUID, limb: str = ""
    ) -> tuple[RaisedFlag, ...]:
        """Judge why an item was stopped. The stop itself pauses it; a rule may reach further."""
        raised = []
        for each in _fired_on(facts, Judged.FIRST):
            flag = self._new(each, stopped_at, stop_id)
            flag.series = series
            raised.append((self._raise(flag, each, None, None, limb=limb), each))
        return _shown(raised)

    def judge_facts(
        self,
        about: UUID,
        facts: Facts,
        since: datetime,
        *,
        series: UUID | None = None,
        part: UUID | None = None,
        because: Because = (),
    ) -> tuple[RaisedFlag, ...]:
        """Judge what the server itself knows: a gate that closed, an assessment, a silence.

        about: what the flag is about; judging it again raises nothing new. because: more than one
        reason of the same kind, where the rule was asked about the most urgent.
        """
        raised = []
        for each in _fired_on(facts, None):
            told = replace(each, because=because) if because else each
            flag = self._new(told, since, about, part=part)
            flag.series = series
            raised.append((self._raise(flag, each, None, None), each))
        return _shown(raised)

    def judge_operations(self, about: UUID, failed: str, since: datetime) -> None:
        """Raise what is told when the service itself failed: judging or delivery."""
        for each in _failed(failed):
            self._raise(self._new(each, since, about), each, None, None)

    def settle(self) -> set[Day]:
        """Write flags, pauses, escalation steps and first messages; return the days changed."""
        if not self.raised:
            return set()
        flags = [raised.flag for raised in self.raised.values()]
        new = _insert(flags)
        wanted = [
            each
            for raised in self.raised.values()
            if raised.flag.pk in new
            for each in _pause_of(raised)
        ]
        days = pause(self.patient, wanted, at=self.at) if wanted and self.pausing else set()
        fresh = _worth_telling([flag for flag in flags if flag.pk in new])
        plan_escalation(self.patient, fresh, at=self.at)
        escalate_now(self.patient, fresh, at=self.at)
        return days

    def _new(
        self, fired: Fired, occurred_at: datetime, about: UUID, *, part: UUID | None = None
    ) -> SafetyFlag:
        return SafetyFlag(
            id=flag_id_of(self.patient.id, about=about, rule=fired.rule, part=part),
            patient_id=self.patient.id,
            clinic_id=self.patient.clinic_id,
            rule=fired.rule,
            rule_version=fired.version,
            level=fired.level.value,
            # A clock that runs ahead would pause nothing before that day has come.
            occurred_at=min(occurred_at, self.at),
            raised_at=self.at,
            part=part,
            because=[{"field": name, "value": value} for name, value in fired.because],
            sync_sequence=self.patient.sequence,
        )

    def _raise(
        self,
        flag: SafetyFlag,
        fired: Fired,
        programme: Programme | None,
        item: KnownItem | None,
        *,
        limb: str = "",
    ) -> RaisedFlag:
        self.raised.setdefault(flag.pk, _Raised(flag, fired.pause, limb))
        if programme is not None and item is not None and self.pausing:
            programme.pauses += known_pauses(flag, fired.pause, item, limb)
        rule = rulebook.known()[fired.rule]
        part = part_named(flag.part, item)
        return in_words(flag, rule, self.patient, at=self.at, part=part, reason=self.reason)


def flag_id_of(patient_id: UUID, *, about: UUID, rule: str, part: UUID | None = None) -> UUID:
    """Return the id of a flag: the same however often the same thing is judged."""
    return uuid5(patient_id, f"{about}/{rule}/{part or ''}")


def _fired_on(facts: Facts, judged: Judged | None) -> list[Fired]:
    return _or_not_judged(
        lambda: evaluate(rulebook.book(), facts, judged=judged), lambda: _failed("judging")
    )


def _or_not_judged(
    judge: Callable[[], list[Judgement]], failed: Callable[[], list[Judgement]]
) -> list[Judgement]:
    """Judge; where the rules themselves fail, keep what was told and have somebody look at it.

    A database that fails takes its transaction with it: that is answered, and sent again.
    """
    try:
        return judge()
    except (DatabaseError, DomainError):
        raise
    except Exception:
        logger.exception("the safety rules could not be judged")
        return failed()


def _session_not_judged() -> list[tuple[UUID | None, Fired]]:
    return [(None, each) for each in _failed("judging")]


def _failed(what: str) -> list[Fired]:
    return evaluate(rulebook.operations().values(), {"operations_failed": what})


def _shown(raised: Sequence[tuple[RaisedFlag, Fired]]) -> tuple[RaisedFlag, ...]:
    """Return what the phone shows: in an emergency the emergency alone."""
    wanted = to_show([fired for _, fired in raised])
    return tuple(flag for flag, fired in raised if fired in wanted)


def _outside_the_plan(fired: Fired) -> Fired:
    """Return what fired with the pause that its rule asks for where there is no item."""
    rule = rulebook.rules().get(fired.rule)
    outside = rule.pause_outside if rule else None
    return replace(fired, pause=outside) if outside else fired


def _device_agreed(fired: Fired, entry: SessionEntry) -> bool | None:
    """Tell whether the phone had stopped by the same rule; None when it had stopped by none."""
    return fired.rule in entry.stopped_by_rule if entry.stopped_by_rule else None


def _worth_telling(flags: Sequence[SafetyFlag]) -> list[SafetyFlag]:
    """Return the flags that people are told of.

    Each is kept and shown; but while nobody has answered for the same rule on the same item and
    part, telling again would only teach people to ignore it. An emergency is always told.
    """
    waiting = set(
        SafetyFlag.objects.filter(
            patient_id__in={flag.patient_id for flag in flags}, acknowledged_at__isnull=True
        )
        .exclude(pk__in=[flag.pk for flag in flags])
        .values_list("patient_id", "rule", "series", "part")
    )
    return [
        flag
        for flag in flags
        if flag.level == Level.E0
        or (flag.patient_id, flag.rule, flag.series, flag.part) not in waiting
    ]


def _insert(flags: Sequence[SafetyFlag]) -> set[UUID]:
    """Insert flags that are not there yet; return which were new."""
    ids = [flag.pk for flag in flags]
    known = set(SafetyFlag.objects.filter(pk__in=ids).values_list("pk", flat=True))
    SafetyFlag.objects.bulk_create([flag for flag in flags if flag.pk not in known])
    return set(ids) - known


def _pause_of(raised: _Raised) -> Sequence[NewPause]:
    flag = raised.flag
    return [
        NewPause(series, part, flag.occurred_at, flag.pk, flag.rule)
        for series, part in reach_of(
            flag.patient_id,
            raised.reach,
            series=flag.series,
            part=flag.part,
            at=flag.raised_at,
            limb=raised.limb,
        )
    ]
