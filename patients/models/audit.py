"""Who did or read what, and when. Rows are added by actions and never change."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models.clinic import Clinic
from patients.models.patient import Patient
from patients.models.querysets import PatientKeyedQuerySet
from patients.models.user import User


class AuditEventQuerySet(PatientKeyedQuerySet):
    scope_to_see: ClassVar[str] = "manage"


class AuditEvent(models.Model):
    """One row of the audit, partitioned by time. `detail` holds codes and ids, nothing personal.

    The keys have no constraints of their own: rows outlive the account that acted.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    clinic = models.ForeignKey(
        Clinic, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False,
        db_index=False, null=True, blank=True,
    )  # fmt: skip
    actor = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False,
        null=True, blank=True,
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=60)
    at = models.DateTimeField(_("when"))
    target_kind = models.CharField(max_length=40, default="", blank=True)
    target_id = models.UUIDField(null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["patient", "-at", "-id"], name="auditevent_patient_at"),
            models.Index(fields=["clinic", "-at", "-id"], name="auditevent_clinic_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
