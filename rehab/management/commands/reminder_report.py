"""What became of the messages of the last hours, as a table. Nothing in it is a patient's."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from patients.access.walls import within_every_clinic
from rehab.models.reads.queue import fates, lateness, queue_state


class Command(BaseCommand):
    help = "Print what became of reminders and alerts: sent, held back and why, lost, how late."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hours", type=int, default=24, help="that were due in the last hours")

    def handle(self, *, hours: int, **options: Any) -> None:
        now = timezone.now()
        since = now - timedelta(hours=hours)
        with within_every_clinic():
            state = queue_state(now)
            rows = fates(since=since, until=now)
            late = lateness(since=since, until=now)
        if hours > 24 * settings.MESSAGES_KEEP_DAYS:
            self.stdout.write(f"older than {settings.MESSAGES_KEEP_DAYS} days: not kept\n")
        self.stdout.write(f"due in the last {hours} h, to {now:%Y-%m-%d %H:%M} UTC\n")
        self._table(("channel", "kind", "outcome", "reason", "many"), rows)
        self.stdout.write("")
        self._table(("channel", "sent", "late p50 s", "p99 s", "most s"), late)
        self.stdout.write(
            f"\nwaiting {state.due}, the oldest for {state.oldest.total_seconds():.0f} s;"
            f" given up in a week {state.dead}"
        )
        for level, (many, age) in sorted(state.unseen.items()):
            oldest = f"the oldest {age / 3600:.1f} h"
            self.stdout.write(f"not yet seen by anyone: {many} {level}, {oldest}")

    def _table(self, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        lines = [heads, *[[str(cell) for cell in row] for row in rows]]
        widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
