"""Asking about what an entry names that is on the allergy list: gloves, a cream, a food."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from exercises import reference
from patients.domain.errors import FieldError
from rehab.actions.judging import Verdict
from rehab.domain.content_fit import Allergy, name_pattern, named_in
from rehab.domain.session_entry import SessionEntry
from rehab.models.reads.content_reader import body_facts, names_of_foods

ON_THE_LIST = "on_allergy_list"
TEXTS = ("note", "device")


def with_allergies(verdict: Verdict, entry: SessionEntry, patient_id: UUID) -> Verdict:
    """Return the verdict, asking too about words that name an allergy of this patient.

    It happened, so it is asked about and stored, never refused. Without words no statement.
    """
    if not any(getattr(entry, field).strip() for field in TEXTS):
        return verdict
    allergies = body_facts(patient_id).allergies
    if not allergies:
        return verdict
    named = [error for field in TEXTS for error in _named(field, getattr(entry, field), allergies)]
    return replace(verdict, unusual=(*verdict.unusual, *named))


def _named(field: str, words: str, allergies: Sequence[Allergy]) -> Iterator[FieldError]:
    codes = _codes_in(words)
    named = [each for each in allergies if _is_named(each, words, codes)]
    if named:
        listed = ", ".join(dict.fromkeys(each.text or each.code for each in named))
        yield FieldError(
            field,
            ON_THE_LIST,
            _("This names something on the allergy list (%(names)s). Is it right?")
            % {"names": listed},
        )


def _codes_in(words: str) -> set[str]:
    foods = reference.foods()
    codes = set(named_in(words, names_of_foods())) if words.strip() else set()
    return codes | {
        allergen for code in codes if code in foods for allergen in foods[code].allergens
    }


def _is_named(allergy: Allergy, words: str, codes: set[str]) -> bool:
    if allergy.code:
        return allergy.code in codes
    pattern = name_pattern([allergy.text])
    return bool(pattern) and re.search(pattern, words.lower()) is not None
