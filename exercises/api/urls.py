"""Addresses of the catalogue; see config/urls.py."""

from django.urls import path

from exercises.api.conditions import ConditionList
from exercises.api.exercises import ExerciseDetail, ExerciseList
from exercises.api.protocols import ProtocolDetail, ProtocolList
from exercises.api.sources import SourceDetail, SourceList

urlpatterns = [
    path("exercises", ExerciseList.as_view(), name="exercise-list"),
    path("exercises/<slug:slug>", ExerciseDetail.as_view(), name="exercise-detail"),
    path("protocols", ProtocolList.as_view(), name="protocol-list"),
    path("protocols/<slug:slug>", ProtocolDetail.as_view(), name="protocol-detail"),
    path("sources", SourceList.as_view(), name="source-list"),
    path("sources/<uuid:id>", SourceDetail.as_view(), name="source-detail"),
    path("conditions", ConditionList.as_view(), name="condition-list"),
]
