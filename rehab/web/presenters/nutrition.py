"""The nutrition plan laid out for whoever types it: who set it, on which weight, and what."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BoundField
from django.utils.translation import gettext as _

from rehab.models.reads.nutrition import NutritionPlanView
from rehab.web.forms.nutrition import NutritionForm
from rehab.web.presenters import clock


@dataclass(frozen=True, slots=True)
class SupplementRow:
    what: BoundField
    amount: BoundField


@dataclass(frozen=True, slots=True)
class NutritionSheet:
    """confirming: unusual values that are asked about; sending them again confirms them."""

    versions: Sequence[str]
    supplements: Sequence[SupplementRow]
    confirming: str


def nutrition_sheet(
    form: NutritionForm, present: NutritionPlanView, confirming: str
) -> NutritionSheet:
    return NutritionSheet(
        versions=[
            _("Version %(number)s: set by %(who)s on %(when)s")
            % {"number": each.number, "who": each.set_by, "when": clock.day(each.set_on)}
            for each in present.versions
        ],
        supplements=[
            SupplementRow(form[f"supplement-{place}"], form[f"amount-{place}"])
            for place in form.rows
        ],
        confirming=confirming,
    )
