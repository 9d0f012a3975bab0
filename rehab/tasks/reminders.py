"""Doors for beat and workers: each calls one action and is harmless when it runs twice."""

from celery import shared_task
from django.utils import timezone

from patients.access.walls import within_every_clinic
from rehab.actions import delivery, rising
from rehab.models.outbox import count_due

DRAIN_EXPIRES_SECONDS = 60
MOST_DRAINS_A_TICK = 200


@shared_task(ignore_result=True)
def tick() -> int:
    """Ask for as many drains as the due deliveries fill; the messages carry nothing and expire."""
    now = timezone.now()
    rising.tend_flags(at=now)
    with within_every_clinic():
        due = count_due(at=now)
    drains = min(-(-due // delivery.BATCH), MOST_DRAINS_A_TICK)
    for _ in range(drains):
        drain.apply_async(expires=DRAIN_EXPIRES_SECONDS)
    return drains


@shared_task(ignore_result=True)
def drain() -> None:
    delivery.drain(at=timezone.now())
