"""What a rule says, ready to be read: in one language, with the clinic's name filled in."""

from collections.abc import Mapping

from rehab.domain.safety import phrase
from rehab.models.reads.names import LANGUAGES, Text
from rehab.rules import known, notices


def text_of(rule: str | None, kind: str, language: str, values: Mapping[str, object]) -> str:
    """Return what a rule says (`text`, `instead` or `call`) in one language.

    Empty for no rule, and for one that a later release has taken out of the book.
    """
    found = known().get(rule or "")
    return "" if found is None else phrase(getattr(found, kind), language, values)


def both_texts(rule: str | None, kind: str, values: Mapping[str, object]) -> Text:
    return {language: text_of(rule, kind, language, values) for language in LANGUAGES}


def notice(code: str, language: str, values: Mapping[str, object]) -> str:
    return phrase(notices()[code], language, values)
