"""The catalogue in the admin: to be looked at. It changes only by its sheets."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from exercises.models import (
    Allergen,
    Condition,
    Conflict,
    ContentVersion,
    Contraindication,
    Exercise,
    Food,
    Guidance,
    Instrument,
    Interaction,
    Modality,
    Precaution,
    Protocol,
    Recipe,
    Source,
    Substance,
    TimeWindow,
)


class ReadOnly(admin.ModelAdmin):
    """Nobody adds, changes or deletes here: the next load would undo it unseen."""

    ordering = ("position",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(Exercise)
class ExerciseAdmin(ReadOnly):
    list_display = ("slug", "modality", "evidence_kind", "last_reviewed", "withdrawn_at")
    list_filter = ("modality", "evidence_kind", "advice_audience", "caution_audience")
    search_fields = ("slug",)


@admin.register(Protocol)
class ProtocolAdmin(ReadOnly):
    list_display = ("slug", "evidence_kind", "last_reviewed", "withdrawn_at")
    search_fields = ("slug",)


@admin.register(Source)
class SourceAdmin(ReadOnly):
    list_display = ("code", "kind", "checked", "withdrawn_at")
    list_filter = ("kind", "checked")
    search_fields = ("code",)


@admin.register(Guidance)
class GuidanceAdmin(ReadOnly):
    list_display = ("slug", "category", "advice_audience", "caution_audience", "last_reviewed")
    list_filter = ("category", "topic", "evidence_kind", "advice_audience", "caution_audience")
    search_fields = ("slug",)


@admin.register(Food)
class FoodAdmin(ReadOnly):
    list_display = ("code", "__str__", "group", "role", "last_reviewed", "withdrawn_at")
    list_filter = ("group", "role", "allergens")
    search_fields = ("code",)


@admin.register(Recipe)
class RecipeAdmin(ReadOnly):
    list_display = ("slug", "texture", "mixed", "last_reviewed", "withdrawn_at")
    list_filter = ("texture", "mixed")
    search_fields = ("slug",)


@admin.register(Instrument)
class InstrumentAdmin(ReadOnly):
    list_display = ("code", "__str__", "entered_by", "last_reviewed", "withdrawn_at")
    search_fields = ("code",)


@admin.register(Conflict)
class ConflictAdmin(ReadOnly):
    list_display = ("code", "__str__", "resolved_on", "withdrawn_at")
    search_fields = ("code",)


@admin.register(
    Allergen,
    Condition,
    Contraindication,
    Interaction,
    Modality,
    Precaution,
    Substance,
    TimeWindow,
)
class TermAdmin(ReadOnly):
    list_display = ("code", "__str__", "withdrawn_at")
    search_fields = ("code",)


@admin.register(ContentVersion)
class ContentVersionAdmin(ReadOnly):
    list_display = ("number", "loaded_at", "loaded_by", "added", "changed", "withdrawn")
    ordering = ("-number",)
