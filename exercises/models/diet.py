"""Food and dishes: what is in them, who must not have them, and at which texture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from exercises.models.audience import Audience, Told, ToldQuerySet
from exercises.models.content import Content, ContentQuerySet, Graded, one_of, ordered
from exercises.models.source import SourceSection
from exercises.models.terms import Condition, Term
from exercises.models.words import Searched, SearchedQuerySet, WithoutWords


class Allergen(Term):
    """A class of allergen; `required_by` is the rule that makes a label name it."""

    required_by = models.CharField(max_length=20)
    other_names = models.JSONField()
    sections = models.ManyToManyField(SourceSection, related_name="allergens")

    objects = ContentQuerySet.as_manager()


class Role(models.TextChoices):
    """What the document's list says of a food; `ingredient`: only a recipe uses it."""

    DO = "do"
    AVOID = "avoid"
    INGREDIENT = "ingredient"


class Eaten(Content, Graded, Told, Searched):
    """What foods and recipes have in common. `not_for_because`: condition code -> the reason
    that is shown instead of the advice. `drugs_caution`: codes of substances or their groups."""

    not_for = models.ManyToManyField(Condition, related_name="barred_%(class)ss")
    not_for_because = models.JSONField(default=dict, blank=True)
    kidney_caution = models.JSONField(null=True, blank=True)
    drugs_caution = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    sections = models.ManyToManyField(SourceSection, related_name="%(class)ss")

    class Meta:
        abstract = True


class FoodQuerySet(ToldQuerySet["Food"], SearchedQuerySet["Food"]):
    kind = "food"
    ref = "code"

    def without_allergens(self, codes: Iterable[str]) -> Self:
        """Leave out foods that hold one of these allergens."""
        through = Food.allergens.through.objects
        return self.exclude(
            pk__in=through.filter(allergen__in=list(codes)).order_by().values("food")
        )

    def at_texture(self, level: int) -> Self:
        """Foods that can be served at this IDDSI level, as the recipes here prepare them."""
        return self.filter(textures__contains=[level])

    def with_grounds(self) -> Self:
        """With allergens, conditions they are not for, and sources, in order."""
        return self.prefetch_related(
            ordered("allergens", Allergen.objects.all()),
            ordered("not_for", Condition.objects.all()),
            ordered("sections", SourceSection.objects.select_related("source")),
        )


class Food(Eaten):
    """`textures`: IDDSI food levels at which it can be served; `choking`: why it is a
    high-risk food, null when it is not."""

    code = models.CharField(max_length=60, primary_key=True)
    other_names = models.JSONField()
    group = models.CharField(max_length=20)
    role = models.CharField(max_length=10, choices=Role)
    advice = models.JSONField(null=True, blank=True)
    caution = models.JSONField(null=True, blank=True)
    choking = models.JSONField(null=True, blank=True)
    allergens = models.ManyToManyField(Allergen, related_name="foods")
    textures = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)

    objects = WithoutWords.from_queryset(FoodQuerySet)()

    class Meta:
        indexes = [GinIndex(fields=["search"], name="food_by_words")]
        constraints = [
            one_of("role", Role, "food_has_a_role"),
            one_of("advice_audience", Audience, "food_advice_has_an_audience"),
            one_of("caution_audience", Audience, "food_caution_has_an_audience"),
            one_of("evidence_kind", Graded.EvidenceKind, "food_has_a_kind_of_evidence"),
        ]


class RecipeQuerySet(ToldQuerySet["Recipe"], SearchedQuerySet["Recipe"]):
    kind = "recipe"
    ref = "slug"

    def without_allergens(self, codes: Iterable[str]) -> Self:
        """Leave out dishes of which any ingredient, also an optional one, holds an allergen."""
        holding = Food.allergens.through.objects.filter(allergen__in=list(codes)).values("food")
        found = RecipeIngredient.objects.as_of().filter(food__in=holding)
        return self.exclude(pk__in=found.order_by().values("recipe"))

    def at_texture(self, level: int) -> Self:
        """Dishes that are soft enough for this IDDSI food level, when made as written."""
        return self.filter(texture__lte=level)

    def not_mixed(self) -> Self:
        """Leave out thin liquid with pieces in it."""
        return self.filter(mixed=False)

    def with_grounds(self) -> Self:
        """With ingredients (as `current_ingredients`), their foods' allergens, and sources."""
        ingredients = RecipeIngredient.objects.as_of().select_related("food")
        return self.prefetch_related(
            ordered("ingredients", ingredients, to_attr="current_ingredients"),
            ordered("current_ingredients__food__allergens", Allergen.objects.all()),
            ordered("not_for", Condition.objects.all()),
            ordered("sections", SourceSection.objects.select_related("source")),
        )


class Recipe(Eaten):
    """A dish. The document gives its name only: amounts, steps, texture and portion are our
    draft (`drafted` says so), and patients see it once a clinic's practitioner has signed it."""

    id = models.UUIDField(primary_key=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    summary = models.JSONField()
    portions = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    steps = models.JSONField()
    texture = models.PositiveSmallIntegerField()
    drink_level = models.PositiveSmallIntegerField(null=True, blank=True)
    mixed = models.BooleanField()
    protein_grams = models.FloatField(null=True, blank=True)
    cautions = models.JSONField(default=list, blank=True)
    drafted = models.JSONField()
    foods = models.ManyToManyField(Food, through="RecipeIngredient", related_name="recipes")

    objects = WithoutWords.from_queryset(RecipeQuerySet)()
    # Filled by `with_grounds()`.
    current_ingredients: list[RecipeIngredient]

    class Meta:
        indexes = [GinIndex(fields=["search"], name="recipe_by_words")]
        constraints = [
            models.CheckConstraint(
                condition=Q(texture__range=(3, 7)), name="recipe_texture_is_an_iddsi_food_level"
            ),
            one_of("advice_audience", Audience, "recipe_advice_has_an_audience"),
            one_of("caution_audience", Audience, "recipe_caution_has_an_audience"),
            one_of("evidence_kind", Graded.EvidenceKind, "recipe_has_a_kind_of_evidence"),
        ]

    @property
    def allergens(self) -> list[Allergen]:
        """Those of its foods, in order; needs `with_grounds()`."""
        foods = (ingredient.food for ingredient in self.current_ingredients)
        found = {allergen for food in foods for allergen in food.allergens.all()}
        return sorted(found, key=lambda allergen: allergen.position)


class IngredientQuerySet(ContentQuerySet["RecipeIngredient"]):
    def as_of(self) -> Self:
        """Current ingredients; of a withdrawn recipe, those that it had to the end."""
        gone_together = Q(withdrawn_at=models.F("recipe__withdrawn_at"))
        return self.filter(Q(withdrawn_at__isnull=True) | gone_together)


class RecipeIngredient(Content):
    """`grams` is null for "to taste"; `in_source`: does the document name it?"""

    id = models.UUIDField(primary_key=True, editable=False)
    recipe = models.ForeignKey(Recipe, on_delete=models.PROTECT, related_name="ingredients")
    food = models.ForeignKey(Food, on_delete=models.PROTECT, related_name="uses")
    grams = models.FloatField(null=True, blank=True)
    note = models.JSONField(null=True, blank=True)
    optional = models.BooleanField(default=False)
    in_source = models.BooleanField()

    objects = IngredientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipe", "food"], name="food_once_in_a_recipe"),
        ]
