"""Make partitions ahead and forget old messages: what beat does every few hours, now."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from rehab.actions.storage import tend_tables


class Command(BaseCommand):
    help = "Make partitions for the coming months, and delete messages older than is kept."

    def handle(self, **options: Any) -> None:
        keep = timedelta(days=settings.MESSAGES_KEEP_DAYS)
        done = tend_tables(at=timezone.now(), keep=keep)
        for name in done.made:
            self.stdout.write(f"made {name}")
        for name in done.dropped:
            self.stdout.write(f"dropped {name}")
        self.stdout.write(f"deleted {done.deliveries} deliveries and {done.reminders} reminders")
