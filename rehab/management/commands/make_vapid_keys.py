"""Make the key that web push messages are signed with: `manage.py make_vapid_keys >> .env`."""

from typing import Any

from django.core.management.base import BaseCommand

from rehab.channels.vapid import new_private_key


class Command(BaseCommand):
    help = "Print VAPID_PRIVATE_KEY for the environment. A new key signs out every device."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"VAPID_PRIVATE_KEY={new_private_key()}")
