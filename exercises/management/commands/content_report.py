"""What the catalogue covers of the documents it began with."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exercises.sheets.checks import read_sound_library
from exercises.sheets.coverage import coverage, patient_items_without_source, tables, unreviewed
from exercises.sheets.library import Library
from exercises.sheets.reading import CONTENT, BrokenContentError


class Command(BaseCommand):
    help = "Print coverage by document, audience, language, evidence and category as tables."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=CONTENT, help="where the sheets are")

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            library = read_sound_library(folder)
        except BrokenContentError as broken:
            raise CommandError(str(broken)) from broken
        for heading, rows in tables(library):
            self._table(heading, rows)
        self._summary(library)

    def _table(self, heading: str, rows: list[tuple[str, ...]]) -> None:
        widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
        self.stdout.write(f"\n{heading}")
        for first, *cells in rows:
            numbers = "  ".join(
                cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)
            )
            self.stdout.write(f"  {first.ljust(widths[0])}  {numbers}")

    def _summary(self, library: Library) -> None:
        placed = coverage(library)
        waiting, readable = unreviewed(library)
        self.stdout.write("")
        for line in (
            f"{placed.items_placed} of {placed.items} items of the documents have their place",
            f"{placed.addenda_placed} of {placed.addenda} items of the second reading have theirs",
            f"{len(patient_items_without_source(library))} items for patients without a source",
            f"0 of the {len(library.left_behind)} listed errors present",
            f"{len(library.reading)} rows in the second reader's table (see check_passages)",
            f"{len(library.time_windows)} time windows, {len(library.conflicts)} conflicts",
            f"{len(library.interactions)} interactions, {len(library.instruments)} instruments",
            f"{waiting} of {readable} items not yet reviewed by anybody",
        ):
            self.stdout.write(line)
        if not placed.complete:
            raise CommandError("\n".join(map(str, placed.problems)))
