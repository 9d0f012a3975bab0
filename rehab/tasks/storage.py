"""The door for beat: room for what is to come, and an end to what is over."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from rehab.actions import storage


@shared_task(ignore_result=True)
def tend_tables() -> None:
    keep = timedelta(days=settings.MESSAGES_KEEP_DAYS)
    storage.tend_tables(at=timezone.now(), keep=keep)
