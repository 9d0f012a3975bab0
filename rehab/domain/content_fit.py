"""What content is fit for one body: facts of the clinical profile become limits for a query.

Unknown is a value of its own and never read as "none": unknown allergies hold back what contains
an allergen, and an unknown swallowing level hides every recipe where swallowing may be affected.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

KIDNEY = ("unknown", "normal", "reduced", "severe", "dialysis")
SEVERITIES = ("unknown", "mild", "moderate", "severe", "anaphylaxis")
KIDNEY_DISEASE = "chronic_kidney_disease"
REGULAR_FOOD = 7
THINNEST_FOOD = 3
"""IDDSI food level 3 (liquidised) flows as drink level 3 (moderately thick) does."""


class Reason(StrEnum):
    """Why something is hidden. `allergy` is followed by the class: "allergy:peanut"."""

    ALLERGY = "allergy"
    ALLERGIES_UNKNOWN = "allergies_unknown"
    SWALLOWING_UNKNOWN = "swallowing_unknown"
    SWALLOWING_LEVEL = "swallowing_level"
    KIDNEY = "kidney"
    DRUG = "drug"
    CONDITION = "condition"
    BARRED = "barred"
    CONFLICT = "conflict"
    NOT_SIGNED = "not_signed"
    PROFILE = "profile"
    """What somebody who may not see diagnoses reads in place of kidney, drug and condition."""


_SAYS_ALLERGY_ZH = re.compile(r"^\s*对(?=.+(过敏|不耐受))|(严重)?(过敏|不耐受)(史|症|反应|体质)?")
_SAYS_ALLERGY_EN = re.compile(
    r"\b((severe|severely|mild|known|food|an?|the|to|of|from)\b(?!\s*$)"
    r"|allerg(y|ies|ic)|intoleran(ce|t)|anaphyla(xis|ctic)|sensitiv(e|ity)|reactions?)\b",
    re.IGNORECASE,
)
_ABOUT_A_DIAGNOSIS = frozenset({Reason.KIDNEY, Reason.DRUG, Reason.CONDITION, Reason.BARRED})
_ABOUT_EATING = frozenset(
    {
        Reason.ALLERGY,
        Reason.ALLERGIES_UNKNOWN,
        Reason.SWALLOWING_UNKNOWN,
        Reason.SWALLOWING_LEVEL,
    }
)


class Missing(StrEnum):
    """What nobody has recorded yet, and why a reader is told so."""

    ALLERGIES = "allergies"
    ALLERGY_WORDS = "allergy_words"
    """An allergy in words that the catalogue does not know: nothing but its name is looked for."""
    SWALLOWING = "swallowing"
    KIDNEY = "kidney"
    DRUGS = "drugs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy:
    """One recorded allergy: a class or a food by its code, or in the words that were typed."""

    code: str = ""
    text: str = ""
    severity: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFacts:
    """What is recorded of one body, as it stands in the profile and in the nutrition plan.

    allergies_known, drugs_known, mixed_textures: yes | no | unknown.
    food_levels: IDDSI 3-7; drink_levels: IDDSI 0-4, as profile and nutrition plan give them.
    drugs: substance codes. drug_groups: substance code -> group.
    swallowing_conditions: codes of conditions with which swallowing may be affected.
    """

    conditions: Collection[str] = ()
    allergies_known: str = "unknown"
    allergies: Sequence[Allergy] = ()
    food_levels: Sequence[int] = ()
    drink_levels: Sequence[int] = ()
    mixed_textures: str = "unknown"
    kidney: str = "unknown"
    drugs_known: str = "unknown"
    drugs: Collection[str] = ()
    drug_groups: Mapping[str, str] = field(default_factory=dict)
    innervation: Mapping[str, str] = field(default_factory=dict)
    barred: Collection[str] = ()
    swallowing_conditions: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What a query may show to this body.

    allergens: codes of classes or foods. allergy_words: typed allergies, matched by name.
    food_level: the softest texture ordered; None: not known. drink_level: the thickest ordered.
    hides_all_recipes: no recipe is safe before somebody has set the swallowing level.
    """

    conditions: frozenset[str]
    allergens: frozenset[str]
    allergy_words: tuple[str, ...]
    allergies_unknown: bool
    food_level: int | None
    drink_level: int | None
    mixed_textures: bool
    swallowing_at_risk: bool
    kidney_disease: bool
    substances: frozenset[str]
    denervated: frozenset[str]
    intact: frozenset[str]
    barred: frozenset[str]
    missing: tuple[Missing, ...]

    @property
    def hides_all_recipes(self) -> bool:
        return self.swallowing_at_risk and self.food_level is None

    @property
    def hides_mixed(self) -> bool:
        """Thin liquid with pieces in it is for regular food, or where it was allowed by name."""
        return (
            self.food_level is not None
            and self.food_level < REGULAR_FOOD
            and not self.mixed_textures
        )

    @property
    def hides_drinks_of_unknown_level(self) -> bool:
        return self.swallowing_at_risk and self.drink_level is None


def fit_of(facts: BodyFacts) -> Fit:
    """Return what may be shown; where two orders differ the safer one holds."""
    conditions = frozenset(facts.conditions)
    kidney_disease = facts.kidney not in ("unknown", "normal") or KIDNEY_DISEASE in conditions
    if kidney_disease:
        conditions |= {KIDNEY_DISEASE}
    return Fit(
        conditions=conditions,
        allergens=frozenset(each.code for each in facts.allergies if each.code),
        allergy_words=tuple(each.text for each in facts.allergies if each.text.strip()),
        allergies_unknown=not allergies_recorded(facts),
        food_level=min(facts.food_levels, default=None),
        drink_level=max(facts.drink_levels, default=None),
        mixed_textures=facts.mixed_textures == "yes",
        swallowing_at_risk=not conditions.isdisjoint(facts.swallowing_conditions),
        kidney_disease=kidney_disease,
        substances=_with_groups(facts.drugs, facts.drug_groups),
        denervated=_muscles(facts.innervation, "denervated"),
        intact=_muscles(facts.innervation, "intact"),
        barred=frozenset(facts.barred),
        missing=tuple(_missing(facts)),
    )


def allergies_recorded(facts: BodyFacts) -> bool:
    """Tell whether somebody said "none", or said which."""
    if facts.allergies_known == "no":
        return True
    return facts.allergies_known == "yes" and bool(facts.allergies)


def reason_as_seen(reason: str, scopes: Collection[str]) -> str | None:
    """Return a reason as somebody with these scopes may read it; None: not at all.

    Who may not see the diet reads no allergy, who may not see diagnoses reads only "profile".
    """
    kind = Reason(reason.partition(":")[0])
    if kind in _ABOUT_EATING and "see_diet" not in scopes:
        return None
    if kind in _ABOUT_A_DIAGNOSIS and "see_conditions" not in scopes:
        return Reason.PROFILE
    return reason


def name_pattern(words: Iterable[str]) -> str:
    """Return a regular expression that finds these names in a text of either language; "" if none.

    English names are found whole, also in the plural: "egg" is in "two eggs", not in "eggplant".
    A Chinese name of one character is left out, because it is part of too many other words.
    """
    found = {each for word in words if (each := _pattern(word.strip().lower()))}
    return "|".join(sorted(found, key=lambda each: (-len(each), each)))


def named_in(text: str, names: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the codes whose names stand in typed words; a longer name hides what is in it.

    "Peanut butter" names peanut, and not the milk that "butter" names.
    """
    said = text.strip().lower()
    if same := [code for code, words in names.items() if said in map(str.lower, words)]:
        return same
    found = [
        (match.start(), match.end(), code)
        for code, words in names.items()
        if (pattern := name_pattern(words))
        for match in re.finditer(pattern, said)
    ]
    return list(dict.fromkeys(code for at, end, code in found if not _within(at, end, found)))


def pieces(text: str) -> list[str]:
    """Return what was typed as one list, piece by piece: "egg, soy、milk" is three."""
    return [
        piece.strip()
        for piece in re.split(r"[,，、;；/\n&]|\band\b|\bor\b|以及|还有|和(?!牛)", text)
        if piece.strip()
    ]


def bare_allergy(text: str) -> str:
    """Return a typed allergy without the words that only say that it is one; never "".

    "虾过敏" is 虾, "severe nut allergy" is nut, "allergic to mangoes (rash)" is mangoes.
    """
    said = re.sub(r"[(（][^)）]*[)）]", " ", text)
    said = _SAYS_ALLERGY_EN.sub(" ", _SAYS_ALLERGY_ZH.sub(" ", said))
    return " ".join(said.split()) or text.strip()


def _within(at: int, end: int, found: Iterable[tuple[int, int, str]]) -> bool:
    return any(a <= at and end <= b and b - a > end - at for a, b, _code in found)


def _pattern(word: str) -> str:
    if not word:
        return ""
    if word.isascii():
        return rf"(?<![a-z]){re.escape(word)}(e?s)?(?![a-z])" if len(word) > 2 else ""
    return re.escape(word) if len(word) > 1 else ""


def _with_groups(drugs: Collection[str], groups: Mapping[str, str]) -> frozenset[str]:
    return frozenset(drugs) | {groups[each] for each in drugs if groups.get(each)}


def _muscles(innervation: Mapping[str, str], status: str) -> frozenset[str]:
    return frozenset(muscle for muscle, found in innervation.items() if found == status)


def _missing(facts: BodyFacts) -> Iterable[Missing]:
    if not allergies_recorded(facts):
        yield Missing.ALLERGIES
    if any(each.text for each in facts.allergies):
        yield Missing.ALLERGY_WORDS
    if not facts.food_levels:
        yield Missing.SWALLOWING
    if facts.kidney == "unknown":
        yield Missing.KIDNEY
    if facts.drugs_known == "unknown":
        yield Missing.DRUGS
