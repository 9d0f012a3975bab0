"""Sending what is due: claim, look again, send, record. It needs the database, not the broker."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import uniform
from threading import local
from uuid import UUID

from django.conf import settings

from patients.access.walls import within_every_clinic
from patients.models.contact import ContactPoint
from rehab.actions.send_facts import GONE, Bundle, bundles
from rehab.channels import CHANNELS, Message, Sender
from rehab.channels.message import TryAgain, Undeliverable
from rehab.domain.quiet import Drop, Hold, Send
from rehab.models.outbox import Claim, Finish, claim, finish

logger = logging.getLogger(__name__)

BATCH = 500
RECORD_EVERY = 50
AT_ONCE = 8
LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
GIVE_UP_AFTER = 12


@dataclass(frozen=True, slots=True)
class Drained:
    """What one drain did."""

    sent: int = 0
    held: int = 0
    dropped: int = 0
    failed: int = 0


def drain(*, at: datetime, limit: int = BATCH) -> Drained:
    """Claim up to `limit` due deliveries and send what should still be sent.

    Runs as often and as many times at once as anybody likes: a row belongs to one claim at a time,
    and only who still holds it may finish it.
    """
    with within_every_clinic():
        claims = claim(at=at, limit=limit, lease=LEASE)
    with within_every_clinic():
        found, silent = bundles(claims, at=at)
        finish([Finish(each, "not_sent", GONE) for each in silent], at=at)
    counted: Counter[str] = Counter(dropped=len(silent))
    with _Senders() as senders:
        for start in range(0, len(found), RECORD_EVERY):
            finishes = list(senders.each(found[start : start + RECORD_EVERY], at=at))
            counted.update(_kind(each) for each in finishes)
            with within_every_clinic():
                finish(finishes, at=at)
                _retire(finishes, at=at)
    return Drained(counted["sent"], counted["held"], counted["dropped"], counted["failed"])


class _Senders:
    """Threads that each keep one connection a channel; none of them touches the database."""

    def __init__(self) -> None:
        self._kept = local()
        self._stacks: list[ExitStack] = []
        self._pool = ThreadPoolExecutor(max_workers=AT_ONCE)

    def __enter__(self) -> "_Senders":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        for stack in self._stacks:
            stack.close()

    def each(self, some: Sequence[Bundle], *, at: datetime) -> Iterator[Finish]:
        return self._pool.map(lambda bundle: self._one(bundle, at=at), some)

    def _one(self, bundle: Bundle, *, at: datetime) -> Finish:
        match bundle.decision:
            case Drop(reason):
                return Finish(bundle.claim, "not_sent", reason)
            case Hold(until, reason):
                return Finish(bundle.claim, "", reason, until, held=True)
            case Send():
                return self._send(bundle, at=at)

    def _send(self, bundle: Bundle, *, at: datetime) -> Finish:
        try:
            self._sender(bundle.claim.channel)(_message(bundle, at=at))
        except Undeliverable as refused:
            return Finish(bundle.claim, "failed", str(refused)[:60])
        except TryAgain as failed:
            return _again(bundle.claim, str(failed), at=at)
        except Exception as broken:  # one message that cannot be made must not hold up the others
            logger.exception("delivery failed", extra={"delivery": str(bundle.claim.id)})
            return _again(bundle.claim, type(broken).__name__, at=at)
        return Finish(bundle.claim, "sent")

    def _sender(self, channel: str) -> Sender:
        kept: dict[str, Sender] = self._kept.__dict__.setdefault("senders", {})
        if channel not in kept:
            stack = ExitStack()
            kept[channel] = stack.enter_context(CHANNELS[channel]())
            self._stacks.append(stack)
        return kept[channel]


def _message(bundle: Bundle, *, at: datetime) -> Message:
    return Message(
        id=bundle.claim.id,
        address=bundle.address,
        language=bundle.language,
        wording=bundle.wording,
        count=bundle.count,
        link=f"{settings.PUBLIC_URL}/",
        at=at,
        expires_at=bundle.closes_at,
        contact_point_id=bundle.claim.contact_point_id,
        group=bundle.claim.reminder_id,
        secret=bundle.secret,
    )


def _again(held: Claim, reason: str, *, at: datetime) -> Finish:
    """Try later, each time after about twice as long; give up in the end, and say so."""
    if held.attempts >= GIVE_UP_AFTER:
        return Finish(held, "failed", f"gave_up: {reason}"[:60])
    pause = min(FIRST_RETRY * 2 ** (held.attempts - 1), LONGEST_RETRY)
    pause *= uniform(0.8, 1.2)  # noqa: S311 - it spreads retries, it keeps no secret
    return Finish(held, "", reason[:60], at + pause)


def _retire(finishes: Sequence[Finish], *, at: datetime) -> None:
    """Retire the addresses that will never work; their owners see it in the app."""
    dead: Mapping[str, list[UUID]] = defaultdict(list)
    for each in finishes:
        if each.outcome == "failed" and not each.reason.startswith("gave_up"):
            dead[each.reason].append(each.claim.contact_point_id)
    for reason, ids in dead.items():
        ContactPoint.objects.filter(pk__in=ids, retired_at__isnull=True).update(
            retired_at=at, retired_reason=reason
        )


def _kind(each: Finish) -> str:
    if each.held:
        return "held"
    return {"sent": "sent", "not_sent": "dropped"}.get(each.outcome, "failed")
