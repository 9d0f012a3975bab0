"""What there is to know about something that was eaten or taken, for one body. It happened."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from exercises import reference
from exercises.models import Interaction, Recipe
from rehab.domain.content_fit import Allergy, BodyFacts, fit_of, name_pattern, named_in
from rehab.domain.diet import Caution
from rehab.models.reads.content_reader import (
    body_facts,
    names_of,
    names_of_foods,
    names_of_substances,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eaten:
    """What was eaten or taken: codes of foods, recipes and substances, and plain words."""

    foods: Collection[str] = ()
    recipes: Collection[str] = ()
    substances: Collection[str] = ()
    text: str = ""


def cautions_about(
    patient_id: UUID, eaten: Eaten, *, language: str, tells_conditions: bool
) -> tuple[Caution, ...]:
    """Return the allergies and interactions that something touches, the most serious first.

    Three to five statements. tells_conditions: the reader may know which drugs are taken; for
    anybody else an interaction is said in general words.
    """
    facts = body_facts(patient_id)
    foods = _foods_in(eaten)
    with translation.override(language):
        found = [
            *_allergies(facts, foods, eaten.text, language),
            *_interactions(facts, foods, eaten, language, tells_conditions=tells_conditions),
        ]
    return tuple(found)


def _foods_in(eaten: Eaten) -> set[str]:
    """Codes of foods and of classes of allergen in it, as told and as the words name them."""
    foods = set(eaten.foods) | set(named_in(eaten.text, names_of_foods()) if eaten.text else ())
    if eaten.recipes:
        rows = Recipe.objects.filter(slug__in=eaten.recipes).values_list("foods__code", flat=True)
        foods |= {code for code in rows if code}
    known = reference.foods()
    return foods | {each for code in foods if code in known for each in known[code].allergens}


def _allergies(
    facts: BodyFacts, foods: Collection[str], text: str, language: str
) -> Iterator[Caution]:
    said = " ".join([text, *(name for code in foods for name in names_of(code))]).lower()
    told: set[str] = set()
    for each in facts.allergies:
        name = each.code or each.text
        if name in told or not _touches(each, foods, said):
            continue
        told.add(name)
        words = _(
            "An allergy to %(name)s is recorded, and this has it or may have it. If lips or face"
            " swell or breathing is hard, call emergency services. Tell your clinic."
        )
        label = _label(each, language)
        yield Caution(
            kind="allergen", code=name, severity=each.severity, text=words % {"name": label}
        )


def _touches(allergy: Allergy, foods: Collection[str], said: str) -> bool:
    if allergy.code:
        return allergy.code in foods
    pattern = name_pattern([allergy.text])
    return bool(pattern) and re.search(pattern, said) is not None


def _label(allergy: Allergy, language: str) -> str:
    if allergy.code in reference.allergens():
        return reference.allergens()[allergy.code].labels[language]
    if allergy.code in reference.foods():
        return reference.foods()[allergy.code].names[language]
    return allergy.text


def _interactions(
    facts: BodyFacts,
    foods: Collection[str],
    eaten: Eaten,
    language: str,
    *,
    tells_conditions: bool,
) -> Iterator[Caution]:
    """Whatever of the catalogue stands between this and what the patient takes already."""
    named = set(eaten.substances)
    if eaten.text:
        named |= set(named_in(eaten.text, names_of_substances()))
    here = set(foods) | with_groups(named)
    taken = fit_of(facts).substances
    if not here or not taken:
        return
    for row in Interaction.objects.current().naming(here).in_order():
        if not _between(row, here, taken):
            continue
        text = (
            row.names[language]
            if tells_conditions
            else _("This can change how a medicine works. Tell the clinic.")
        )
        yield Caution(kind="interaction", code=row.pk, severity=row.severity, text=text)


def _between(row: Interaction, here: Collection[str], taken: Collection[str]) -> bool:
    return (row.one in here and row.other in taken) or (row.other in here and row.one in taken)


def with_groups(codes: Collection[str]) -> set[str]:
    known = reference.substances()
    groups = (known[code].group for code in codes if code in known)
    return {*codes, *(group for group in groups if group)}


def codes_named(text: str) -> Sequence[str]:
    """Return the substances of the catalogue that typed words name."""
    return named_in(text, names_of_substances()) if text else ()
