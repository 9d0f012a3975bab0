"""Doors for beat and workers: each calls one action and is harmless when it runs twice."""

from celery import shared_task
from django.utils import timezone

from patients.access.walls import within_every_clinic
from rehab.actions import delivery, recording, rising
from rehab.models.departure import oldest_note_at
from rehab.models.outbox import count_due

DRAIN_EXPIRES_SECONDS = 60
SETTLE_EXPIRES_SECONDS = 5
MOST_DRAINS_A_TICK = 200


@shared_task(ignore_result=True)
def tick() -> int:
    """Ask for as many drains as the due deliveries fill, and for somebody to settle old notes.

    The messages carry nothing and expire.
    """
    now = timezone.now()
    rising.tend_flags(at=now)
    with within_every_clinic():
        due = count_due(at=now)
        noted_at = oldest_note_at()
    drains = min(-(-due // delivery.BATCH), MOST_DRAINS_A_TICK)
    for _ in range(drains):
        drain.apply_async(expires=DRAIN_EXPIRES_SECONDS)
    if noted_at and noted_at < now - recording.LEFT_BEHIND_AFTER:
        settle.apply_async(expires=SETTLE_EXPIRES_SECONDS)
    return drains


@shared_task(ignore_result=True)
def drain() -> None:
    delivery.drain(at=timezone.now())


@shared_task(ignore_result=True)
def settle() -> None:
    """Finish what somebody noted who did not live to finish it."""
    recording.settle_all(noted_before=timezone.now() - recording.LEFT_BEHIND_AFTER)
