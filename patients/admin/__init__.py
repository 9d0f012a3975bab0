"""The admin shows accounts and clinics to operators, and changes little."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from patients.models import Clinic, User, UserSession


class LookOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """What an action must change, because it is judged and audited there, is only shown here."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(LookOnly):
    list_display = ["name", "email", "phone", "language", "is_active", "created_at"]
    search_fields = ["name", "email", "phone"]
    fields = ["name", "email", "phone", "language", "is_active", "is_staff", "created_at"]


@admin.register(Clinic)
class ClinicAdmin(LookOnly):
    list_display = ["name", "zone", "unattended", "created_at"]
    search_fields = ["name"]


@admin.register(UserSession)
class UserSessionAdmin(LookOnly):
    list_display = ["user", "created_at", "last_seen_at", "expire_date"]
    fields = ["user", "created_at", "last_seen_at", "expire_date"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deleting a session signs a lost device out."""
        return bool(request.user.is_superuser)
