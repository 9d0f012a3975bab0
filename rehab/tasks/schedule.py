"""Keeping what is due stored 48 hours ahead."""

from celery import shared_task
from django.utils import timezone

from patients.access.walls import within_every_clinic
from rehab.actions import gate_watch, schedule, silence


@shared_task(ignore_result=True)
def materialise() -> int:
    """Extend every running plan, in batches that each hold their locks only briefly.

    Before that, what an expired override let pass stands still, and the silent are asked after.
    """
    with within_every_clinic():
        gate_watch.expire_overrides(at=timezone.now())
        silence.ask_after_the_silent(at=timezone.now())
    extended = 0
    while True:
        with within_every_clinic():
            batch = schedule.materialise(at=timezone.now())
        extended += batch
        if batch == 0:
            return extended
