"""What a patient agreed to, one row for each decision. Rows are added, never changed."""

from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.domain.roles import ConsentDecision, Purpose
from patients.models.patient import OfPatient, Patient
from patients.models.querysets import PatientKeyedQuerySet
from patients.models.user import User

PURPOSES = [
    (Purpose.CARE_RECORD.value, _("keep a record of my care")),
    (Purpose.SHARING.value, _("share it with the people who help me")),
    (Purpose.REMINDERS.value, _("send reminders")),
    (Purpose.RESEARCH.value, _("use it for research")),
]
DECISIONS = [
    (ConsentDecision.GRANTED.value, _("granted")),
    (ConsentDecision.WITHDRAWN.value, _("withdrawn")),
]


class ConsentQuerySet(PatientKeyedQuerySet):
    scope_to_see: ClassVar[str] = "manage"

    def standing(self) -> Self:
        """The last decision for each patient and purpose: the one that holds."""
        return self.order_by("patient_id", "purpose", "-at", "-id").distinct(
            "patient_id", "purpose"
        )


class Consent(OfPatient):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="consents", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    purpose = models.CharField(_("purpose"), max_length=20, choices=PURPOSES)
    decision = models.CharField(_("decision"), max_length=10, choices=DECISIONS)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["patient", "purpose", "-at"], name="consent_patient_purpose_at")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=[purpose.value for purpose in Purpose]),
                name="consent_purpose_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(decision__in=[decision.value for decision in ConsentDecision]),
                name="consent_decision_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.decision}"
