"""Small pieces of the catalogue for tests of what is fit for whom, beside the real content."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.utils import timezone

from exercises import reference
from exercises.domain.search import index_vector
from exercises.models import (
    Allergen,
    Condition,
    Conflict,
    ConflictSide,
    Exercise,
    Food,
    Guidance,
    Recipe,
)
from exercises.models import RecipeIngredient as Ingredient
from patients.access.walls import within_clinics
from patients.models import Clinic, User
from rehab.models import ContentSignature

POSITION = 9000


def load_terms() -> None:
    """Conditions and allergens of the real content: all that food and guidance point at."""
    if not Allergen.objects.exists():
        Condition.objects.bulk_create(
            Condition(code=code, names=said(each.labels["en"]), kind=each.kind, position=place)
            for place, (code, each) in enumerate(reference.conditions().items())
        )
        Allergen.objects.bulk_create(
            Allergen(
                code=code,
                names=said(each.labels["en"]),
                required_by=each.required_by,
                other_names={},
                position=place,
            )
            for place, (code, each) in enumerate(reference.allergens().items())
        )


def said(text: str, chinese: str = "") -> dict[str, str]:
    return {"en": text, "zh-Hans": chinese or "汉语"}


def graded(**facts: Any) -> dict[str, Any]:
    return {
        "evidence_kind": "none",
        "evidence_detail": said("Nothing was found."),
        "evidence_says": said("Not tested."),
        "owner": "dietitian",
        "advice_audience": "patient",
        "caution_audience": "patient",
        "position": POSITION,
        "digest": uuid4().hex,
        **facts,
    }


def make_food(
    code: str, name: str = "", *, allergens: Sequence[str] = (), chinese: str = "", **facts: Any
) -> Food:
    load_terms()
    names = said(name or code, chinese)
    food = Food.objects.create(
        code=code,
        names=names,
        search=index_vector(names.values()),
        **{
            **graded(),
            "other_names": {"en": [], "zh-Hans": []},
            "group": "vegetable",
            "role": "do",
            "advice": said(f"Have {code}."),
            "textures": [3, 4, 5, 6, 7],
            **facts,
        },
    )
    food.allergens.set(Allergen.objects.filter(code__in=allergens))
    return food


def make_recipe(slug: str, *foods: Food, name: str = "", chinese: str = "", **facts: Any) -> Recipe:
    load_terms()
    names = said(name or slug, chinese)
    recipe = Recipe.objects.create(
        id=uuid4(),
        slug=slug,
        names=names,
        search=index_vector([*names.values(), *(food.names["en"] for food in foods)]),
        **{
            **graded(),
            "advice_audience": "clinician",
            "summary": said("A dish."),
            "portions": 2,
            "minutes": 30,
            "steps": [said("Cook it.")],
            "texture": 4,
            "mixed": False,
            "drafted": said("Amounts are ours."),
            **facts,
        },
    )
    for place, food in enumerate(foods):
        Ingredient.objects.create(
            id=uuid4(), recipe=recipe, food=food, names=food.names, position=place, in_source=False
        )
    return recipe


def make_guidance(slug: str, *, name: str = "", **facts: Any) -> Guidance:
    load_terms()
    names = said(name or slug)
    advice = facts.get("advice") or said("Do it.")
    return Guidance.objects.create(
        id=uuid4(),
        slug=slug,
        names=names,
        search=index_vector([*names.values(), *advice.values()]),
        **{
            **graded(),
            "category": "lifestyle",
            "topic": "daily_life",
            "claim": said("It is said."),
            "advice": advice,
            "place": "home",
            "planned": False,
            **facts,
        },
    )


def make_conflict(kind: str, ref: str) -> Conflict:
    conflict = Conflict.objects.create(
        code=f"clash_{uuid4().hex[:8]}", names=said("Two clash."), owner="dietitian", position=1
    )
    ConflictSide.objects.create(
        id=uuid4(), conflict=conflict, kind=kind, ref=ref, hidden=True, names=said(ref), position=1
    )
    return conflict


def sign(clinic: Clinic, by: User, *items: Food | Recipe | Guidance | Exercise) -> None:
    """This wording of each item is signed for the clinic."""
    with within_clinics([clinic.pk]):
        for item in items:
            ContentSignature.objects.create(
                clinic=clinic,
                kind=item._meta.model_name,
                slug=item.code if isinstance(item, Food) else item.slug,
                digest=item.digest,
                wording=[],
                signed_by=by,
                signed_at=timezone.now(),
            )
