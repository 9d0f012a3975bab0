"""Hold the content against the documents it began with, which are not in this repository."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exercises.domain.passages import LONGEST_SHARED, group_digest
from exercises.sheets.checks import read_sound_library
from exercises.sheets.library import read_shelf
from exercises.sheets.reading import CONTENT, BrokenContentError
from exercises.sheets.rereading import (
    Read,
    copied,
    find_documents,
    longest,
    passages,
    unread,
    with_digests,
)


class Command(BaseCommand):
    help = (
        "Check that no passage of the documents in FOLDER was copied, and that every sentence of "
        "their treatment, prevention, assessment and diet parts has a row in reading/."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("documents", type=Path, help="the folder of the documents (*.txt)")
        parser.add_argument("--folder", type=Path, default=CONTENT, help="where the sheets are")
        parser.add_argument(
            "--print", action="store_true", help="print the numbered sentences and check nothing"
        )
        parser.add_argument(
            "--fill", action="store_true", help='fill in digest: "" in reading/, check nothing'
        )
        parser.add_argument("--source", help="print or fill for this document only")

    def handle(self, *, documents: Path, folder: Path, **options: Any) -> None:
        try:
            found = find_documents(documents, read_shelf(folder, "documents"))
            chosen = {
                code: read for code, read in found.items() if options["source"] in {None, code}
            }
            if options["print"]:
                self._print(folder, chosen)
            elif options["fill"]:
                self._fill(folder, chosen)
            else:
                self._check(folder, found)
        except (BrokenContentError, FileNotFoundError, ValueError) as error:
            raise CommandError(str(error)) from error

    def _print(self, folder: Path, found: dict[str, Read]) -> None:
        maps = read_shelf(folder, "documents")
        for code, read in found.items():
            to_read = maps[code].item.sections_to_read
            for section, sentences in read.sections.items():
                must = "must be read" if section in to_read else "may be read"
                self.stdout.write(f"\n{code} {section} ({len(sentences)} sentences, {must})")
                for number, sentence in enumerate(sentences, 1):
                    self.stdout.write(f"{number:4} {group_digest([sentence])} {sentence}")

    def _fill(self, folder: Path, found: dict[str, Read]) -> None:
        rows = read_shelf(folder, "reading")
        for code, read in found.items():
            path = folder / "reading" / f"{code}.yaml"
            if path.exists():
                own = [row for row in rows.values() if row.file == f"reading/{code}.yaml"]
                filled = with_digests(path.read_text(encoding="utf-8"), own, read)
                path.write_text(filled, encoding="utf-8")
                self.stdout.write(f"{path}: {len(own)} rows")

    def _check(self, folder: Path, found: dict[str, Read]) -> None:
        library = read_sound_library(folder)
        known = passages(library, found)
        problems = [
            *(
                f"{each.place}: shares {len(each.run)}: {each.run}"
                for each in copied(library, known)
            ),
            *map(str, unread(library, found)),
        ]
        if problems:
            raise CommandError("\n".join(problems))
        most = longest(library, known)
        self.stdout.write(f"{len(library.reading)} rows cover every sentence that must be read.")
        self.stdout.write(
            f"Longest shared run: {len(most.run)} characters of at most {LONGEST_SHARED} "
            f"({most.place})."
        )
