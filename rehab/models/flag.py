"""A safety rule that fired, and what happens until a person has seen it."""

import uuid

from django.db import models

from .base import PatientKeyed


class FlagLevel(models.TextChoices):
    """E0 emergency text at once; E1 stop, contact the same day; E2 next working day; E3 weekly."""

    E0 = "E0"
    E1 = "E1"
    E2 = "E2"
    E3 = "E3"


class SafetyFlag(PatientKeyed):
    """One rule that fired for one patient, with the values that made it fire.

    occurred_at: when it happened to the body; raised_at: when the server judged it.
    because: [{"field", "value"}], what the rule looked at.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=60)
    rule_version = models.PositiveIntegerField()
    level = models.CharField(max_length=2, choices=FlagLevel)
    occurred_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    log_id = models.UUIDField(null=True, blank=True)
    event_id = models.UUIDField(null=True, blank=True)
    series = models.UUIDField(null=True, blank=True)
    part = models.UUIDField(null=True, blank=True)
    because = models.JSONField(default=list, blank=True)
    device_agreed = models.BooleanField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "patients.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledgement = models.TextField(blank=True)
    sync_sequence = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | models.Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="flag_acknowledged_at_with_by",
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "level", "raised_at"],
                condition=models.Q(acknowledged_at__isnull=True),
                name="flag_unseen",
            ),
            models.Index(fields=["patient", "-raised_at"], name="flag_history"),
        ]


class EscalationStep(PatientKeyed):
    """Who is told next, and when, unless somebody acknowledges first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    flag = models.ForeignKey(SafetyFlag, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    audience = models.CharField(max_length=20)
    next_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=20, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["flag", "position"], name="escalation_step_once")
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(next_at__isnull=False), name="escalation_due"
            ),
            models.Index(fields=["patient", "flag"], name="escalation_by_patient"),
        ]
