"""The catalogue as it is fit for one patient: filtered in the query, and what was hidden said."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from patients.domain.errors import Invalid
from rehab.api.asking import SignedIn, language_of, limit_in, page_address, seeing
from rehab.api.documents import CURSOR, LANG, LIMIT, in_query
from rehab.api.hot import HotView, answer
from rehab.models.reads import content_lists as lists
from rehab.models.reads.content import HiddenForPatient
from rehab.models.reads.content_reader import Reader, reader_of
from rehab.models.reads.content_shapes import (
    ExerciseDetail,
    ExercisePage,
    FoodDetail,
    FoodPage,
    GuidanceDetail,
    GuidancePage,
    RecipeDetail,
    RecipePage,
    SearchAnswer,
)
from rehab.models.reads.cursors import InOrder, place_in

LONGEST_QUERY = 200
Page = TypeVar("Page", GuidancePage, FoodPage, RecipePage, ExercisePage)


@contextmanager
def reading(
    request: SignedIn, patient_id: UUID, *, kind: str, scope: str = "see_sessions"
) -> Iterator[Reader]:
    """Read content for one patient: 404 not visible, 403 without the scope.

    Asking for what is hidden is noted in the audit, too: it is refused after the commit.
    """
    at, language = timezone.now(), language_of(request)
    hidden: HiddenForPatient | None = None
    with seeing(request, patient_id, at=at, kind=kind, scope=scope) as authority:
        try:
            yield reader_of(authority, at=at, language=language)
        except HiddenForPatient as error:
            hidden = error
    if hidden is not None:
        raise hidden


class Recipes(HotView):
    @extend_schema(
        operation_id="patient_recipes",
        parameters=[CURSOR, LIMIT, LANG],
        responses=RecipePage,
        tags=["content"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Recipes that the clinic has signed and that fit this body (scope `see_diet`)."""
        skip, limit = _place(request)
        with reading(request, patient_id, kind="recipes", scope="see_diet") as reader:
            page = lists.recipes_for(reader, skip=skip, limit=limit)
        return answer(_linked(request, page))


class OneRecipe(HotView):
    @extend_schema(
        operation_id="patient_recipe", parameters=[LANG], responses=RecipeDetail, tags=["content"]
    )
    def get(self, request: SignedIn, patient_id: UUID, slug: str) -> HttpResponse:
        """One recipe; 404 `hidden_for_this_patient` with `reasons` when it is hidden."""
        with reading(request, patient_id, kind="recipes", scope="see_diet") as reader:
            return answer(lists.recipe_item(reader, slug))


class Foods(HotView):
    @extend_schema(
        operation_id="patient_foods",
        parameters=[
            CURSOR,
            LIMIT,
            in_query("role", OpenApiTypes.STR, "do, avoid or ingredient."),
            LANG,
        ],
        responses=FoodPage,
        tags=["content"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Foods to have and to leave, as far as they fit this body (scope `see_diet`)."""
        skip, limit = _place(request)
        with reading(request, patient_id, kind="foods", scope="see_diet") as reader:
            page = lists.foods_for(reader, role=request.GET.get("role"), skip=skip, limit=limit)
        return answer(_linked(request, page))


class OneFood(HotView):
    @extend_schema(
        operation_id="patient_food", parameters=[LANG], responses=FoodDetail, tags=["content"]
    )
    def get(self, request: SignedIn, patient_id: UUID, slug: str) -> HttpResponse:
        """One food; 404 `hidden_for_this_patient` with `reasons` when it is hidden."""
        with reading(request, patient_id, kind="foods", scope="see_diet") as reader:
            return answer(lists.food_item(reader, slug))


class Exercises(HotView):
    @extend_schema(
        operation_id="patient_exercises",
        parameters=[
            CURSOR,
            LIMIT,
            in_query("modality", OpenApiTypes.STR, "Code of a kind of treatment."),
            in_query("motion", OpenApiTypes.STR, "Code of a motion."),
            in_query("muscle", OpenApiTypes.STR, "Code of a muscle."),
            LANG,
        ],
        responses=ExercisePage,
        tags=["content"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Exercises that are not barred for this body. A plan, not this list, says what to do."""
        skip, limit = _place(request)
        given = {name: request.GET.get(name) for name in ("modality", "motion", "muscle")}
        with reading(request, patient_id, kind="exercises") as reader:
            page = lists.exercises_for(reader, **given, skip=skip, limit=limit)
        return answer(_linked(request, page))


class OneExercise(HotView):
    @extend_schema(
        operation_id="patient_exercise",
        parameters=[LANG],
        responses=ExerciseDetail,
        tags=["content"],
    )
    def get(self, request: SignedIn, patient_id: UUID, slug: str) -> HttpResponse:
        """One exercise; 404 `hidden_for_this_patient` with `reasons` when it is hidden."""
        with reading(request, patient_id, kind="exercises") as reader:
            return answer(lists.exercise_item(reader, slug))


class GuidanceList(HotView):
    @extend_schema(
        operation_id="patient_guidance",
        parameters=[
            CURSOR,
            LIMIT,
            in_query("topic", OpenApiTypes.STR, "Only this topic."),
            in_query("category", OpenApiTypes.STR, "Only this category."),
            LANG,
        ],
        responses=GuidancePage,
        tags=["content"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Guidance for this person; where advice is hidden its caution stays.

        What is about eating is there only with the scope `see_diet`.
        """
        skip, limit = _place(request)
        given = {name: request.GET.get(name) for name in ("topic", "category")}
        with reading(request, patient_id, kind="guidance") as reader:
            page = lists.guidance_for(reader, **given, skip=skip, limit=limit)
        return answer(_linked(request, page))


class OneGuidance(HotView):
    @extend_schema(
        operation_id="patient_guidance_item",
        parameters=[LANG],
        responses=GuidanceDetail,
        tags=["content"],
    )
    def get(self, request: SignedIn, patient_id: UUID, slug: str) -> HttpResponse:
        """One item; 404 `hidden_for_this_patient` with `reasons` when it is hidden whole."""
        with reading(request, patient_id, kind="guidance") as reader:
            return answer(lists.guidance_item(reader, slug))


class Search(HotView):
    @extend_schema(
        operation_id="patient_search",
        parameters=[in_query("q", OpenApiTypes.STR, "Words, in Chinese or English."), LANG],
        responses=SearchAnswer,
        tags=["content"],
    )
    def get(self, request: SignedIn, patient_id: UUID) -> HttpResponse:
        """Everything fit for this patient that holds all the words; and how much was hidden."""
        typed = request.GET.get("q", "").strip()
        if len(typed) > LONGEST_QUERY or "\x00" in typed:
            raise Invalid("Search for fewer words.", field="q", code="too_long")
        with reading(request, patient_id, kind="search") as reader:
            return answer(lists.search_for(reader, typed))


def _place(request: SignedIn) -> tuple[int, int]:
    cursor = request.GET.get("cursor")
    skip = place_in(cursor, InOrder).skip if cursor else 0
    if skip < 0:
        raise Invalid("This cursor was not given out by this list.", field="cursor")
    return skip, limit_in(request, usual=lists.PAGE, most=lists.LARGEST_PAGE)


def _linked(request: SignedIn, page: Page) -> Any:
    return replace(
        page,
        next=page_address(request, page.next),
        previous=page_address(request, page.previous),
    )
