"""Deciding about each claim of a batch, and putting into one message what travels together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from patients.models.addresses import Address
from rehab import rules as rulebook
from rehab.actions.send_facts import Known, SentToday, look
from rehab.channels.message import Sealed
from rehab.domain.escalation import level_now
from rehab.domain.quiet import (
    Drop,
    Hold,
    Kind,
    MessageFacts,
    Send,
    State,
    send_decision,
)
from rehab.domain.safety import Level
from rehab.models import OccurrenceState, ReminderKind, SafetyFlag
from rehab.models.outbox import Claim
from rehab.models.reads.sending import Around

KINDS: Mapping[str, Kind] = {
    ReminderKind.TRAINING.value: "training",
    ReminderKind.CARE.value: "care",
    ReminderKind.ALERT.value: "flag",
    ReminderKind.NOTE.value: "note",
}
WORDINGS: Mapping[str, str] = {
    ReminderKind.ALERT.value: "alert",
    ReminderKind.NOTE.value: "note",
}
DUE = OccurrenceState.DUE.value
GONE = "nothing_to_say"


@dataclass(frozen=True, slots=True)
class Bundle:
    """One claim, what is decided about it, and everything that it says.

    carried: claims whose message this one says too. others: where else its recipient is reached.
    sealed: the push that was encrypted ahead for it.
    """

    claim: Claim
    decision: Send | Hold | Drop
    address: str
    language: str
    wording: str
    count: int
    closes_at: datetime | None = None
    secret: str = ""
    carried: tuple[Claim, ...] = ()
    others: tuple[str, ...] = ()
    sealed: Sealed | None = None

    @property
    def claims(self) -> tuple[Claim, ...]:
        return (self.claim, *self.carried)


def bundles(claims: Sequence[Claim], *, at: datetime) -> tuple[list[Bundle], list[Claim]]:
    """Return what is decided about each claim, and the claims that no longer say anything.

    One person's messages count against one budget, also within this batch; what one person is to
    be told of one patient now is one message. A claim that came early and finds nothing to travel
    with is held until its time.
    """
    if not claims:
        return [], []
    known, silent = look(claims, at=at)
    return _merged(_decided(known, at=at)), silent


Key = tuple[str, str, str, str]


def _decided(known: Sequence[Known], *, at: datetime) -> Iterator[Bundle]:
    """Decide in the order of what is due; what came early comes last."""
    leaving: set[Key] = set()
    sent = SentToday(at)
    for each in sorted(known, key=lambda one: one.claim.early_from is not None):
        points = _points(each)
        point = _point(each.claim, points)
        claim = _addressed(each.claim, point)
        wording, still = WORDINGS.get(each.about.kind or "", "due"), _still_due(each)
        key = _key(claim, wording)
        rides = key in leaving and not each.is_alert
        facts = _facts(each, still, sent, reachable=point is not None, rides=rides, at=at)
        decision = send_decision(facts, at)
        if isinstance(decision, Send) and not rides:
            if claim.early_from is not None:
                decision = Hold(claim.early_from, "not_due_yet")
            else:
                sent.one_more(each)
                leaving.add(key)
        yield Bundle(
            claim,
            decision,
            point.address if point else "",
            point.language if point else "",
            wording,
            max(len(still), 1),
            facts.closes_at,
            point.secret if point else "",
            others=tuple(one.id for one in points if point and one.id != point.id),
        )


def _addressed(claim: Claim, point: Address | None) -> Claim:
    if point is None or point.id == claim.contact_point_id:
        return claim
    return claim._replace(contact_point_id=point.id, channel=point.channel)


def _merged(decided: Iterator[Bundle]) -> list[Bundle]:
    """Put what leaves for one person about one patient at one address into one message."""
    carriers: dict[Key, Bundle] = {}
    alone: list[Bundle] = []
    for each in decided:
        key = _key(each.claim, each.wording)
        if not isinstance(each.decision, Send) or each.wording == "alert":
            alone.append(each)
        elif key in carriers:
            carriers[key] = _with(carriers[key], each)
        else:
            carriers[key] = each
    return [*alone, *carriers.values()]


def _with(carrier: Bundle, other: Bundle) -> Bundle:
    both = (carrier.closes_at, other.closes_at)
    return replace(
        carrier,
        count=carrier.count + other.count,
        closes_at=max((each for each in both if each is not None), default=None),
        carried=(*carrier.carried, other.claim),
    )


def _key(claim: Claim, wording: str) -> Key:
    return (claim.patient_id, claim.recipient_id, claim.contact_point_id, wording)


def _points(known: Known) -> Sequence[Address]:
    """Return where this recipient may be told this, best first."""
    return [each for each in known.points if known.is_alert or not each.no_reminders]


def _point(claim: Claim, points: Sequence[Address]) -> Address | None:
    """Return the address to use: the best there is by now, unless this one was tried or chosen.

    Between planning and sending somebody may have added a device or lost an address.
    """
    if claim.failures == 0 and claim.follows is None:
        return next(iter(points), None)
    return next((each for each in points if each.id == claim.contact_point_id), None)


def _facts(
    known: Known,
    still: Sequence[Around],
    sent: SentToday,
    *,
    reachable: bool,
    rides: bool,
    at: datetime,
) -> MessageFacts:
    about = known.about
    return MessageFacts(
        kind=KINDS[about.kind or ""],
        level=_level(known.flag, at),
        state=_state(known, still),
        consents=known.is_alert or not about.withdrawn,
        related=about.related,
        reachable=reachable,
        closes_at=max((each.closes_at for each in still if each.closes_at), default=None),
        quiet_from=about.quiet_from,
        quiet_until=about.quiet_until,
        zone=about.zone,
        may_wake=about.wakes and about.may_wake,
        sent_today=sent.of(known),
        daily_budget=about.daily_budget,
        rides_along=rides,
    )


def _level(flag: SafetyFlag | None, at: datetime) -> str | None:
    """Return the level as it now stands: what nobody has seen for long rises."""
    if flag is None:
        return None
    seen = flag.acknowledged_at is not None
    return level_now(rulebook.escalation(), Level(flag.level), flag.raised_at, at, seen=seen)


def _state(known: Known, still: Sequence[Around]) -> State:
    if known.received:
        return "received"
    if known.about.kind == ReminderKind.NOTE:
        return "read" if known.about.note_read else "due"
    if known.flag is not None:
        return "acknowledged" if known.flag.acknowledged_at else "due"
    return "due" if still else _why_not(known)


def _why_not(known: Known) -> State:
    """Return why nothing of it is to be said any more."""
    states = {each.state for each in known.occurrences}
    if OccurrenceState.DUE in states:
        return "snoozed"
    if states <= {OccurrenceState.CANCELLED}:
        return "cancelled"
    return "paused" if OccurrenceState.PAUSED in states else "done"


def _still_due(known: Known) -> list[Around]:
    """Return what is still to be said: due, and not put off by who is told.

    A snooze itself is that person's next reminder; who comes next is told all the same.
    """
    return [
        each
        for each in known.occurrences
        if each.state == DUE
        and (
            each.occurrence_id not in known.snoozed
            or each.after_silence
            or each.due_at == each.snoozed_until
        )
    ]
