"""Encrypting ahead what many devices get at once, and taking it along when it leaves.

Encryption is what a push message costs most. Where a hundred or more leave at one moment it is done
in the quarter of an hour before; fewer are sealed on the spot. Nothing is decided here: what may
leave is decided when it leaves, and a body that no longer says the same stays behind.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from patients.access.walls import within_every_clinic
from patients.domain.roles import Channel
from rehab.actions.bundles import Bundle, bundles
from rehab.actions.messages import message_of
from rehab.channels import push
from rehab.channels.message import Sealed, Undeliverable
from rehab.domain.quiet import Send
from rehab.models.sealed import (
    SealedPush,
    forget_old,
    keep_sealed,
    peaks,
    sealed_for,
    to_seal,
)

AHEAD = timedelta(minutes=15)
# What was late is worth its body for a while longer; then it is sealed on the spot.
KEPT_AFTER_SEALING = AHEAD + timedelta(minutes=15)
MANY = 100
BATCH = 500
# A tick comes every minute, and leaves time for what is due.
AT_MOST = timedelta(seconds=40)
_FIRST = str(UUID(int=0))


def seal_ahead(*, at: datetime, many: int = MANY) -> int:
    """Seal what leaves within 15 minutes beside at least `many` others; return how many.

    Safe to run twice at once: both would seal the same, and the later body stays.
    """
    started, sealed = monotonic(), 0
    with within_every_clinic():
        forget_old(sealed_before=at - KEPT_AFTER_SEALING)
        moments = peaks(at=at, until=at + AHEAD, many=many)
    for moment in moments:
        after = _FIRST
        while monotonic() - started < AT_MOST.total_seconds():
            with within_every_clinic():
                claims = to_seal(moment, after=after, limit=BATCH)
                found, _silent = bundles(claims, at=moment)
            if not claims:
                break
            rows = list(_sealed(found, moment, at=at))
            with within_every_clinic():
                keep_sealed(rows)
            after, sealed = claims[-1].id, sealed + len(rows)
    return sealed


def with_sealed(leaving: Sequence[Bundle]) -> list[Bundle]:
    """Return the bundles with the bodies that were sealed for them ahead."""
    ahead = sealed_for([each.claim for each in leaving])
    return [
        replace(each, sealed=Sealed(*ahead[each.claim.id])) if each.claim.id in ahead else each
        for each in leaving
    ]


def _sealed(found: Sequence[Bundle], moment: datetime, *, at: datetime) -> Iterator[SealedPush]:
    for each in found:
        if not isinstance(each.decision, Send) or each.claim.channel != Channel.PUSH:
            continue
        message = message_of(each, at=moment)
        try:
            says, body = push.fingerprint(message), push.seal(message)
        except Undeliverable:
            # It is retired when its turn comes.
            continue
        yield SealedPush(
            patient_id=UUID(each.claim.patient_id),
            clinic_id=UUID(each.claim.clinic_id),
            delivery_due_at=each.claim.due_at,
            delivery_id=UUID(each.claim.id),
            contact_point_id=UUID(each.claim.contact_point_id),
            leaves_at=moment,
            sealed_at=at,
            says=says,
            body=body,
        )
