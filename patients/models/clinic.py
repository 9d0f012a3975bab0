"""A clinic and when somebody there answers."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from patients.models.user import User


class ClinicQuerySet(models.QuerySet["Clinic"]):
    def worked_in_by(self, user: "User", at: datetime) -> "ClinicQuerySet":
        """The clinics in which an account holds a running post."""
        posts = Practitioner.objects.running(at).filter(user=user)
        return self.filter(pk__in=posts.order_by().values("clinic")).order_by("name", "id")


class Clinic(models.Model):
    """Nothing crosses from one clinic to another. Not behind the wall: it *is* the wall's name."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.TextField(_("name"))
    zone = models.TextField(_("time zone"), default="Asia/Shanghai")
    # {"mon": [["08:00", "17:30"]], …}, local to `zone`; a day left out is closed.
    hours = models.JSONField(_("opening hours"), default=dict, blank=True)
    holidays = ArrayField(models.DateField(), verbose_name=_("holidays"), default=list, blank=True)
    emergency_number = models.TextField(_("emergency number"), default="120")
    phone = models.TextField(_("phone"), default="", blank=True)
    last_resort_contact = models.TextField(_("last-resort contact"), default="", blank=True)
    # "Nobody answers, and the patient is told so": a choice that allows plans without a rota.
    unattended = models.BooleanField(_("nobody answers, and the patient is told"), default=False)
    requires_signature = models.BooleanField(_("content needs our signature"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClinicQuerySet.as_manager()

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinics")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="clinic_has_a_name"),
            models.CheckConstraint(
                condition=~models.Q(emergency_number=""), name="clinic_has_an_emergency_number"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def of(self, clinic: Clinic) -> "DutyShiftQuerySet":
        """Shifts with the people in them, by weekday and start."""
        return (
            self.filter(clinic=clinic)
            .select_related("practitioner__user", "deputy__user")
            .order_by("weekday", "starts", "id")
        )


class DutyShift(models.Model):
    """Who answers in a clinic on one weekday, between two local times, and who if they do not.

    A shift whose end is not after its start runs past midnight.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="duty_shifts")
    weekday = models.SmallIntegerField(_("weekday, Monday is 0"))
    starts = models.TimeField(_("starts"))
    ends = models.TimeField(_("ends"))
    practitioner = models.ForeignKey(
        "patients.Practitioner", on_delete=models.PROTECT, related_name="duty_shifts"
    )
    deputy = models.ForeignKey(
        "patients.Practitioner",
        on_delete=models.PROTECT,
        related_name="deputised_shifts",
        null=True,
        blank=True,
    )

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty shift")
        verbose_name_plural = _("duty shifts")
        ordering = ["weekday", "starts", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekday__range=(0, 6)), name="duty_shift_on_a_weekday"
            ),
            models.CheckConstraint(
                condition=~models.Q(starts=models.F("ends")), name="duty_shift_has_a_length"
            ),
            models.CheckConstraint(
                condition=models.Q(deputy__isnull=True)
                | ~models.Q(deputy=models.F("practitioner")),
                name="duty_shift_deputy_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}-{self.ends:%H:%M}"


class PractitionerQuerySet(models.QuerySet["Practitioner"]):
    def running(self, at: datetime) -> "PractitionerQuerySet":
        """Posts held at a moment."""
        return self.filter(starts_at__lte=at).filter(
            models.Q(ended_at__isnull=True) | models.Q(ended_at__gt=at)
        )


class Practitioner(models.Model):
    """A post that an account holds in a clinic, from a start to an end."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="practitioners")
    user = models.ForeignKey("patients.User", on_delete=models.PROTECT, related_name="posts")
    title = models.TextField(_("title"), default="", blank=True)
    is_coordinator = models.BooleanField(_("coordinates the clinic"), default=False)
    starts_at = models.DateTimeField(_("starts"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "patients.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = PractitionerQuerySet.as_manager()

    class Meta:
        verbose_name = _("practitioner")
        verbose_name_plural = _("practitioners")
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["user", "clinic"], name="practitioner_user_clinic")]
        constraints = [
            models.UniqueConstraint(fields=["id", "clinic"], name="practitioner_id_clinic"),
            models.UniqueConstraint(
                fields=["clinic", "user"],
                condition=models.Q(ended_at__isnull=True),
                name="practitioner_one_running_post",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="practitioner_ended_at_with_ended_by",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("starts_at")),
                name="practitioner_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.title})" if self.title else str(self.user)
