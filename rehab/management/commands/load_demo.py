"""Load the demo clinic once; afterwards only see to it that its accounts open with the password."""

import os
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from patients.models import Clinic
from rehab.actions.plans import complete_plan
from rehab.management.demo.eating import order_texture, sign_recipes
from rehab.management.demo.history import HABITS, tell
from rehab.management.demo.people import ACCOUNTS, CLINIC, make_people, set_passwords
from rehab.management.demo.programmes import assign

SEED = 20261019
WEEKS = 4


class Command(BaseCommand):
    help = "Load a demo clinic with accounts and weeks of history. DEMO_PASSWORD is their password."

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("DEMO_PASSWORD")
        if not password:
            raise CommandError(
                "Set DEMO_PASSWORD to the password that the demo accounts shall have."
            )
        if not Clinic.objects.filter(pk=CLINIC).exists():
            with transaction.atomic():
                self._load(now=timezone.now())
        set_passwords(password)
        self.stdout.write(f"demo clinic: {', '.join(ACCOUNTS)}")

    def _load(self, *, now: datetime) -> None:
        """Write everything in one transaction: half a demo clinic is none."""
        began = now - timedelta(weeks=WEEKS)
        demo = make_people(since=began - timedelta(days=1))
        sign_recipes(demo, at=began)
        for key in HABITS:
            self.stdout.write(f"  {demo.patients[key].name}")
            plan = assign(demo, key, at=began)
            tell(demo, key, plan, until=now - timedelta(hours=1), random=_dice(key))
            if key == "patient":
                # The newcomer assigns the next plan: that is the main job.
                complete_plan(
                    by=demo.clinician,
                    at=now,
                    plan_id=plan.pk,
                    reason="第一阶段结束 first phase done",
                )
        order_texture(demo, at=now)


def _dice(key: str) -> Random:
    """Return the generator of one patient's history: the same weeks at every load."""
    return Random(f"{SEED}/{key}")  # noqa: S311 - it makes a story, not a secret
