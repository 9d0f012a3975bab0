"""What a plan asks for: items, their parts, and the pauses laid over them."""

import uuid

from django.conf import settings
from django.db import models

from .base import PatientKeyed
from .plan import PlanVersion


class ItemKind(models.TextChoices):
    """Training stops with a pause, a fever or an expiry; care goes on."""

    TRAINING = "training"
    CARE = "care"


class ZonePolicy(models.TextChoices):
    HOME = "home"
    FOLLOW = "follow"


class Side(models.TextChoices):
    """Unset only in a draft: the clinician has not chosen yet."""

    UNSET = ""
    NONE = "none"
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class PlanItem(PatientKeyed):
    """One item of one plan version; `series` is the same over all versions.

    schedule: the JSON form of `rehab.domain.schedules` (days, slots with ids and clock times).
    zone: the clock that it goes by now. home_zone: the one it was written in, where its patient
    has travelled since; else empty.
    target, maximum: session-wide dose fields (minutes, cadence); all others live on the parts.
    sessions_per_day_maximum, sessions_per_week_maximum: beyond them is an overdose (R13).
    reminded: user ids in order: the doer first, then who next.
    reminded_by_slot: the same for single slots, by slot id; a slot without an entry goes by
    `reminded`. next_after_minutes: who comes next is told once when nothing was done or skipped
    for so long; empty: never.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="items")
    series = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    exercise = models.ForeignKey("exercises.Exercise", on_delete=models.PROTECT, related_name="+")
    modality = models.CharField(max_length=40)
    title = models.JSONField(default=dict, blank=True)
    kind = models.CharField(max_length=10, choices=ItemKind, default=ItemKind.TRAINING)
    schedule = models.JSONField()
    zone = models.CharField(max_length=64)
    home_zone = models.CharField(max_length=64, blank=True)
    zone_policy = models.CharField(max_length=8, choices=ZonePolicy, default=ZonePolicy.HOME)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    target = models.JSONField(default=dict, blank=True)
    maximum = models.JSONField(default=dict, blank=True)
    sessions_per_day_maximum = models.PositiveSmallIntegerField(null=True, blank=True)
    sessions_per_week_maximum = models.PositiveSmallIntegerField(null=True, blank=True)
    gate_questions = models.JSONField(default=list, blank=True)
    reminded = models.JSONField(default=list, blank=True)
    reminded_by_slot = models.JSONField(default=dict, blank=True)
    next_after_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    wakes = models.BooleanField(default=False)
    instruction = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "series"], name="series_once_in_a_version"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="plan_item_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(next_after_minutes__isnull=True)
                | models.Q(next_after_minutes__gte=5, next_after_minutes__lte=720),
                name="plan_item_next_after_5_to_720_minutes",
            ),
        ]
        indexes = [models.Index(fields=["patient", "series"], name="plan_item_by_series")]


class PlanPart(PatientKeyed):
    """A joint motion or a stimulated muscle of an item, with its dose and its maximum.

    part: stable over versions, so that a pause or a chart follows the body, not the row.
    dose, maximum: dose-field code -> number, in the unit that the code names.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(PlanItem, on_delete=models.CASCADE, related_name="parts")
    part = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    exercise = models.ForeignKey(
        "exercises.Exercise", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    motion = models.CharField(max_length=60, blank=True)
    muscle = models.CharField(max_length=60, blank=True)
    channel = models.PositiveSmallIntegerField(null=True, blank=True)
    side = models.CharField(max_length=6, choices=Side, default=Side.NONE, blank=True)
    dose = models.JSONField(default=dict, blank=True)
    maximum = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "part"], name="part_once_in_an_item"),
        ]
        indexes = [models.Index(fields=["patient", "part"], name="plan_part_by_part")]


class Pause(PatientKeyed):
    """From when to when an item, or one part of it, is not to be done, and who said so.

    started_by is empty when a rule paused it; only a person ends a pause.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.UUIDField()
    part = models.UUIDField(null=True, blank=True)
    starts_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    flag = models.ForeignKey(
        "rehab.SafetyFlag", on_delete=models.PROTECT, null=True, blank=True, related_name="pauses"
    )
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="pause_ended_at_with_ended_by",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("starts_at")),
                name="pause_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["patient", "series", "starts_at"], name="pause_by_series")]
