"""What whoever reads may know beside the sessions: signs, and words that may tell more than a sign.

One place decides it for the history, its corrections, changes, skips and events alike.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from exercises import reference
from rehab.rules import private_symptoms

SWALLOWING = "swallowing"
# What a person wrote in words of their own.
WORDS = frozenset({"note", "description"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who may see sessions; sees_conditions, sees_diet: and what else.

    Words beside a sign of swallowing may tell what was eaten: they are for who may see diet. Words
    beside news of the body (`private_symptoms`) are for who may see conditions. The sign of
    swallowing itself is told to everybody; that news is not.
    """

    sees_conditions: bool = False
    sees_diet: bool = False

    @classmethod
    def with_scopes(cls, scopes: Collection[str]) -> "Reader":
        return cls(sees_conditions="see_conditions" in scopes, sees_diet="see_diet" in scopes)

    def may_read_words(self, symptoms: Iterable[str]) -> bool:
        """Tell whether the words beside these signs are for this reader."""
        told = list(symptoms)
        private = not self.sees_conditions and not private_symptoms().isdisjoint(told)
        return not private and (self.sees_diet or not is_of_a_meal(told))

    def words(self, words: str, symptoms: Iterable[str]) -> str:
        """Return words that were written beside these signs, or nothing."""
        return words if self.may_read_words(symptoms) else ""

    def signs(self, symptoms: Iterable[str]) -> list[str]:
        """Return the signs that this reader may know of."""
        private = frozenset() if self.sees_conditions else private_symptoms()
        return [code for code in symptoms if code not in private]

    def earlier(self, stored: Any, *, words: bool) -> Any:
        """Return a stored version without what this reader may not know.

        words: may they read what was written beside its signs.
        """
        if isinstance(stored, dict):
            return {
                key: "" if key in WORDS and not words else self.earlier(each, words=words)
                for key, each in stored.items()
            }
        if isinstance(stored, list):
            kept = set(self.signs(each for each in stored if isinstance(each, str)))
            return [
                self.earlier(each, words=words)
                for each in stored
                if not isinstance(each, str) or each in kept
            ]
        return stored


def is_of_a_meal(symptoms: Iterable[str]) -> bool:
    """Tell whether one of these signs is of swallowing."""
    known = reference.symptoms()
    return any(known[code].group == SWALLOWING for code in symptoms if code in known)
