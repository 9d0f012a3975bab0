"""manage.py open_clinic: the first step of a new installation."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from patients.actions.clinics import open_clinic
from patients.domain.errors import DomainError


class Command(BaseCommand):
    help = "Open a clinic and print the code with which its first coordinator signs up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the clinic is called")
        parser.add_argument("coordinator_email", help="who runs it")
        parser.add_argument("--zone", default="Asia/Shanghai", help="its IANA time zone")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            issued = open_clinic(
                name=options["name"],
                zone=options["zone"],
                coordinator_email=options["coordinator_email"],
                at=timezone.now(),
            )
        except DomainError as error:
            raise CommandError(f"{error.field}: {error.detail}") from None
        address = settings.PUBLIC_URL + reverse("people:accept-invitation")
        self.stdout.write(f"Clinic {issued.invitation.clinic_id} is open.")
        self.stdout.write(f"{options['coordinator_email']} signs up at {address}")
        self.stdout.write(f"with the code {issued.code} before {issued.invitation.expires_at}.")
