"""The fixed words of short messages. They name nobody, no illness and no exercise."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext, ngettext


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    body: str


@lru_cache(maxsize=256)
def words(wording: str, language: str, count: int) -> Words:
    """Return title and body for wording `due`, `alert`, `note` or `test` in a language."""
    with translation.override(language):
        match wording:
            case "alert":
                return Words(
                    gettext("Please look at this now"),
                    gettext("Something that was recorded needs a person to look at it."),
                )
            case "note":
                return Words(gettext("A note for you"), gettext("Open it to read what it says."))
            case "test":
                return Words(gettext("This is a test"), gettext("Reminders can reach you here."))
            case _:
                return Words(gettext("It is time"), _due(count))


def _due(count: int) -> str:
    return ngettext(
        "One thing on today's list is due now.",
        "%(n)s things on today's list are due now.",
        count,
    ) % {"n": count}
