"""When one address fails, or its device stays silent, the same person is told at the next one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from patients.domain.roles import Channel
from patients.models.contact import ContactPoint
from rehab.models.next_address import Following, follow
from rehab.models.outbox import Finish

# A device that got a reminder says so; one that says nothing may be off or lost. Of an alert the
# answer that counts is a person's, on whatever channel.
CONFIRMS = frozenset({Channel.PUSH})
SILENT_FOR = timedelta(minutes=10)
ALERT_SILENT_FOR = timedelta(minutes=3)
GAVE_UP = "gave_up"
RETIRED = "contact_retired"


class Untold(NamedTuple):
    """What became of a claim, and at which other addresses its recipient can be reached."""

    finish: Finish
    others: tuple[str, ...] = ()


def tell_elsewhere(told: Sequence[Untold], *, at: datetime) -> None:
    """Write the delivery to the next address for whatever failed or needs to be confirmed."""
    following = [
        Following(each.finish.claim, each.others, known_at + delay, known_at)
        for each in told
        if (delay := _delay(each)) is not None
        for known_at in [each.finish.known_at or at]
    ]
    if following:
        follow(following)


def retire(finishes: Sequence[Finish], *, at: datetime) -> None:
    """Retire the addresses that will never work; their owners see it in the app."""
    dead: Mapping[tuple[str, datetime], list[str]] = defaultdict(list)
    for each in finishes:
        if each.outcome == "failed" and not each.reason.startswith(GAVE_UP):
            dead[each.reason, each.known_at or at].append(each.claim.contact_point_id)
    for reason, moment in sorted(dead):
        points = ContactPoint.objects.filter(pk__in=dead[reason, moment], retired_at__isnull=True)
        locked = list(points.order_by("pk").select_for_update().values_list("pk", flat=True))
        ContactPoint.objects.filter(pk__in=locked).update(retired_at=moment, retired_reason=reason)


def _delay(told: Untold) -> timedelta | None:
    """Return after how long the next address is told; None: not at all."""
    finish = told.finish
    if not told.others or finish.next_at is not None:
        return None
    if finish.outcome == "failed" or finish.reason == RETIRED:
        return timedelta()
    if finish.outcome != "sent":
        return None
    if finish.claim.urgent:
        return ALERT_SILENT_FOR
    return SILENT_FOR if finish.claim.channel in CONFIRMS else None
