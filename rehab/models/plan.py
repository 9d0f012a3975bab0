"""A plan, its versions and the history of its status."""

import uuid

from django.conf import settings
from django.db import models

from .base import PatientKeyed


class PlanStatus(models.TextChoices):
    """FHIR R4 CarePlan.status, the part of it that we use."""

    DRAFT = "draft"
    ACTIVE = "active"
    ON_HOLD = "on-hold"
    COMPLETED = "completed"
    REVOKED = "revoked"


class Plan(PatientKeyed):
    """What a clinician assigned to a patient; its content lives in its versions.

    tzdata_version: the edition of the world's clocks that its stored times were reckoned with.
    uncomputed_since, uncomputed_why: since when nothing more of it could be stored, and the kind of
    error; it is tried again at uncomputed_retry_at. Operators see it; all three are empty again
    when it works.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=16, choices=PlanStatus, default=PlanStatus.DRAFT)
    protocol_slug = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    review_due_on = models.DateField(null=True, blank=True)
    training_expires_on = models.DateField(null=True, blank=True)
    materialised_until = models.DateTimeField(null=True, blank=True)
    tzdata_version = models.CharField(max_length=16, blank=True)
    uncomputed_since = models.DateTimeField(null=True, blank=True)
    uncomputed_why = models.CharField(max_length=60, blank=True, db_default="")
    uncomputed_retry_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(status__in=["active", "on-hold"]),
                name="one_running_plan_a_patient",
            ),
            models.CheckConstraint(
                condition=models.Q(uncomputed_since__isnull=True, uncomputed_retry_at__isnull=True)
                | models.Q(uncomputed_since__isnull=False, uncomputed_retry_at__isnull=False),
                name="plan_uncomputed_is_tried_again",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "status"], name="plan_by_patient"),
            models.Index(
                fields=["materialised_until"],
                condition=models.Q(status__in=["active", "on-hold"]),
                name="plan_to_extend",
            ),
            models.Index(
                fields=["tzdata_version"],
                condition=models.Q(status__in=["active", "on-hold"]),
                name="plan_by_tzdata",
            ),
        ]


class PlanStatusChange(PatientKeyed):
    """Who moved a plan from one status to another, when and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="status_changes")
    was = models.CharField(max_length=16, choices=PlanStatus)
    now = models.CharField(max_length=16, choices=PlanStatus)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "plan", "at"], name="plan_status_history")]


class PlanVersion(PatientKeyed):
    """One wording of a plan, in force from `effective_at` until the next version's.

    A log counts against the version in force when it was performed (R5).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    effective_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("effective_at")),
                name="plan_version_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["patient", "effective_at"], name="plan_version_in_force")]


class GateOverride(PatientKeyed):
    """A named person allowed an item past an absolute gate, with a reason and an end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="overrides")
    gate = models.CharField(max_length=60)
    gate_version = models.PositiveIntegerField()
    series = models.UUIDField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    expires_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="gate_override_has_a_reason"
            ),
        ]
