"""The only way to an account: an invitation, opened once with its code."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.domain.roles import Scope
from patients.models.clinic import Clinic
from patients.models.patient import OfPatient, Patient
from patients.models.querysets import PatientKeyedQuerySet
from patients.models.relationship import ROLES
from patients.models.user import LANGUAGES, User

# Besides the roles of a relationship: the patient's own account, and a post in the clinic.
INVITED_AS = [
    *ROLES,
    ("patient", _("patient")),
    ("practitioner", _("practitioner")),
    ("coordinator", _("coordinator")),
]


class InvitationCode(models.Model):
    """Tells which clinic a code belongs to, before anybody has signed in.

    Not behind the wall and says nothing about anybody: the invitation itself is behind it.
    """

    code_hash = models.CharField(primary_key=True, max_length=64)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("invitation code")
        verbose_name_plural = _("invitation codes")

    def __str__(self) -> str:
        return f"of clinic {self.clinic_id}"


class InvitationQuerySet(PatientKeyedQuerySet):
    scope_to_see: ClassVar[str] = "manage"

    def open_at(self, at: datetime) -> Self:
        """Invitations that can still be accepted."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)


class Invitation(OfPatient):
    """Someone asked to become a patient's helper, the patient's own account, or staff."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="invitations", db_constraint=False,
        null=True, blank=True,
    )  # fmt: skip
    invited_as = models.CharField(_("invited as"), max_length=12, choices=INVITED_AS)
    scopes = ArrayField(models.TextField(), default=list, blank=True)
    # Empty both: the code is handed over on paper, and the person types their own address.
    email = models.EmailField(_("e-mail"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=16, null=True, blank=True)
    name = models.TextField(_("name"), default="", blank=True)
    title = models.TextField(_("title"), default="", blank=True)
    language = models.CharField(_("language"), max_length=7, choices=LANGUAGES, default="zh-Hans")
    code_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(invited_as__in=[code for code, _label in INVITED_AS]),
                name="invitation_role_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(invited_as__in=["practitioner", "coordinator"], patient=None)
                | (
                    ~models.Q(invited_as__in=["practitioner", "coordinator"])
                    & models.Q(patient__isnull=False)
                ),
                name="invitation_has_a_patient_unless_staff",
            ),
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=[scope.value for scope in Scope]),
                name="invitation_scopes_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_at_with_accepted_by",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="invitation_accepted_or_revoked",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="invitation_expires_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invited_as} {self.created_at:%Y-%m-%d}"
