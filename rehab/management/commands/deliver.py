"""Send what is due without broker or worker: the same plain function that the workers call."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from rehab.actions.delivery import BATCH, Drained, drain, total
from rehab.actions.recording import settle_all
from rehab.actions.rising import tend_flags


class Command(BaseCommand):
    help = "Send due reminders and alerts now; works with the broker stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        settle_all()
        tend_flags(at=timezone.now())
        done = total(_until_nothing_is_due())
        self.stdout.write(
            f"sent {done.sent}, merged {done.merged}, held {done.held}, "
            f"not sent {done.dropped}, failed {done.failed}"
        )


def _until_nothing_is_due() -> Iterator[Drained]:
    while True:
        done = drain(at=timezone.now())
        yield done
        if done.claimed < BATCH:
            return
