"""Why something of the catalogue cannot be put into a plan: it is named, and the reason said.

Drugs, surgery, cells and what is known from research only are never plan items, by any door.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_noop

from exercises import reference
from exercises.models import Exercise, Food, Guidance, Recipe

Names = Mapping[str, str]

REASONS: Mapping[str, str] = {
    "withdrawn": gettext_noop(
        "“%(name)s” was taken out of the catalogue, so no plan may begin it."
    ),
    "record_only": gettext_noop(
        "“%(name)s” can be recorded when it happened, and cannot be put into a plan."
    ),
    "read_only": gettext_noop("“%(name)s” is there to be read, and cannot be put into a plan."),
    "drug": gettext_noop("“%(name)s” is about a drug. No plan here holds drugs."),
    "surgery": gettext_noop("“%(name)s” is surgery. No plan here holds operations."),
    "research": gettext_noop("“%(name)s” is known from research only, so no plan may hold it."),
    "not_an_exercise": gettext_noop("“%(name)s” is not an exercise, so no plan may hold it."),
}


@dataclass(frozen=True, slots=True)
class NotPlannable:
    """reason: a key of REASONS."""

    reason: str
    names: Names

    @property
    def sentence(self) -> str:
        return REASONS[self.reason]

    @property
    def name(self) -> str:
        return self.names["en" if (get_language() or "").startswith("en") else "zh-Hans"]


def not_plannable(slugs: Collection[str]) -> dict[str, NotPlannable]:
    """Return why each of these that the catalogue knows may not be planned; others are left out.

    `slugs` are no exercises that a plan may use. Four statements, none when there are no slugs.
    """
    if not slugs:
        return {}
    found = dict(_terms(slugs))
    for kind, key in ((Recipe, "slug"), (Food, "code")):
        for row in kind.objects.filter(**{f"{key}__in": slugs}):
            found[getattr(row, key)] = NotPlannable("not_an_exercise", row.names)
    for item in Guidance.objects.filter(slug__in=slugs):
        found[item.slug] = NotPlannable(_of_guidance(item), item.names)
    for exercise in Exercise.objects.filter(slug__in=slugs):
        found[exercise.slug] = NotPlannable(_of_exercise(exercise), exercise.names)
    return found


def _terms(slugs: Collection[str]) -> Iterator[tuple[str, NotPlannable]]:
    for code, each in reference.substances().items():
        if code in slugs:
            reason = "drug" if each.kind == "drug" else "not_an_exercise"
            labels = {language: each.labels[language] for language in each.labels}
            yield code, NotPlannable(reason, labels)


def _of_guidance(item: Guidance) -> str:
    if item.topic == "surgery":
        return "surgery"
    if item.category == "drug_rx" or item.topic == "medicine":
        return "drug"
    if item.category == "research_only" or item.topic == "research":
        return "research"
    return "not_an_exercise"


def _of_exercise(exercise: Exercise) -> str:
    if exercise.withdrawn_at is not None:
        return "withdrawn"
    return "record_only" if exercise.use == "record" else "read_only"
