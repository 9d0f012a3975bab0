"""What is due: one item, one local date, one slot."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .base import PatientKeyed


class OccurrenceState(models.TextChoices):
    """Stored states. *Missed* is not among them: it is derived when somebody looks."""

    DUE = "due"
    DONE = "done"
    PARTIAL = "partial"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    PAUSED = "paused"


class Occurrence(PatientKeyed):
    """One thing due. Its id is a function of series, version, date and slot (R1),

    so a phone without a network can name a day that the server has not stored yet.
    """

    pk = models.CompositePrimaryKey("patient_id", "id")
    id = models.UUIDField(editable=False)
    series = models.UUIDField()
    version = models.PositiveIntegerField()
    item = models.ForeignKey(
        "rehab.PlanItem",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    on = models.DateField()
    slot = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=OccurrenceState, default=OccurrenceState.DUE)
    state_at = models.DateTimeField()
    log_id = models.UUIDField(null=True, blank=True)
    skip_reason = models.CharField(max_length=40, blank=True)
    skip_note = models.TextField(blank=True)
    # symptoms, measures, pain and limb, as far as somebody told them with the skip.
    skip_signs = models.JSONField(default=dict, db_default={}, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    superseded_by = models.UUIDField(null=True, blank=True)
    sync_sequence = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "series", "version", "on", "slot"], name="occurrence_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="skipped") | ~models.Q(skip_reason=""),
                name="skipped_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["done", "partial"]) | models.Q(log_id__isnull=False),
                name="done_names_its_log",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "on"], name="occurrence_by_day"),
            models.Index(fields=["patient", "series", "on"], name="occurrence_by_series"),
            models.Index(fields=["patient", "sync_sequence"], name="occurrence_changes"),
        ]


class ItemDay(PatientKeyed):
    """Figures of one item, version and local date, recomputed whenever one of its rows changes.

    open_closes_at: when the windows of the still unanswered occurrences close; those
    in the past are missed. minutes: of the session, else the longest of its parts.
    skin_looked, skin_found: sessions in which somebody looked, and in which it was not fine.
    told: what was measured that day, by part and field; `rehab.models.item_days` says how.
    """

    pk = models.CompositePrimaryKey("patient_id", "series", "on", "version")
    series = models.UUIDField()
    on = models.DateField()
    version = models.PositiveIntegerField()
    due = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)
    partial = models.PositiveSmallIntegerField(default=0)
    skipped = models.PositiveSmallIntegerField(default=0)
    paused = models.PositiveSmallIntegerField(default=0)
    open_closes_at = ArrayField(models.DateTimeField(), default=list)
    sessions = models.PositiveSmallIntegerField(default=0)
    extra = models.PositiveSmallIntegerField(default=0)
    over_maximum = models.PositiveSmallIntegerField(default=0)
    while_paused = models.PositiveSmallIntegerField(default=0)
    recalled = models.PositiveSmallIntegerField(default=0)
    recalled_partial = models.PositiveSmallIntegerField(default=0)
    above_part_maximum = models.PositiveSmallIntegerField(default=0)
    minutes = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    pain_max = models.PositiveSmallIntegerField(null=True)
    pain_sum = models.PositiveIntegerField(default=0)
    pain_count = models.PositiveSmallIntegerField(default=0)
    pain_unfelt = models.PositiveSmallIntegerField(default=0)
    effort_max = models.PositiveSmallIntegerField(null=True)
    effort_sum = models.PositiveIntegerField(default=0)
    effort_count = models.PositiveSmallIntegerField(default=0)
    skin_looked = models.PositiveSmallIntegerField(default=0)
    skin_found = models.PositiveSmallIntegerField(default=0)
    told = models.JSONField(default=dict)
    last_performed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "on"], name="item_day_by_day")]


class ZoneChange(PatientKeyed):
    """The patient's own device said where it is now, and the patient confirmed it."""

    pk = models.CompositePrimaryKey("patient_id", "effective_at")
    effective_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    by = models.ForeignKey("patients.User", on_delete=models.PROTECT, related_name="+")
