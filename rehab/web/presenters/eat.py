"""Eat: what was ordered and by whom, dishes, foods to have and to leave."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises import reference
from rehab.models.reads.content_shapes import (
    FoodCard,
    FoodDetail,
    FoodPage,
    GuidancePage,
    IngredientShown,
    Named,
    RecipeCard,
    RecipeDetail,
    RecipePage,
)
from rehab.models.reads.nutrition import NutritionTargets
from rehab.web.presenters import clock, doses
from rehab.web.presenters import content_cards as cards
from rehab.web.presenters.content_cards import editors
from rehab.web.presenters.due_card import Chip
from rehab.web.presenters.learn import TopicLink, gaps, topic_links
from rehab.web.viewing import Viewer, language_now


@dataclass(frozen=True, slots=True)
class FoodsFound:
    good: FoodPage
    avoid: FoodPage


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """What a named person ordered. Empty facts: nothing was ordered of that kind."""

    facts: Sequence[Fact]
    notes: str
    by: str


@dataclass(frozen=True, slots=True)
class DishCard:
    name: str
    url: str
    summary: str
    facts: Sequence[str]
    allergens: str
    marks: Sequence[Chip]


@dataclass(frozen=True, slots=True)
class FoodLine:
    name: str
    url: str
    says: str
    caution: str
    withheld: str
    because: Sequence[str]
    notices: Sequence[str]
    allergens: str
    marks: Sequence[Chip]


@dataclass(frozen=True, slots=True)
class EatPage:
    """hidden: one line of what is hidden and why, a list; not_recorded: what nobody has asked;
    notices: what is said about the things that are taken."""

    hidden: Sequence[str]
    not_recorded: Sequence[str]
    notices: Sequence[str]
    ordered: Ordered | None
    recipes: Sequence[DishCard]
    recipes_hidden: bool
    good: Sequence[FoodLine]
    avoid: Sequence[FoodLine]
    topics: Sequence[TopicLink]
    search_url: str


@dataclass(frozen=True, slots=True)
class IngredientLine:
    name: str
    amount: str
    note: str


@dataclass(frozen=True, slots=True)
class RecipePageShown:
    dish: DishCard
    eat_url: str
    ingredients: Sequence[IngredientLine]
    steps: Sequence[str]
    cautions: Sequence[str]
    facts: Sequence[Fact]
    drafted: str
    proof: cards.Proof
    sources: Sequence[cards.SourceLine]
    editors: str


@dataclass(frozen=True, slots=True)
class FoodPageShown:
    food: FoodLine
    eat_url: str
    facts: Sequence[Fact]
    cautions: Sequence[str]
    proof: cards.Proof
    sources: Sequence[cards.SourceLine]
    editors: str


def eat_page(
    viewer: Viewer,
    *,
    recipes: RecipePage,
    foods: FoodsFound,
    guidance: Sequence[GuidancePage],
    ordered: NutritionTargets | None,
) -> EatPage:
    patient = viewer.patient.pk
    return EatPage(
        hidden=list(_hidden(recipes, foods)),
        not_recorded=gaps(recipes.not_recorded),
        notices=foods.good.notices,
        ordered=ordered_of(ordered) if ordered else None,
        recipes=[_dish(card, viewer) for card in recipes.results],
        recipes_hidden=bool(recipes.hidden.total),
        good=[_food(card, viewer) for card in foods.good.results],
        avoid=[_food(card, viewer) for card in foods.avoid.results],
        topics=topic_links([card for found in guidance for card in found.results], patient),
        search_url=reverse("rehab:learn", args=[patient]),
    )


def _hidden(recipes: RecipePage, foods: FoodsFound) -> Iterator[str]:
    """ "Recipes: 3 hidden: peanut allergy"; nothing for a list of which nothing is hidden."""
    for label, hidden in (
        (_("Recipes"), recipes.hidden),
        (_("Good to eat"), foods.good.hidden),
        (_("Better left out"), foods.avoid.hidden),
    ):
        if hidden.line:
            yield _("%(list)s – %(hidden)s") % {"list": label, "hidden": hidden.line}


def ordered_of(targets: NutritionTargets) -> Ordered:
    who = ", ".join(filter(None, (targets.set_by, targets.set_by_role)))
    return Ordered(
        facts=list(_targets(targets)),
        notes=targets.notes,
        by=_("Set by %(who)s on %(when)s") % {"who": who, "when": clock.day(targets.set_on)},
    )


def _targets(targets: NutritionTargets) -> Iterator[Fact]:
    """Every target that was set; what was not set has no line."""
    for label, value, unit in (
        (_("Energy a day"), targets.energy_kcal, "kcal"),
        (_("Protein a day"), targets.protein_g, "g"),
        (_("Protein a day for each kilogram"), targets.protein_g_per_kg, "g/kg"),
        (_("Drinks a day"), targets.fluids_ml, "ml"),
        (_("Fibre a day"), targets.fibre_g, "g"),
    ):
        if value is not None:
            yield Fact(label, f"{doses.number(value)} {unit}")
    if targets.weight_kg is not None and targets.weighed_on is not None:
        weight = {"kg": doses.number(targets.weight_kg), "day": clock.day(targets.weighed_on)}
        yield Fact(_("Weight that this rests on"), _("%(kg)s kg on %(day)s") % weight)
    if targets.food_level is not None:
        yield Fact(_("Texture of food"), texture(targets.food_level))
    if targets.drink_level is not None:
        yield Fact(_("Thickness of drinks"), thickness(targets.drink_level))
    for each in targets.supplements:
        taken = each.text or _substance(each.code)
        yield Fact(_("Supplement"), " ".join(filter(None, (taken, each.amount))))


def _dish(card: RecipeCard, viewer: Viewer) -> DishCard:
    return DishCard(
        name=card.name,
        url=cards.address_of("recipe", card.slug, viewer.patient.pk),
        summary=card.summary,
        facts=list(_dish_facts(card)),
        allergens=_names(card.allergens),
        marks=cards.marks(card.evidence, card.standing),
    )


def _dish_facts(card: RecipeCard) -> Iterator[str]:
    yield texture(card.texture)
    if card.drink_level is not None:
        yield _("Drink, IDDSI %(level)s") % {"level": card.drink_level}
    if card.mixed:
        yield _("Thin liquid with pieces in it")
    yield ngettext("%(many)s portion", "%(many)s portions", card.portions) % {"many": card.portions}
    yield _("%(minutes)s min") % {"minutes": card.minutes}


def texture(level: int) -> str:
    """An IDDSI food level with its name."""
    names = {
        3: _("liquidised"),
        4: _("puréed"),
        5: _("minced and moist"),
        6: _("soft and bite-sized"),
        7: _("regular"),
    }
    return _("IDDSI %(level)s, %(name)s") % {"level": level, "name": names[level]}


def thickness(level: int) -> str:
    """An IDDSI drink level with its name."""
    names = {
        0: _("thin"),
        1: _("slightly thick"),
        2: _("mildly thick"),
        3: _("moderately thick"),
        4: _("extremely thick"),
    }
    return _("IDDSI %(level)s, %(name)s") % {"level": level, "name": names[level]}


def _substance(code: str) -> str:
    known = reference.substances().get(code)
    return known.labels[language_now()] if known else code


def _names(named: Sequence[Named]) -> str:
    return _(", ").join(each.name for each in named)


def _food(card: FoodCard, viewer: Viewer) -> FoodLine:
    return FoodLine(
        name=card.name,
        url=cards.address_of("food", card.code, viewer.patient.pk),
        says=card.advice or "",
        caution=card.caution or "",
        withheld=cards.withheld_line(card.withheld, viewer.language) if card.advice is None else "",
        because=card.because,
        notices=card.notices,
        allergens=_names(card.allergens),
        marks=cards.marks(card.evidence, card.standing),
    )


def recipe_page(found: RecipeDetail, viewer: Viewer) -> RecipePageShown:
    card = found.card
    facts = [Fact(_("Texture"), texture(card.texture))]
    if card.protein_grams is not None:
        facts.append(
            Fact(_("Protein"), _("%(grams)s g") % {"grams": doses.number(card.protein_grams)})
        )
    return RecipePageShown(
        dish=_dish(card, viewer),
        eat_url=reverse("rehab:eat", args=[viewer.patient.pk]),
        ingredients=[_ingredient(each) for each in found.ingredients],
        steps=found.steps,
        cautions=[*found.cautions, *filter(None, (found.kidney_caution,)), *found.notices],
        facts=facts,
        drafted=card.drafted,
        proof=cards.proof(card.evidence),
        sources=cards.source_lines(found.sources, viewer.patient.pk),
        editors=editors(card.standing),
    )


def _ingredient(each: IngredientShown) -> IngredientLine:
    amount = (
        _("to taste")
        if each.grams is None
        else _("%(grams)s g") % {"grams": doses.number(each.grams)}
    )
    notes = [each.note or "", _("if you like") if each.optional else ""]
    return IngredientLine(each.name, amount, _(", ").join(filter(None, notes)))


def food_page(found: FoodDetail, viewer: Viewer) -> FoodPageShown:
    card = found.card
    cautions = (card.caution, card.choking, card.kidney_caution, *card.notices)
    facts = []
    if card.allergens:
        facts.append(Fact(_("Allergens"), _names(card.allergens)))
    if card.textures:
        levels = ", ".join(str(level) for level in card.textures)
        facts.append(Fact(_("Can be made at IDDSI level"), levels))
    return FoodPageShown(
        food=_food(card, viewer),
        eat_url=reverse("rehab:eat", args=[viewer.patient.pk]),
        facts=facts,
        cautions=[each for each in cautions if each],
        proof=cards.proof(card.evidence),
        sources=cards.source_lines(found.sources, viewer.patient.pk),
        editors=editors(card.standing),
    )
