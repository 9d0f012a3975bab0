"""Lists and details of the content that is fit for a patient, and search through all of it."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from rehab.domain.content_fit import Missing
from rehab.models.reads import content_cards as cards
from rehab.models.reads.content import KEYS, Shelf, hidden_of, shelf
from rehab.models.reads.content_reader import Reader
from rehab.models.reads.content_shapes import (
    ExerciseDetail,
    ExercisePage,
    FoodDetail,
    FoodPage,
    Found,
    GuidanceDetail,
    GuidancePage,
    Named,
    NotRecorded,
    RecipeDetail,
    RecipePage,
    SearchAnswer,
)
from rehab.models.reads.content_words import not_recorded
from rehab.models.reads.cursors import InOrder, opaque

PAGE = 50
LARGEST_PAGE = 200
MOST_FOUND = 20
Page = TypeVar("Page", GuidancePage, FoodPage, RecipePage, ExercisePage)


def guidance_for(
    reader: Reader,
    *,
    topic: str | None = None,
    category: str | None = None,
    skip: int = 0,
    limit: int = PAGE,
) -> GuidancePage:
    """Return guidance in the order of the content, narrowed by topic and category."""
    found = _narrowed(shelf("guidance", reader), topic=topic, category=category)
    return _page(GuidancePage, found, found.visible(), cards.guidance_card, skip, limit)


def foods_for(
    reader: Reader, *, role: str | None = None, skip: int = 0, limit: int = PAGE
) -> FoodPage:
    found = _narrowed(shelf("food", reader), role=role)
    rows = found.visible().prefetch_related("allergens")
    told = cards.taken_together(reader)
    return _page(partial(FoodPage, notices=told), found, rows, cards.food_card, skip, limit)


def recipes_for(reader: Reader, *, skip: int = 0, limit: int = PAGE) -> RecipePage:
    found = shelf("recipe", reader)
    return _page(RecipePage, found, found.visible().with_grounds(), cards.recipe_card, skip, limit)


def exercises_for(
    reader: Reader,
    *,
    modality: str | None = None,
    motion: str | None = None,
    muscle: str | None = None,
    skip: int = 0,
    limit: int = PAGE,
) -> ExercisePage:
    found = _narrowed(shelf("exercise", reader), modality=modality, motion=motion, muscle=muscle)
    return _page(ExercisePage, found, found.visible(), cards.exercise_card, skip, limit)


def guidance_item(reader: Reader, slug: str) -> GuidanceDetail:
    """Return one item with what it shows of the catalogue, that too only as far as it is fit."""
    found = shelf("guidance", reader)
    row = found.one(slug, rows=found.visible().with_grounds())
    return cards.guidance_detail(
        found,
        row,
        exercises=_fit(reader, "exercise", row.exercises.all()),
        recipes=_fit(reader, "recipe", row.recipes.all()) if reader.may("see_diet") else [],
        foods=_fit(reader, "food", row.foods.all()) if reader.may("see_diet") else [],
    )


def food_item(reader: Reader, code: str) -> FoodDetail:
    found = shelf("food", reader)
    return cards.food_detail(found, found.one(code, rows=found.visible().with_grounds()))


def recipe_item(reader: Reader, slug: str) -> RecipeDetail:
    found = shelf("recipe", reader)
    return cards.recipe_detail(found, found.one(slug, rows=found.visible().with_grounds()))


def exercise_item(reader: Reader, slug: str) -> ExerciseDetail:
    found = shelf("exercise", reader)
    return cards.exercise_detail(found, found.one(slug, rows=found.visible().with_grounds()))


def search_for(reader: Reader, typed: str) -> SearchAnswer:
    """Return what holds all typed words, in either language, and is fit; and what was hidden."""
    kinds = [kind for kind in KEYS if reader.may("see_diet") or kind not in ("food", "recipe")]
    results: list[Found] = []
    total, reasons = 0, dict[str, int]()
    for kind in kinds:
        whole = shelf(kind, reader)
        found = Shelf(kind, reader, whole.rows.matching_words(typed), whole.rules)
        results += [cards.found(found, row) for row in found.visible()[:MOST_FOUND]]
        hidden = found.hidden()
        total += hidden.total
        for each in hidden.reasons:
            reasons[each.reason] = reasons.get(each.reason, 0) + each.count
    return SearchAnswer(
        query=typed,
        results=results,
        hidden=hidden_of(total, reasons, reader.language),
        not_recorded=_gaps(reader),
    )


def _narrowed(found: Shelf, **columns: str | None) -> Shelf:
    given = {name: value for name, value in columns.items() if value}
    return Shelf(found.kind, found.reader, found.rows.filter(**given), found.rules)


def _page(
    page: Callable[..., Page],
    found: Shelf,
    rows: Any,
    card: Callable[[Shelf, Any], Any],
    skip: int,
    limit: int,
) -> Page:
    taken = list(rows[skip : skip + limit + 1])
    return page(
        results=[card(found, row) for row in taken[:limit]],
        hidden=found.hidden(),
        not_recorded=_gaps(found.reader),
        next=opaque(InOrder(skip + limit)) if len(taken) > limit else None,
        previous=opaque(InOrder(max(skip - limit, 0))) if skip else None,
    )


def _fit(reader: Reader, kind: str, shown: Iterable[Any]) -> Sequence[Named]:
    """Those of some items of the catalogue that this reader would find in their own list."""
    wanted = [row.pk for row in shown]
    rows = shelf(kind, reader).visible().filter(pk__in=wanted, advice_shown=True) if wanted else ()
    return [Named(code=getattr(row, KEYS[kind]), name=row.names[reader.language]) for row in rows]


def _gaps(reader: Reader) -> list[NotRecorded]:
    """What is not recorded, for whoever may see the diet; the rest learn nothing from it."""
    seen: tuple[Missing, ...] = reader.fit.missing if reader.may("see_diet") else ()
    return not_recorded(seen, reader.language)
