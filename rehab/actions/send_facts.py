"""Reading again, just before sending, what is true of everything that a batch is about.

Two statements for a batch, however large, that return flat rows; what is rare is only read where it
is. A Django object for each row would cost more than sending the message.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from patients.models.addresses import Address
from rehab.actions.recipients import usable_addresses
from rehab.domain.recurrence import instant, local_date
from rehab.models import Delivery, Reminder, ReminderKind, SafetyFlag
from rehab.models.outbox import Claim
from rehab.models.reads.sending import Around, around

DEFAULT_BUDGET = 6
# No local day is longer, not even one that a zone lived through twice.
LONGEST_DAY = timedelta(days=2)


@dataclass(slots=True)
class Known:
    """What is true now of one claim.

    occurrences: a row for each that its reminder speaks of. points: its recipient's addresses,
    best first. flag: of an alert. received: a device confirmed the same message already. snoozed:
    those occurrences that the recipient asked to be reminded of later.
    """

    claim: Claim
    about: Around
    occurrences: Sequence[Around]
    points: Sequence[Address]
    flag: SafetyFlag | None = None
    received: bool = False
    snoozed: Collection[str] = ()

    @property
    def is_alert(self) -> bool:
        return self.about.kind == ReminderKind.ALERT


@dataclass(slots=True)
class SentToday:
    """How many messages each recipient got since their own midnight, over all channels."""

    at: datetime
    _counted: dict[str, int] = field(default_factory=dict)

    def of(self, known: Known) -> int:
        recipient = known.claim.recipient_id
        if recipient not in self._counted:
            self._counted[recipient] = self._since_midnight(known.about)
        return self._counted[recipient]

    def one_more(self, known: Known) -> None:
        self._counted[known.claim.recipient_id] = self.of(known) + 1

    def _since_midnight(self, about: Around) -> int:
        if not about.sent_at:
            return 0
        midnight = _midnight(about.zone, self.at)
        return sum(each >= midnight for each in about.sent_at)


def look(claims: Sequence[Claim], *, at: datetime) -> tuple[list[Known], list[Claim]]:
    """Read everything that these claims are judged by; and which no longer have a reminder."""
    rows: dict[int, list[Around]] = defaultdict(list)
    for row in around(claims, at=at, since=at - LONGEST_DAY, budget=DEFAULT_BUDGET):
        if row.kind is not None:
            rows[row.place].append(row)
    points = usable_addresses({each.recipient_id for each in claims})
    known = [
        Known(
            claim,
            rows[place][0],
            [each for each in rows[place] if each.occurrence_id is not None],
            points.get(claim.recipient_id, ()),
        )
        for place, claim in enumerate(claims, 1)
        if place in rows
    ]
    _add_what_is_rare(known, at=at)
    return known, [each for place, each in enumerate(claims, 1) if place not in rows]


def _add_what_is_rare(known: Sequence[Known], *, at: datetime) -> None:
    """Flags, receipts of devices and snoozes, each read only where there are any."""
    flagged = [each for each in known if each.about.flag_id]
    following = [each for each in known if each.claim.follows]
    waiting = [each for each in known if _put_off(each, at)]
    if flagged:
        flags = SafetyFlag.objects.in_bulk([UUID(each.about.flag_id) for each in flagged])
        for each in flagged:
            each.flag = flags.get(UUID(each.about.flag_id))
    if following:
        received = _received(following)
        for each in following:
            each.received = each.claim.reminder_id in received
    if waiting:
        snoozes = _snoozes(waiting, at=at)
        for each in waiting:
            each.snoozed = snoozes.get(each.claim.recipient_id, ())


def _put_off(known: Known, at: datetime) -> bool:
    return any(each.snoozed_until and each.snoozed_until > at for each in known.occurrences)


def _received(known: Sequence[Known]) -> set[str]:
    rows = Delivery.objects.filter(
        patient_id__in={each.claim.patient_id for each in known},
        reminder_id__in=[each.claim.reminder_id for each in known],
        received_at__isnull=False,
    )
    return {str(each) for each in rows.values_list("reminder_id", flat=True)}


def _snoozes(known: Sequence[Known], *, at: datetime) -> Mapping[str, set[str]]:
    """Return the occurrences that each account asked to be told of later: each is a reminder."""
    waiting = [
        row
        for each in known
        for row in each.occurrences
        if row.snoozed_until and row.snoozed_until > at
    ]
    rows = Reminder.objects.filter(
        patient_id__in={each.claim.patient_id for each in known},
        due_at__in={each.snoozed_until for each in waiting},
        occurrence_ids__overlap=[UUID(each.occurrence_id) for each in waiting],
    ).values_list("occurrence_ids", "recipient_id")
    asked: dict[str, set[str]] = defaultdict(set)
    for ids, user in rows:
        if user and len(ids) == 1:
            asked[str(user)].add(str(ids[0]))
    return asked


@lru_cache(maxsize=1024)
def _midnight(zone: str, at: datetime) -> datetime:
    return instant(local_date(at, zone), time.min, zone)
