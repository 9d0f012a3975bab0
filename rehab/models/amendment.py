"""What a record said before somebody corrected it: the same columns for every kind of record."""

from django.db import models

from .base import PatientKeyed


class RecordStatus(models.TextChoices):
    """Pending: told so late that a clinician must confirm it first."""

    RECORDED = "recorded"
    PENDING = "pending"
    RETRACTED = "entered-in-error"


class RecordChange(models.TextChoices):
    AMEND = "amend"
    RETRACT = "retract"
    CONFIRM = "confirm"


class ToldRecord(PatientKeyed):
    """Something that a person told under an id of the client's own.

    fingerprint: the hash of the clinical fields as first sent, by which a second sending is
    known. on: the local date in performed_zone.
    """

    pk = models.CompositePrimaryKey("patient_id", "id")
    id = models.UUIDField(editable=False)
    status = models.CharField(
        max_length=16, choices=RecordStatus, default=RecordStatus.RECORDED
    )  # fmt: skip
    revision = models.PositiveIntegerField(default=1)
    fingerprint = models.BinaryField(max_length=32)
    on = models.DateField()
    performed_at = models.DateTimeField()
    performed_offset_minutes = models.SmallIntegerField()
    performed_zone = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    author = models.ForeignKey(
        "patients.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    marks = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=RecordStatus.values),
                name="%(class)s_has_a_known_status",
            ),
            models.CheckConstraint(
                condition=models.Q(revision__gte=1), name="%(class)s_revision_counts_from_1"
            ),
        ]


class Amendment(PatientKeyed):
    """One earlier version of a record: who changed it, when, and why."""

    pk = models.CompositePrimaryKey("patient_id", "record_id", "revision")
    record_id = models.UUIDField()
    revision = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=RecordChange)
    by = models.ForeignKey(
        "patients.User", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    before = models.JSONField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="confirm") | ~models.Q(reason=""),
                name="%(class)s_has_a_reason",
            ),
        ]
