"""The door for beat: encrypting ahead what many devices get at once."""

from celery import shared_task
from django.utils import timezone

from rehab.actions.sealing_ahead import seal_ahead


@shared_task(ignore_result=True)
def seal() -> int:
    return seal_ahead(at=timezone.now())
