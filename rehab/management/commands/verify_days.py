"""Recount the figures of every day from their rows, and say where the kept ones differ."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from patients.access.walls import within_every_clinic
from rehab.models.figures import Difference, differences, patients_with_days


class Command(BaseCommand):
    help = "Compare the per-day figures with their rows; changes nothing without --repair."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="keep what was counted")

    def handle(self, *args: Any, **options: Any) -> None:
        repair = options["repair"]
        with within_every_clinic():
            patients = patients_with_days()
        found = 0
        for patient_id in patients:
            with within_every_clinic():
                for each in differences(patient_id, repair=repair):
                    found += 1
                    self.stdout.write(_line(each))
        self.stdout.write(f"{len(patients)} patients, {found} differences")
        if found and not repair:
            raise CommandError(
                "The kept figures differ. Run again with --repair to keep the count."
            )


def _line(each: Difference) -> str:
    where = f"patient {each.day.patient_id} series {each.day.series} {each.day.on}"
    return f"{where} version {each.version}: {each.field} {each.kept} should be {each.counted}"
