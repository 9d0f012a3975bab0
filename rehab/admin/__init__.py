"""The admin shows operators what did not leave and what cannot be computed."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from rehab.actions.dead_letters import operators_wall, retry_deliveries
from rehab.models.operations import DeadLetter, UncomputedPlan


class _OfTheQueue(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list behind the operators' wall; nothing in it is added, changed or deleted here."""

    list_display_links = None
    list_select_related = ["clinic"]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with operators_wall(request.user):  # type: ignore[arg-type]
            response = super().changelist_view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            return response

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(DeadLetter)
class DeadLetterAdmin(_OfTheQueue):
    list_display = ["due_at", "finished_at", "clinic", "channel", "urgent", "attempts", "reason"]
    list_filter = ["channel", "urgent", "clinic"]
    actions = ["retry"]

    @admin.action(description=gettext_lazy("Try again now"), permissions=["view"])
    def retry(self, request: HttpRequest, chosen: "QuerySet[DeadLetter]") -> None:
        revived = retry_deliveries(
            by=request.user,  # type: ignore[arg-type]
            at=timezone.now(),
            delivery_ids=[each.pk for each in chosen],
        )
        said = ngettext(
            "%(count)s message is due again.", "%(count)s messages are due again.", revived
        )
        self.message_user(request, said % {"count": revived}, messages.SUCCESS)


@admin.register(UncomputedPlan)
class UncomputedPlanAdmin(_OfTheQueue):
    list_display = ["id", "clinic", "uncomputed_since", "uncomputed_why", "uncomputed_retry_at"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[UncomputedPlan]":
        return UncomputedPlan.objects.waiting()
