"""What every queryset of a patient-keyed model offers first: `visible_to`."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.utils import timezone

from patients.access.authority import Authority
from patients.access.decisions import through

if TYPE_CHECKING:
    from patients.models.user import User


class PatientKeyedQuerySet(models.QuerySet):
    """Base of the querysets of every model that belongs to a patient, in any app.

    `patient_path` says how the model names its patient; `clinic_id` must stand beside it.
    `scope_to_see` is the scope asked for when the caller names none.
    """

    patient_path: ClassVar[str] = "patient"
    scope_to_see: ClassVar[str] = "see_sessions"

    def visible_to(
        self, user: "User", *, scope: str | None = None, at: datetime | None = None
    ) -> Self:
        """The rows of patients for whom this account holds a scope (one statement more).

        Must run inside the wall of the account's clinics; outside it there are no rows at all.
        """
        from patients.models.authority import authority_of

        moment = at or timezone.now()
        return self.visible_under(authority_of(user, at=moment), scope=scope, at=moment)

    def visible_under(
        self, authority: Authority, *, scope: str | None = None, at: datetime
    ) -> Self:
        """The same, for an authority already at hand (no statement more)."""
        return self.filter(through(self.patient_path, authority, scope or self.scope_to_see, at))
