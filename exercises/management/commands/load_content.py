"""Load the catalogue from its sheets, or only check them."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from exercises.actions.loading import Loaded, load_content
from exercises.sheets.checks import read_sound_library
from exercises.sheets.reading import CONTENT, BrokenContentError


class Command(BaseCommand):
    help = "Check every sheet of the catalogue, then load what changed. Loading twice is harmless."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=CONTENT, help="where the sheets are")
        parser.add_argument("--check", action="store_true", help="check only, write nothing")

    def handle(self, *, folder: Path, check: bool, **options: Any) -> None:
        try:
            if check:
                read_sound_library(folder)
                self.stdout.write("The sheets are sound.")
            else:
                loaded = load_content(by="manage.py load_content", at=timezone.now(), root=folder)
                self._report(loaded, names=options["verbosity"] > 1)
        except BrokenContentError as broken:
            raise CommandError(f"Nothing was loaded.\n{broken}") from broken

    def _report(self, loaded: Loaded, *, names: bool) -> None:
        for label in ("added", "changed", "withdrawn"):
            items = getattr(loaded.changes, label)
            self.stdout.write(f"{label}: {len(items)}")
            for item in items if names else ():
                self.stdout.write(f"  {item}")
        self.stdout.write(f"content version {loaded.version}")
