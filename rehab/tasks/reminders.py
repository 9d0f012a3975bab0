"""Doors for beat and workers: each calls one action and is harmless when it runs twice."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from patients.access.walls import within_every_clinic
from rehab.actions import delivery, on_time, recording, rising
from rehab.models.departure import oldest_note_at
from rehab.models.outbox import count_due, due_soon

DRAIN_EXPIRES_SECONDS = 60
SETTLE_EXPIRES_SECONDS = 5
MOST_DRAINS_A_TICK = 200
# Each process takes what it can; so many asked for are enough that none stands idle.
ROWS_FOR_A_PROCESS = 1_000
MOST_PROCESSES = 64


@shared_task(ignore_result=True)
def tick() -> int:
    """Ask for as many drains as the due deliveries fill, and for somebody to settle old notes.

    Where many are due at one moment soon, ask to make them ready for it. The messages carry no more
    than that moment, and expire.
    """
    now = timezone.now()
    rising.tend_flags(at=now)
    with within_every_clinic():
        due = count_due(at=now)
        soon = due_soon(at=now, until=now + on_time.AHEAD_AT_MOST, many=on_time.MANY)
        noted_at = oldest_note_at()
    drains = min(-(-due // delivery.BATCH), MOST_DRAINS_A_TICK)
    for _ in range(drains):
        drain.apply_async(expires=DRAIN_EXPIRES_SECONDS)
    if noted_at and noted_at < now - recording.LEFT_BEHIND_AFTER:
        settle.apply_async(expires=SETTLE_EXPIRES_SECONDS)
    for moment, many in soon:
        if moment - now <= on_time.ahead(many):
            for _ in range(min(-(-many // ROWS_FOR_A_PROCESS), MOST_PROCESSES)):
                send_on_time.apply_async([moment.isoformat()], expires=moment)
    return drains


@shared_task(ignore_result=True)
def drain() -> None:
    delivery.drain(at=timezone.now())


@shared_task(ignore_result=True)
def send_on_time(moment: str) -> None:
    on_time.send_on_time(datetime.fromisoformat(moment), at=timezone.now())


@shared_task(ignore_result=True)
def settle() -> None:
    """Finish what somebody noted who did not live to finish it."""
    recording.settle_all(noted_before=timezone.now() - recording.LEFT_BEHIND_AFTER)
