"""Who cares for whom, in what role, with what rights, from when to when."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.domain.roles import Role, Scope
from patients.models.absence import Absence
from patients.models.patient import OfPatient, Patient
from patients.models.querysets import PatientKeyedQuerySet
from patients.models.user import User

# As which somebody is asked to help; who answers a flag on duty is nobody's choice.
ROLES = [
    (Role.CAREGIVER.value, _("caregiver")),
    (Role.AIDE.value, _("aide")),
    (Role.GUARDIAN.value, _("guardian")),
    (Role.CLINICIAN.value, _("clinician")),
]
ALL_ROLES = [*ROLES, (Role.DUTY.value, _("on duty"))]
SCOPES = [
    (Scope.SEE_SESSIONS.value, _("see sessions")),
    (Scope.LOG_SESSIONS.value, _("log sessions")),
    (Scope.SEE_CONDITIONS.value, _("see conditions")),
    (Scope.SEE_DIET.value, _("see diet")),
    (Scope.RECEIVE_ALERTS.value, _("receive alerts")),
    (Scope.MANAGE.value, _("manage who helps")),
]


class CareRelationshipQuerySet(PatientKeyedQuerySet):
    def running(self, at: datetime) -> Self:
        """Relationships that hold at a moment."""
        return self.filter(starts_at__lte=at).filter(
            models.Q(ended_at__isnull=True) | models.Q(ended_at__gt=at)
        )

    def with_scope(self, scope: str) -> Self:
        return self.filter(scopes__contains=[scope])

    def visible_under(self, authority, *, scope=None, at):  # type: ignore[no-untyped-def]
        """Who helps a patient is for those who manage it; one's own relationships always show."""
        of_managed = super().visible_under(authority, scope=scope, at=at)
        return of_managed | self.filter(user_id=authority.user_id)

    scope_to_see: ClassVar[str] = "manage"


class CareRelationship(OfPatient):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="care_relationships", db_constraint=False
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="care_relationships")
    role = models.CharField(_("role"), max_length=12, choices=ALL_ROLES)
    scopes = ArrayField(models.TextField(choices=SCOPES), verbose_name=_("rights"))
    starts_at = models.DateTimeField(_("starts"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    # Held only in place of somebody who is away.
    absence = models.ForeignKey(
        Absence, on_delete=models.PROTECT, related_name="relationships", null=True, blank=True
    )

    objects = CareRelationshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("care relationship")
        verbose_name_plural = _("care relationships")
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["user", "patient"], name="carerelationship_user_patient")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]),
                name="carerelationship_role_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=[scope.value for scope in Scope])
                & models.Q(scopes__len__gt=0),
                name="carerelationship_scopes_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="carerelationship_ended_at_with_ended_by",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("starts_at")),
                name="carerelationship_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["patient", "user"],
                condition=models.Q(ended_at__isnull=True),
                name="carerelationship_one_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.patient_id}"
