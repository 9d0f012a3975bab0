"""A person whose rehabilitation is followed."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.domain.roles import ANY_SCOPE
from patients.models.clinic import Clinic
from patients.models.querysets import PatientKeyedQuerySet
from patients.models.user import LANGUAGES, User


class PatientQuerySet(PatientKeyedQuerySet):
    patient_path: ClassVar[str] = ""
    scope_to_see: ClassVar[str] = ANY_SCOPE


class Patient(models.Model):
    """`sync_sequence` counts every change a phone must hear of, under this row's lock."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="patients", null=True, blank=True
    )
    name = models.TextField(_("name"))
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    zone = models.TextField(_("time zone"), default="Asia/Shanghai")
    language = models.CharField(_("language"), max_length=7, choices=LANGUAGES, default="zh-Hans")
    record_number = models.TextField(_("record number"), default="", blank=True)
    sync_sequence = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PatientQuerySet.as_manager()

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "clinic"], name="patient_id_clinic"),
            models.UniqueConstraint(
                fields=["clinic", "user"],
                condition=models.Q(user__isnull=False),
                name="patient_one_per_account_and_clinic",
            ),
            models.UniqueConstraint(
                fields=["clinic", "record_number"],
                condition=~models.Q(record_number=""),
                name="patient_record_number_is_unique",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="patient_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(sync_sequence__gte=0), name="patient_sync_sequence_counts_up"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OfPatient(models.Model):
    """Base of every table keyed to a patient.

    Neither key has a constraint of its own: the composite key (patient_id, clinic_id) that
    `ProtectByClinic` adds proves both at once, and costs one look-up where two keys cost two.
    """

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        abstract = True
