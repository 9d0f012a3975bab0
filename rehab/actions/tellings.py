"""What an entry tells besides when: made once for all entries of a batch that tell the same.

Most sessions of a week are told in the same words. What follows from the words and the item alone
(what is possible, unusual, done; the columns and facts) is found when it is first asked for; what
follows from the moment and from other sessions is never kept here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec

from rehab.actions.attainment import outcome_from, state_from
from rehab.actions.bodies import cannot_feel, clinical, details_of, number, values_of, whole
from rehab.actions.bodies import worst_pain as worst_pain_in
from rehab.actions.judging import Verdict, judge_told
from rehab.actions.told_parts import told_parts
from rehab.domain.conditions import Facts
from rehab.domain.identity import AlikeBodies, canonical, fingerprint
from rehab.domain.session_entry import SessionEntry
from rehab.models.briefing import KnownItem
from rehab.models.told_parts import ToldPart

# The moment of the log, and what of it the server says back by other means.
WHEN = frozenset({"performed_at", "client_sent_at", "occurrence"})
OWN = ("occurrence", "performed_at")

_words = attrgetter(*(name for name in SessionEntry.__slots__ if name not in WHEN))
# Not JSON: here "not a number" is another value than none, and 1.0 another than 1.
_packed = msgspec.msgpack.Encoder().encode
_json = msgspec.json.Encoder().encode


def words_of(entry: SessionEntry) -> object:
    """Return what two entries have in common only if they tell the same, key for key.

    What cannot be written down has nothing in common with any other.
    """
    try:
        return _packed(_words(entry))
    except (TypeError, ValueError, OverflowError):
        return object()


@dataclass(frozen=True, slots=True)
class ToldFacts:
    """Facts of the entry for the rules: of the session, and of each part of the plan it names."""

    shared: Facts
    parts: Mapping[UUID, Facts]


@dataclass(eq=False)
class Telling:
    """The words of an entry about one wording of an item, while these parts of it are paused.

    facts: what rules may look at in it, once `rehab.actions.facts` was asked.
    """

    entry: SessionEntry
    item: KnownItem | None
    paused: frozenset[UUID]
    facts: ToldFacts | None = None

    @cached_property
    def verdict(self) -> Verdict:
        return judge_told(self.entry, self.item)

    @cached_property
    def digest(self) -> bytes:
        return fingerprint(values_of(self.entry))

    def fingerprint_of(self, entry: SessionEntry) -> bytes:
        """Return the fingerprint of an entry that tells this."""
        return self._bodies.fingerprint({name: getattr(entry, name) for name in OWN})

    @cached_property
    def state(self) -> str | None:
        """Return what it makes of an occurrence, None where there is no item."""
        return state_from(self.entry, self.item, self.paused) if self.item else None

    @cached_property
    def columns(self) -> Mapping[str, Any]:
        """Return the columns of a log that are the same whenever this is told."""
        entry = self.entry
        minutes = entry.minutes if entry.minutes is not None else entry.measures.get("minutes")
        pain = worst_pain_in(entry)
        return {
            "version": self.item.version if self.item else None,
            "item_id": self.item.id if self.item else None,
            "performed_zone": entry.zone,
            "performer": entry.performer,
            "performer_name": entry.performer_name,
            "as_planned": entry.as_planned,
            "outcome": outcome_from(entry, self.state),
            "minutes": number(minutes),
            "pain": pain,
            "pain_unfelt": pain is None and cannot_feel(entry),
            "effort": whole(entry.effort),
            "parts": msgspec.Raw(_json(self.parts)),
        }

    def details(self, verdict: Verdict) -> msgspec.Raw:
        """Return what has no column of its own, as JSON. verdict: what was unusual that time."""
        return self._details if not verdict.unusual else _details(self.entry, verdict)

    @cached_property
    def parts(self) -> list[ToldPart]:
        return told_parts(self.entry, self.item, self.paused)

    @cached_property
    def _bodies(self) -> AlikeBodies:
        body = clinical(self.entry)
        return AlikeBodies(canonical({key: body[key] for key in body if key not in OWN}), OWN)

    @cached_property
    def _details(self) -> msgspec.Raw:
        return _details(self.entry, Verdict((), ()))


def _details(entry: SessionEntry, verdict: Verdict) -> msgspec.Raw:
    return msgspec.Raw(_json(details_of(entry, verdict)))
