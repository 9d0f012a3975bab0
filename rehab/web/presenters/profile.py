"""The clinical profile laid out: gates, nerve by muscle, own values, what was shown to whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BoundField

from exercises import reference
from rehab import rules
from rehab.models import ClinicalProfile
from rehab.web.forms.profile import BASELINES, ProfileForm, teachable
from rehab.web.presenters.patient import revision
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class TaughtRow:
    motion: str
    to: BoundField
    by: BoundField
    on: BoundField


@dataclass(frozen=True, slots=True)
class ProfileSheet:
    revision: str
    gates: Sequence[BoundField]
    muscles: Sequence[BoundField]
    baselines: Sequence[BoundField]
    taught: Sequence[TaughtRow]
    barred: Sequence[BoundField]


def profile_sheet(form: ProfileForm, profile: ClinicalProfile, viewer: Viewer) -> ProfileSheet:
    return ProfileSheet(
        revision=revision(profile, viewer),
        gates=[form[f"answer-{each.code}"] for each in rules.questions()],
        muscles=[form[f"nerve-{code}"] for code in reference.muscles()],
        baselines=[form[f"base-{code}"] for code in BASELINES],
        taught=[
            TaughtRow(
                reference.motions()[code].labels[viewer.language],
                form[f"taught-{code}-to"],
                form[f"taught-{code}-by"],
                form[f"taught-{code}-on"],
            )
            for code in teachable()
        ],
        barred=[form[f"unbar-{place}"] for place in range(len(profile.barred))],
    )
