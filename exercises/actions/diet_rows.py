"""What the sheets of food say the tables should hold."""

from collections.abc import Iterator
from typing import Any

from exercises.actions.plain import plain
from exercises.actions.rows import Rows, cited, graded, told
from exercises.actions.wording import worded
from exercises.domain.identity import content_id
from exercises.models import Allergen, Food, Interaction, Recipe, RecipeIngredient, Substance
from exercises.sheets import diet
from exercises.sheets.library import Library


def diet_rows(library: Library) -> Iterator[Rows]:
    yield _allergens(library)
    yield _foods(library)
    yield from _recipes(library)
    yield _substances(library)
    yield _interactions(library)


def _allergens(library: Library) -> Rows:
    rows = Rows(Allergen)
    for code, placed in library.allergens.items():
        values = {
            "names": plain(placed.item.labels),
            "required_by": placed.item.required_by,
            "other_names": plain(placed.item.other_names),
        }
        rows.add(code, values, sections=cited(placed.item.citations))
    return rows


def _foods(library: Library) -> Rows:
    rows = Rows(Food)
    for code, placed in library.foods.items():
        item = placed.item
        rows.add(
            code,
            _food(item),
            allergens=item.allergens,
            not_for=[bar.condition for bar in item.not_for],
            sections=cited(item.citations),
        )
    return rows


def _food(item: diet.Food) -> dict[str, Any]:
    return {
        "names": plain(item.names),
        "other_names": plain(item.other_names),
        "group": item.group,
        "role": item.role,
        "advice": plain(item.advice),
        "caution": plain(item.caution),
        "choking": plain(item.choking),
        "textures": sorted(item.textures),
        **_eaten(item),
        **worded(item, item.names, item.other_names, item.advice, item.caution, item.choking),
    }


def _recipes(library: Library) -> Iterator[Rows]:
    recipes, ingredients = Rows(Recipe), Rows(RecipeIngredient)
    for slug, placed in library.recipes.items():
        item = placed.item
        key = content_id("recipe", slug)
        recipes.add(
            key,
            _recipe(item, library),
            not_for=[bar.condition for bar in item.not_for],
            sections=cited(item.citations),
        )
        for part in item.ingredients:
            values = {
                "recipe_id": key,
                "food_id": part.food,
                "names": plain(library.foods[part.food].item.names),
                "grams": part.grams,
                "note": plain(part.note),
                "optional": part.optional,
                "in_source": part.in_source,
            }
            ingredients.add(content_id("recipe-ingredient", slug, part.food), values)
    yield from (recipes, ingredients)


def _recipe(item: diet.Recipe, library: Library) -> dict[str, Any]:
    foods = [library.foods[part.food].item for part in item.ingredients]
    called = [text for food in foods for text in (food.names, food.other_names)]
    return {
        "slug": item.slug,
        "names": plain(item.names),
        "summary": plain(item.summary),
        "portions": item.portions,
        "minutes": item.minutes,
        "steps": plain(item.steps),
        "texture": item.texture,
        "drink_level": item.drink_level,
        "mixed": item.mixed,
        "protein_grams": item.protein_grams,
        "cautions": plain(item.cautions),
        "drafted": plain(item.drafted),
        **_eaten(item),
        **worded(item, item.names, item.summary, item.cautions, *called),
    }


def _eaten(item: diet.Food | diet.Recipe) -> dict[str, Any]:
    return {
        "not_for_because": {bar.condition: plain(bar.because) for bar in item.not_for},
        "kidney_caution": plain(item.kidney_caution),
        "drugs_caution": list(item.drugs_caution),
        **told(item),
        **graded(item),
    }


def _substances(library: Library) -> Rows:
    rows = Rows(Substance)
    for code, placed in library.substances.items():
        item = placed.item
        values = {
            "names": plain(item.labels),
            "kind": item.kind,
            "group": item.group or "",
            "other_names": plain(item.other_names),
        }
        rows.add(code, values)
    return rows


def _interactions(library: Library) -> Rows:
    rows = Rows(Interaction)
    for code, placed in library.interactions.items():
        item = placed.item
        values = {
            "names": plain(item.texts),
            "one": item.one,
            "other": item.other,
            "severity": item.severity,
            "owner": item.owner,
        }
        rows.add(code, values, sections=cited(item.citations))
    return rows
