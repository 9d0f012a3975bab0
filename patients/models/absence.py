"""A practitioner is away, and somebody stands in."""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models.clinic import Clinic, Practitioner
from patients.models.user import User


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def running(self, at: datetime) -> Self:
        """Absences that hold at a moment."""
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def not_over(self, at: datetime) -> Self:
        """Running ones and those to come, the next first, with the people in them."""
        return (
            self.filter(ends_at__gt=at)
            .select_related("practitioner__user", "deputy__user", "clinic")
            .order_by("starts_at", "id")
        )

    def during(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Absences that share a moment with [starts_at, ends_at)."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Absence(models.Model):
    """[starts_at, ends_at): the deputy has the patients and the alerts. It ends by itself.

    `ended_by` says who ended it before its time; `ends_at` is then that moment.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="absences")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="absences"
    )
    deputy = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="stands_in")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["clinic", "ends_at"], name="absence_clinic_ends")]
        constraints = [
            models.UniqueConstraint(fields=["id", "clinic"], name="absence_id_clinic"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gte=models.F("starts_at")),
                name="absence_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(deputy=models.F("practitioner")),
                name="absence_deputy_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner_id} {self.starts_at:%Y-%m-%d} {self.ends_at:%Y-%m-%d}"
