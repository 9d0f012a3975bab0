"""What was done: session logs with their parts, and every version that was corrected."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Value

from .base import PatientKeyed
from .shapes import converted
from .told_parts import ToldPart


class NoPart(Func):
    """Holds when no part of a log answers to a jsonpath."""

    function = "jsonb_path_exists"
    template = "NOT %(function)s(%(expressions)s)"
    output_field = models.BooleanField()

    def __init__(self, path: str) -> None:
        super().__init__("parts", Value(path), output_field=models.BooleanField())


class LogStatus(models.TextChoices):
    RECORDED = "recorded"
    PENDING = "pending"
    QUARANTINED = "quarantined"
    RETRACTED = "entered-in-error"


class Placement(models.TextChoices):
    """Where a log counts: in a slot, beyond what was due, or outside the plan."""

    SLOT = "slot"
    EXTRA = "extra"
    NOT_IN_PLAN = "not_in_plan"


class Outcome(models.TextChoices):
    DONE = "done"
    PARTIAL = "partial"
    NOT_DONE = "not_done"


class Performer(models.TextChoices):
    PATIENT = "patient"
    CAREGIVER = "caregiver"
    AIDE = "aide"
    CLINICIAN = "clinician"
    OTHER = "other"


class Mark(models.TextChoices):
    """What a reader must know about a log besides its values."""

    LATE = "late"
    RECALLED = "recalled"
    WHILE_PAUSED = "while_paused"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    RECEIVED_AFTER_ACCESS = "received_after_access"
    CONFIRMED_UNUSUAL = "confirmed_unusual"
    UNCONFIRMED_UNUSUAL = "unconfirmed_unusual"
    OVER_MAXIMUM = "over_maximum"
    ABOVE_PART_MAXIMUM = "above_prescribed_maximum"
    PENDING_CONFIRMATION = "pending_confirmation"
    CLOCK_SKEW = "clock_skew"
    FROM_DEVICE = "from_device"


class SessionLog(PatientKeyed):
    """One session as it now stands. Its id is the client's UUID (R2).

    A value that nobody entered is absent from the row: it is `not_recorded`, never normal
    and never the prescribed value. fingerprint is the hash of the clinical fields as first sent;
    values_digest leaves out who and when, so that the same session told twice is noticed (R3).

    parts: a list of `ToldPart`, one for each part that was done or spoken of, in the plan's order.
    details: gate answers, session-wide measures, symptoms, skin before and after, device, note.
    """

    pk = models.CompositePrimaryKey("patient_id", "id")
    id = models.UUIDField(editable=False)
    series = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    item = models.ForeignKey(
        "rehab.PlanItem",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    occurrence_id = models.UUIDField(null=True, blank=True)
    placement = models.CharField(max_length=12, choices=Placement)
    status = models.CharField(max_length=16, choices=LogStatus, default=LogStatus.RECORDED)
    revision = models.PositiveIntegerField(default=1)
    fingerprint = models.BinaryField(max_length=32)
    values_digest = models.BinaryField(max_length=32)
    on = models.DateField()
    performed_at = models.DateTimeField()
    performed_offset_minutes = models.SmallIntegerField()
    performed_zone = models.CharField(max_length=64)
    client_sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    author = models.ForeignKey(
        "patients.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    performer = models.CharField(max_length=10, choices=Performer)
    performer_name = models.CharField(max_length=120, blank=True)
    as_planned = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, choices=Outcome)
    marks = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    duplicate_of = models.UUIDField(null=True, blank=True)
    minutes = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    pain = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_unfelt = models.BooleanField(default=False)
    effort = models.PositiveSmallIntegerField(null=True, blank=True)
    parts = models.JSONField(default=list, blank=True)
    details = models.JSONField(default=dict, blank=True)
    sync_sequence = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pain__isnull=True) | models.Q(pain__lte=10),
                name="log_pain_0_to_10",
            ),
            models.CheckConstraint(
                condition=models.Q(effort__isnull=True) | models.Q(effort__lte=10),
                name="log_effort_0_to_10",
            ),
            models.CheckConstraint(
                condition=~models.Q(placement="slot") | models.Q(occurrence_id__isnull=False),
                name="log_in_a_slot_names_it",
            ),
            models.CheckConstraint(
                condition=NoPart("$[*].pain ? (@ < 0 || @ > 10)"), name="part_pain_0_to_10"
            ),
            models.CheckConstraint(
                condition=NoPart(
                    "$[*].measures ? (exists(@.pulse_width_us) && exists(@.pulse_width_ms))"
                ),
                name="part_has_one_stimulation_physics",
            ),
            models.UniqueConstraint(
                fields=["patient", "occurrence_id"],
                condition=models.Q(status="recorded", placement="slot"),
                name="one_log_an_occurrence",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-performed_at", "-id"], name="log_history"),
            models.Index(fields=["patient", "series", "on"], name="log_by_item_day"),
            models.Index(fields=["patient", "sync_sequence"], name="log_changes"),
        ]

    def told_parts(self) -> list[ToldPart]:
        """Return what was said of each part, in the plan's order."""
        return converted(self.parts, list[ToldPart])


class AmendmentKind(models.TextChoices):
    AMEND = "amend"
    RETRACT = "retract"
    CONFIRM = "confirm"
    MERGE = "merge"
    ADOPT = "adopt"


class SessionAmendment(PatientKeyed):
    """What a log said before somebody changed it, who did, when and why (R7)."""

    pk = models.CompositePrimaryKey("patient_id", "log_id", "revision")
    log_id = models.UUIDField()
    revision = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=AmendmentKind)
    by = models.ForeignKey(
        "patients.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    before = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=["amend", "retract"]) | ~models.Q(reason=""),
                name="correction_has_a_reason",
            ),
        ]


class Entry(PatientKeyed):
    """An offline entry that is not a session log, kept so that sending it again changes nothing."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    id = models.UUIDField(editable=False)
    kind = models.CharField(max_length=20)
    fingerprint = models.BinaryField(max_length=32)
    author = models.ForeignKey(
        "patients.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    received_at = models.DateTimeField()
    answer = models.JSONField()


class OffPlanEvent(PatientKeyed):
    """Barred or outside the plan, but it happened: kept, not counted, flagged."""

    pk = models.CompositePrimaryKey("patient_id", "id")
    id = models.UUIDField(editable=False)
    fingerprint = models.BinaryField(max_length=32)
    exercise_slug = models.CharField(max_length=100, blank=True)
    barred = models.BooleanField(default=False)
    description = models.TextField()
    performed_at = models.DateTimeField()
    performed_offset_minutes = models.SmallIntegerField()
    performed_zone = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    author = models.ForeignKey(
        "patients.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    performer = models.CharField(max_length=10, choices=Performer)
    details = models.JSONField(default=dict, blank=True)
    sync_sequence = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-performed_at"], name="off_plan_history")]
