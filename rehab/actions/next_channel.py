"""When one address fails, or its device stays silent, the same person is told at the next one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from patients.domain.roles import Channel
from patients.models.contact import ContactPoint
from rehab.actions.send_facts import tried_points
from rehab.models import Delivery
from rehab.models.outbox import Claim, Finish

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
    wanted = [(each, delay) for each in told if (delay := _delay(each)) is not None]
    if not wanted:
        return
    tried = tried_points(
        (each.finish.claim.patient_id, each.finish.claim.reminder_id) for each, _ in wanted
    )
    following = [
        (each.finish, point_id, delay)
        for each, delay in wanted
        if (point_id := _untried(each, tried)) is not None
    ]
    named = ContactPoint.objects.filter(pk__in=[point_id for _, point_id, _ in following])
    channels = {str(pk): channel for pk, channel in named.values_list("pk", "channel")}
    Delivery.objects.bulk_create(
        [
            _following(each.claim, point_id, channels[point_id], delay, at=each.known_at or at)
            for each, point_id, delay in following
            # Not one that was deleted since it was looked up.
            if point_id in channels
        ],
        ignore_conflicts=True,
    )


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


def _untried(told: Untold, tried: Mapping[str, set[str]]) -> str | None:
    used = tried.get(told.finish.claim.reminder_id, set())
    return next((each for each in told.others if each not in used), None)


def _following(
    claim: Claim, point_id: str, channel: str, delay: timedelta, *, at: datetime
) -> Delivery:
    next_at = at + delay
    return Delivery(
        patient_id=UUID(claim.patient_id),
        clinic_id=UUID(claim.clinic_id),
        id=uuid5(UUID(claim.id), f"then/{point_id}"),
        due_at=claim.due_at,
        reminder_id=UUID(claim.reminder_id),
        recipient_id=UUID(claim.recipient_id),
        contact_point_id=UUID(point_id),
        channel=channel,
        next_at=next_at,
        wanted_at=next_at,
        urgent=claim.urgent,
        follows=UUID(claim.id),
        created_at=at,
    )
