"""What must agree between foods, recipes, substances and their interactions."""

from collections.abc import Iterator

from exercises.sheets.diet import Recipe
from exercises.sheets.library import Library, Placed
from exercises.sheets.placing import barred_for, known, once
from exercises.sheets.reading import ContentError


def check_diet(library: Library) -> Iterator[ContentError]:
    taken = _substances_and_groups(library)
    for food in library.foods.values():
        yield from known(food, "allergens", food.item.allergens, library.allergens)
        yield from barred_for(food, food.item.not_for, library)
        yield from known(food, "drugs_caution", food.item.drugs_caution, taken)
    for recipe in library.recipes.values():
        yield from barred_for(recipe, recipe.item.not_for, library)
        yield from known(recipe, "drugs_caution", recipe.item.drugs_caution, taken)
        yield from _ingredients(recipe, library)
    for interaction in library.interactions.values():
        item = interaction.item
        sides = {**taken, **library.foods}
        yield from known(interaction, "one", [item.one], sides)
        yield from known(interaction, "other", [item.other], sides)
        if item.one == item.other:
            yield interaction.error("other", "is the same as one")


def _substances_and_groups(library: Library) -> dict[str, object]:
    items = [placed.item for placed in library.substances.values()]
    return dict.fromkeys([*(each.code for each in items), *(each.group or "" for each in items)])


def _ingredients(placed: Placed[Recipe], library: Library) -> Iterator[ContentError]:
    recipe = placed.item
    codes = [part.food for part in recipe.ingredients]
    if not codes:
        yield placed.error("ingredients", "is empty")
    yield from known(placed, "ingredients", codes, library.foods)
    yield from once(placed, "ingredients", codes)
    for code in codes:
        food = library.foods.get(code)
        if food and food.item.textures and recipe.texture not in food.item.textures:
            yield placed.error("texture", f"{code!r} is not served at level {recipe.texture}")
    if recipe.mixed and recipe.texture < 7:
        yield placed.error(
            "mixed", f"thin liquid with pieces is no texture of level {recipe.texture}"
        )
