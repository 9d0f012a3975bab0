"""Send what is due without broker or worker: the same plain function that the workers call."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from patients.access.walls import within_every_clinic
from rehab.actions import delivery, escalation, rising


class Command(BaseCommand):
    help = "Send due reminders and alerts now; works with the broker stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        with within_every_clinic():
            rising.raise_unseen(at=now)
        escalation.escalate(at=now)
        done = delivery.drain(at=now)
        self.stdout.write(
            f"sent {done.sent}, held {done.held}, not sent {done.dropped}, failed {done.failed}"
        )
