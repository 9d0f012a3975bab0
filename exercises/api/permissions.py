"""Who may read the bare catalogue."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class PractitionersOnly(BasePermission):
    """Anybody with a running post. Patients and caregivers read content through their patient,
    where it is filtered for them."""

    message = _("Only practitioners read the whole catalogue.")

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        return bool(user and user.is_authenticated and user.practises(at=timezone.now()))
