"""GET /foods and /recipes, and one of each."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers

from exercises.api.languages import LANG, InOneLanguage, Text, Texts, ToldText
from exercises.api.pages import InOrder
from exercises.api.permissions import PractitionersOnly
from exercises.api.shared import (
    CatalogueEvidence,
    CatalogueSourceSection,
    Names,
    NotFor,
    OneOf,
    Reviewed,
    Told,
)
from exercises.models import Food, Recipe
from exercises.models.audience import Audience
from exercises.models.diet import FoodQuerySet, RecipeQuerySet, Role


class DietQuery(serializers.Serializer[Any]):
    q = serializers.CharField(
        required=False, help_text="Words to be found, in Chinese or English, other names too."
    )
    without_allergens = serializers.CharField(
        required=False, help_text="Codes of allergens, with commas between them."
    )
    texture = serializers.IntegerField(
        min_value=3, max_value=7, required=False, help_text="IDDSI food level of the eater."
    )


class FoodQuery(DietQuery):
    role = serializers.ChoiceField(choices=Role.values, required=False)


class CatalogueFood(Told, Reviewed):
    code = serializers.CharField()
    name = Text(source="names")
    other_names = serializers.SerializerMethodField()
    group = serializers.CharField()
    role = OneOf(Role.values, help_text="`do` and `avoid`: on the document's lists.")
    advice = ToldText("advice", "advice_audience")
    caution = ToldText("caution", "caution_audience")
    choking = Text(allow_null=True, help_text="Why it is a high-risk food; null: it is not.")
    allergens = Names("code")
    textures = serializers.ListField(
        child=serializers.IntegerField(), help_text="IDDSI food levels; empty for drinks."
    )

    def get_other_names(self, food: Food) -> list[str]:
        return food.other_names[self.context["language"]]


class Eaten(serializers.Serializer[Any]):
    """Cautions that depend on the eater."""

    not_for = NotFor()
    kidney_caution = Text(allow_null=True)
    drugs_caution = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of substances or their groups."
    )
    evidence = CatalogueEvidence(source="*")
    sources = CatalogueSourceSection(source="sections", many=True)


class CatalogueFoodDetail(CatalogueFood, Eaten):
    pass


class CatalogueRecipe(Told, Reviewed):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = Text(source="names")
    summary = Text()
    portions = serializers.IntegerField()
    minutes = serializers.IntegerField()
    texture = serializers.IntegerField(help_text="IDDSI food level when made as written.")
    drink_level = serializers.IntegerField(allow_null=True)
    mixed = serializers.BooleanField(help_text="Thin liquid with pieces in it.")
    protein_grams = serializers.FloatField(allow_null=True)
    allergens = serializers.SerializerMethodField(help_text="Those of its foods.")
    drafted = Text(help_text="What of it is our draft and not from the document.")

    def get_allergens(self, recipe: Recipe) -> list[str]:
        return [allergen.code for allergen in recipe.allergens]


class RecipeIngredientOut(serializers.Serializer[Any]):
    food = serializers.CharField(source="food_id")
    name = Text(source="food.names")
    grams = serializers.FloatField(allow_null=True, help_text="null: to taste.")
    note = Text(allow_null=True)
    optional = serializers.BooleanField()
    in_source = serializers.BooleanField(help_text="Does the document name it?")


class CatalogueRecipeDetail(CatalogueRecipe, Eaten):
    ingredients = RecipeIngredientOut(source="current_ingredients", many=True)
    steps = Texts()
    cautions = Texts()


class FoodList(InOneLanguage, generics.ListAPIView[Food]):
    permission_classes = [PractitionersOnly]
    pagination_class = InOrder
    serializer_class = CatalogueFood

    @extend_schema(
        operation_id="foods_list",
        tags=["catalogue"],
        parameters=[LANG, FoodQuery],
        responses=CatalogueFood(many=True),
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Foods of the documents' lists and of the recipes."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> FoodQuerySet:
        given = _asked(FoodQuery, self.request)
        foods = Food.objects.current().shown_to(Audience.CLINICIAN).with_conflicts()
        foods = foods.filter(role=given["role"]) if "role" in given else foods
        foods = foods.at_texture(given["texture"]) if "texture" in given else foods
        return _narrowed(foods, given).with_grounds()


class FoodDetail(InOneLanguage, generics.RetrieveAPIView[Food]):
    permission_classes = [PractitionersOnly]
    lookup_field, lookup_url_kwarg = "code", "slug"
    serializer_class = CatalogueFoodDetail

    @extend_schema(
        operation_id="foods_read",
        tags=["catalogue"],
        parameters=[LANG],
        responses=CatalogueFoodDetail,
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """One food, also when it has been withdrawn."""
        return self.retrieve(request, *args, **kwargs)

    def get_queryset(self) -> FoodQuerySet:
        return Food.objects.shown_to(Audience.CLINICIAN).with_conflicts().with_grounds()


class RecipeList(InOneLanguage, generics.ListAPIView[Recipe]):
    permission_classes = [PractitionersOnly]
    pagination_class = InOrder
    serializer_class = CatalogueRecipe

    @extend_schema(
        operation_id="recipes_list",
        tags=["catalogue"],
        parameters=[LANG, DietQuery],
        responses=CatalogueRecipe(many=True),
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Dishes with the allergens of their ingredients; our drafts until somebody signs."""
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> RecipeQuerySet:
        given = _asked(DietQuery, self.request)
        recipes = Recipe.objects.current().shown_to(Audience.CLINICIAN).with_conflicts()
        recipes = recipes.at_texture(given["texture"]) if "texture" in given else recipes
        return _narrowed(recipes, given).with_grounds()


class RecipeDetail(InOneLanguage, generics.RetrieveAPIView[Recipe]):
    permission_classes = [PractitionersOnly]
    lookup_field = "slug"
    serializer_class = CatalogueRecipeDetail

    @extend_schema(
        operation_id="recipes_read",
        tags=["catalogue"],
        parameters=[LANG],
        responses=CatalogueRecipeDetail,
    )
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """One dish with ingredients and steps, also when it has been withdrawn."""
        return self.retrieve(request, *args, **kwargs)

    def get_queryset(self) -> RecipeQuerySet:
        return Recipe.objects.shown_to(Audience.CLINICIAN).with_conflicts().with_grounds()


def _asked(query: type[DietQuery], request: Any) -> dict[str, Any]:
    asked = query(data=request.query_params)
    asked.is_valid(raise_exception=True)
    return asked.validated_data


def _narrowed(items: Any, given: dict[str, Any]) -> Any:
    if "without_allergens" in given:
        codes = [code.strip() for code in given["without_allergens"].split(",")]
        items = items.without_allergens(codes)
    return items.matching_words(given["q"]) if "q" in given else items
