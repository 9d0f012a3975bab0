"""Bring the translations up to date and compile them: `make messages`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import translation


class Command(BaseCommand):
    help = "Collect messages, update config/locale, compile it. Fails while one is untranslated."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, only tell")

    def handle(self, *, check: bool, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        collected = translation.collect(root)
        missing = False
        for language in translation.LANGUAGES:
            catalog = translation.update(root, language, collected)
            if not check:
                self._write(root, language, catalog)
            for message in translation.untranslated(catalog):
                missing = True
                self.stderr.write(f"{language}: {message!r}")
        if missing:
            raise CommandError("Some messages are not translated yet.")

    def _write(self, root: Path, language: str, catalog: Any) -> None:
        translation.po_path(root, language).parent.mkdir(parents=True, exist_ok=True)
        translation.po_path(root, language).write_bytes(translation.as_po(catalog))
        # Read back, so that the compiled file is made of what is written and of nothing else.
        translation.mo_path(root, language).write_bytes(
            translation.as_mo(translation.read(root, language))
        )
