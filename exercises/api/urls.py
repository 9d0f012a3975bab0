"""Addresses of the catalogue; see config/urls.py."""

from django.urls import path

from exercises.api.clashes import ConflictList, InteractionList, TimeWindowList
from exercises.api.conditions import ConditionList
from exercises.api.diet import FoodDetail, FoodList, RecipeDetail, RecipeList
from exercises.api.drawings import ExerciseDrawing
from exercises.api.exercises import ExerciseDetail, ExerciseList
from exercises.api.guidance import GuidanceDetail, GuidanceList
from exercises.api.instruments import InstrumentDetail, InstrumentList
from exercises.api.protocols import ProtocolDetail, ProtocolList
from exercises.api.sources import SourceDetail, SourceList

urlpatterns = [
    path("exercises", ExerciseList.as_view(), name="exercise-list"),
    path("exercises/<slug:slug>", ExerciseDetail.as_view(), name="exercise-detail"),
    path("exercises/<slug:slug>/drawing.svg", ExerciseDrawing.as_view(), name="exercise-drawing"),
    path("protocols", ProtocolList.as_view(), name="protocol-list"),
    path("protocols/<slug:slug>", ProtocolDetail.as_view(), name="protocol-detail"),
    path("sources", SourceList.as_view(), name="source-list"),
    path("sources/<uuid:id>", SourceDetail.as_view(), name="source-detail"),
    path("conditions", ConditionList.as_view(), name="condition-list"),
    path("guidance", GuidanceList.as_view(), name="guidance-list"),
    path("guidance/<slug:slug>", GuidanceDetail.as_view(), name="guidance-detail"),
    path("foods", FoodList.as_view(), name="food-list"),
    path("foods/<slug:slug>", FoodDetail.as_view(), name="food-detail"),
    path("recipes", RecipeList.as_view(), name="recipe-list"),
    path("recipes/<slug:slug>", RecipeDetail.as_view(), name="recipe-detail"),
    path("instruments", InstrumentList.as_view(), name="instrument-list"),
    path("instruments/<slug:slug>", InstrumentDetail.as_view(), name="instrument-detail"),
    path("conflicts", ConflictList.as_view(), name="conflict-list"),
    path("interactions", InteractionList.as_view(), name="interaction-list"),
    path("time-windows", TimeWindowList.as_view(), name="time-window-list"),
]
