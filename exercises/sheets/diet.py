"""Structs for food: allergens, foods, recipes, and what does not go together."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from exercises.sheets.catalogue import Audience, Citation, Evidence
from exercises.sheets.guidance import NotFor
from exercises.sheets.terms import Code, Sheet, Slug, Text, Words

IddsiFood = Annotated[int, msgspec.Meta(ge=3, le=7)]
IddsiDrink = Annotated[int, msgspec.Meta(ge=0, le=4)]


class OtherNames(Sheet, frozen=True, kw_only=True, rename={"zh_hans": "zh-Hans"}):
    """Every other word for the same thing: a filter by name must know them all."""

    zh_hans: tuple[Words, ...] = ()
    en: tuple[Words, ...] = ()


class Allergen(Sheet, frozen=True, kw_only=True):
    """A class of allergen. `required_by`: the rule that makes a label name it."""

    code: Code
    labels: Text
    required_by: Literal["GB 7718-2025", "EU 1169/2011"]
    other_names: OtherNames
    citations: tuple[Citation, ...]


class Food(Sheet, frozen=True, kw_only=True):
    """Something to eat or drink.

    `role`: what the document's list says of it, `ingredient` when only a recipe uses it.
    `textures`: IDDSI food levels at which it can be served as recipes here prepare it; empty
    for drinks. `choking`: why it is a high-risk food, null when it is not.
    """

    code: Code
    names: Text
    other_names: OtherNames = OtherNames()
    group: Literal[
        "cereal",
        "soy",
        "legume",
        "nut_seed",
        "vegetable",
        "fruit",
        "meat",
        "organ",
        "fish",
        "shellfish",
        "egg",
        "dairy",
        "fat",
        "sugar",
        "spice",
        "drink",
        "medicinal",
    ]
    role: Literal["do", "avoid", "ingredient"]
    advice: Text | None = None
    caution: Text | None = None
    allergens: tuple[Code, ...] = ()
    textures: tuple[IddsiFood, ...] = ()
    choking: Text | None = None
    not_for: tuple[NotFor, ...] = ()
    kidney_caution: Text | None = None
    drugs_caution: tuple[Code, ...] = ()
    advice_audience: Audience
    caution_audience: Audience
    evidence: Evidence
    citations: tuple[Citation, ...]
    owner: Words
    last_reviewed: dt.date | None
    reviewed_by: Words | None = None


class Ingredient(Sheet, frozen=True, kw_only=True):
    """`grams` is null for "to taste"; `in_source`: does the document name it?"""

    food: Code
    grams: Annotated[float, msgspec.Meta(gt=0, le=5000)] | None
    note: Text | None = None
    optional: bool = False
    in_source: bool


class Recipe(Sheet, frozen=True, kw_only=True):
    """A dish. Its allergens are those of its foods and are never written by hand.

    `texture`: the IDDSI level it has when made as written; `mixed`: thin liquid with pieces.
    The document gives names only: amounts, steps, texture and portion are our draft, and
    the recipe reaches patients only after a clinic's practitioner has signed it.
    """

    slug: Slug
    names: Text
    summary: Text
    portions: Annotated[int, msgspec.Meta(ge=1, le=20)]
    minutes: Annotated[int, msgspec.Meta(ge=1, le=480)]
    ingredients: tuple[Ingredient, ...]
    steps: tuple[Text, ...]
    texture: IddsiFood
    drink_level: IddsiDrink | None = None
    mixed: bool
    protein_grams: float | None = None
    cautions: tuple[Text, ...] = ()
    not_for: tuple[NotFor, ...] = ()
    kidney_caution: Text | None = None
    drugs_caution: tuple[Code, ...] = ()
    drafted: Text
    advice_audience: Audience
    caution_audience: Audience
    evidence: Evidence
    citations: tuple[Citation, ...]
    owner: Words
    last_reviewed: dt.date | None
    reviewed_by: Words | None = None


class Substance(Sheet, frozen=True, kw_only=True):
    """A drug, herb or supplement that a person may take: recorded, never recommended."""

    code: Code
    labels: Text
    kind: Literal["drug", "herb", "supplement"]
    group: Code | None = None
    other_names: OtherNames = OtherNames()


class Interaction(Sheet, frozen=True, kw_only=True):
    """Two things that do not go together: substance codes, substance groups or food codes."""

    code: Code
    one: Code
    other: Code
    severity: Literal["avoid", "ask_first", "know"]
    texts: Text
    citations: tuple[Citation, ...]
    owner: Words
