"""Deciding about each claim of a batch, and putting into one message what travels together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from patients.models.contact import ContactPoint
from rehab import rules as rulebook
from rehab.actions.send_facts import Known, look
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
from rehab.models import Occurrence, OccurrenceState, Reminder, ReminderKind, SafetyFlag
from rehab.models.outbox import Claim

KINDS: Mapping[str, Kind] = {
    ReminderKind.TRAINING: "training",
    ReminderKind.CARE: "care",
    ReminderKind.ALERT: "flag",
}
DEFAULT_BUDGET = 6
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
    others: tuple[UUID, ...] = ()
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
    known = look(claims, at=at)
    speaking = [each for each in claims if each.reminder_id in known.reminders]
    silent = [each for each in claims if each.reminder_id not in known.reminders]
    return _merged(_decided(speaking, known, at=at)), silent


Key = tuple[UUID, UUID, UUID]


def _decided(claims: Sequence[Claim], known: Known, *, at: datetime) -> Iterator[Bundle]:
    """Decide in the order of what is due; what came early comes last."""
    leaving: set[Key] = set()
    for given in sorted(claims, key=lambda each: each.early_from is not None):
        reminder = known.reminders[given.reminder_id]
        points = _points(given, reminder, known)
        point = _point(given, points)
        claim = _addressed(given, point)
        rides = _key(claim) in leaving and not _is_alert(reminder)
        facts = _facts(claim, reminder, known, reachable=point is not None, rides=rides, at=at)
        decision = send_decision(facts, at)
        if isinstance(decision, Send) and not rides:
            if claim.early_from is not None:
                decision = Hold(claim.early_from, "not_due_yet")
            else:
                known.sent_today[claim.recipient_id] += 1
                leaving.add(_key(claim))
        yield Bundle(
            claim,
            decision,
            point.address if point else "",
            point.user.language.lower() if point else "",
            "alert" if _is_alert(reminder) else "due",
            max(len(_still_due(claim, reminder, known)), 1),
            facts.closes_at,
            point.secret if point else "",
            others=tuple(each.pk for each in points if point and each.pk != point.pk),
        )


def _addressed(claim: Claim, point: ContactPoint | None) -> Claim:
    if point is None or point.pk == claim.contact_point_id:
        return claim
    return replace(claim, contact_point_id=point.pk, channel=point.channel)


def _is_alert(reminder: Reminder) -> bool:
    return reminder.kind == ReminderKind.ALERT


def _merged(decided: Iterator[Bundle]) -> list[Bundle]:
    """Put what leaves for one person about one patient at one address into one message."""
    carriers: dict[Key, Bundle] = {}
    alone: list[Bundle] = []
    for each in decided:
        key = _key(each.claim)
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


def _key(claim: Claim) -> Key:
    return (claim.patient_id, claim.recipient_id, claim.contact_point_id)


def _points(claim: Claim, reminder: Reminder, known: Known) -> Sequence[ContactPoint]:
    """Return where this recipient may be told this, best first."""
    points = known.points.get(claim.recipient_id, ())
    return [each for each in points if _is_alert(reminder) or each.reminders_off_at is None]


def _point(claim: Claim, points: Sequence[ContactPoint]) -> ContactPoint | None:
    """Return the address to use: the best there is by now, unless this one was tried or chosen.

    Between planning and sending somebody may have added a device or lost an address.
    """
    if claim.failures == 0 and claim.follows is None:
        return next(iter(points), None)
    return next((each for each in points if each.pk == claim.contact_point_id), None)


def _facts(
    claim: Claim,
    reminder: Reminder,
    known: Known,
    *,
    reachable: bool,
    rides: bool,
    at: datetime,
) -> MessageFacts:
    preference = known.preferences.get(claim.recipient_id)
    flag = known.flags.get(reminder.flag_id) if reminder.flag_id else None
    alert = _is_alert(reminder)
    still = _still_due(claim, reminder, known)
    return MessageFacts(
        kind=KINDS[reminder.kind],
        level=_level(flag, at),
        state=_state(flag, claim, reminder, known),
        consents=alert or claim.patient_id not in known.withdrawn,
        related=(claim.patient_id, claim.recipient_id, alert) in known.may_be_told,
        reachable=reachable,
        closes_at=max((each.closes_at for each in still), default=None),
        quiet_from=preference.quiet_from if preference else None,
        quiet_until=preference.quiet_until if preference else None,
        zone=preference.zone if preference else known.zones[claim.patient_id],
        may_wake=reminder.wakes and bool(preference and preference.may_wake),
        sent_today=known.sent_today[claim.recipient_id],
        daily_budget=preference.daily_budget if preference else DEFAULT_BUDGET,
        rides_along=rides,
    )


def _level(flag: SafetyFlag | None, at: datetime) -> str | None:
    """Return the level as it now stands: what nobody has seen for long rises."""
    if flag is None:
        return None
    seen = flag.acknowledged_at is not None
    return level_now(rulebook.escalation(), Level(flag.level), flag.raised_at, at, seen=seen)


def _state(flag: SafetyFlag | None, claim: Claim, reminder: Reminder, known: Known) -> State:
    if claim.follows is not None and claim.reminder_id in known.received:
        return "received"
    if flag is not None:
        return "acknowledged" if flag.acknowledged_at else "due"
    return "due" if _still_due(claim, reminder, known) else _why_not(reminder, known)


def _why_not(reminder: Reminder, known: Known) -> State:
    """Return why nothing of it is to be said any more."""
    states = {each.state for each in known.occurrences_of(reminder)}
    if OccurrenceState.DUE in states:
        return "snoozed"
    if states <= {OccurrenceState.CANCELLED}:
        return "cancelled"
    return "paused" if OccurrenceState.PAUSED in states else "done"


def _still_due(claim: Claim, reminder: Reminder, known: Known) -> list[Occurrence]:
    """Return what is still to be said: due, and not put off by who is told.

    A snooze itself is that person's next reminder; who comes next is told all the same.
    """
    return [
        each
        for each in known.occurrences_of(reminder)
        if each.state == OccurrenceState.DUE
        and (
            (each.id, claim.recipient_id) not in known.snoozed
            or reminder.after_silence
            or reminder.due_at == each.snoozed_until
        )
    ]
