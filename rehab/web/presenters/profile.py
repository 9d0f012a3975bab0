"""The clinical profile laid out: gates, nerve by muscle, own values, what was shown to whom."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BoundField

from exercises import reference
from rehab import rules
from rehab.models import ClinicalProfile
from rehab.models.reads.interactions import Notice
from rehab.web.forms.profile import BASELINES, ProfileForm, teachable
from rehab.web.forms.profile_conditions import recorded
from rehab.web.presenters import words
from rehab.web.presenters.patient import revision
from rehab.web.viewing import Viewer


@dataclass(frozen=True, slots=True)
class TaughtRow:
    motion: str
    to: BoundField
    by: BoundField
    on: BoundField


@dataclass(frozen=True, slots=True)
class ConditionRow:
    condition: str
    since: BoundField
    limbs: BoundField


@dataclass(frozen=True, slots=True)
class AllergyRow:
    what: BoundField
    severity: BoundField


@dataclass(frozen=True, slots=True)
class ProfileSheet:
    revision: str
    gates: Sequence[BoundField]
    muscles: Sequence[BoundField]
    baselines: Sequence[BoundField]
    taught: Sequence[TaughtRow]
    barred: Sequence[BoundField]
    conditions: Sequence[ConditionRow]
    allergens: Sequence[BoundField]
    allergies: Sequence[AllergyRow]
    taken: Sequence[BoundField]
    notices: Sequence[str]


def profile_sheet(
    form: ProfileForm, profile: ClinicalProfile, viewer: Viewer, notices: Sequence[Notice]
) -> ProfileSheet:
    """notices: what is said about the things that this person takes together."""
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
        conditions=[
            ConditionRow(
                reference.conditions()[code].labels[viewer.language],
                form[f"since-{code}"],
                form[f"limbs-{code}"],
            )
            for code in recorded(profile)
        ],
        allergens=[form[f"allergen-{code}"] for code in reference.allergens()],
        allergies=[
            AllergyRow(form[name], form[name.replace("allergy-", "severity-")])
            for name in form.fields
            if name.startswith("allergy-")
        ],
        taken=[form[f"taken-{kind}"] for kind in words.SUBSTANCES],
        notices=[each.texts[viewer.language] for each in notices],
    )
