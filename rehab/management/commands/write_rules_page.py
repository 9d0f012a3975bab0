"""Write docs/rules.md from the rule files, or say that it is out of date."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from rehab.management.rules_page import rules_page

PAGE = Path("docs") / "rules.md"


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail if it differs."
        )

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        path, wanted = settings.BASE_DIR / PAGE, rules_page()
        if not check:
            path.write_text(wanted, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != wanted:
            raise CommandError("docs/rules.md is out of date: run manage.py write_rules_page.")
