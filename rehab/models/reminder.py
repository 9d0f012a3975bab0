"""Messages are rows, written in the transaction that causes them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .base import PatientKeyed


class ReminderKind(models.TextChoices):
    TRAINING = "training"
    CARE = "care"
    ALERT = "alert"
    NOTE = "note"


class Reminder(PatientKeyed):
    """One recipient and one group of things due at the same moment.

    Its id is a function of patient, recipient and due time: writing it twice changes nothing.
    recipient: empty where nobody may be told. nobody_reachable: none of those who may be told had
    an address when it was written, so that it has no delivery; it stands to be counted and shown.
    after_silence: it is for whoever comes next, and leaves only if nothing was done by then.
    """

    pk = models.CompositePrimaryKey("patient_id", "id")
    id = models.UUIDField(editable=False)
    recipient = models.ForeignKey(
        "patients.User",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        blank=True,
    )
    kind = models.CharField(max_length=10, choices=ReminderKind)
    on = models.DateField()
    due_at = models.DateTimeField()
    occurrence_ids = ArrayField(models.UUIDField(), default=list)
    flag_id = models.UUIDField(null=True, blank=True)
    note_id = models.UUIDField(null=True, blank=True)
    wakes = models.BooleanField(default=False)
    after_silence = models.BooleanField(db_default=False)
    nobody_reachable = models.BooleanField(db_default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False) | models.Q(nobody_reachable=True),
                name="reminder_for_nobody_says_so",
            ),
        ]
        indexes = [models.Index(fields=["patient", "due_at"], name="reminder_by_patient")]


class DeliveryOutcome(models.TextChoices):
    """Empty while unfinished. Merged: another message that left said it too."""

    SENT = "sent"
    MERGED = "merged"
    NOT_SENT = "not_sent"
    FAILED = "failed"


class Delivery(PatientKeyed):
    """One reminder to one contact point.

    next_at is lease, back-off and sweeper in one column, and empty once the row is finished.
    wanted_at is when it should leave: its due time, or the end of what held it back; a lease or a
    retry does not move it, so a queue that fails over and over still shows its age.
    attempts counts claims and never goes back: whoever holds the latest may finish the row.
    failures counts what the channel did not take; at the last of them it gives up.
    urgent: alerts, which leave before all reminders.
    follows: the delivery of the same reminder that failed, or that nobody's device confirmed.
    received_at: when the device said that it showed the message, where it can say so.
    The table is partitioned by due_at, which therefore is part of its key.
    Each message writes its row three times, and each time into every index that the row is in: so
    there are few of them.
    """

    pk = models.CompositePrimaryKey("due_at", "id")
    id = models.UUIDField(editable=False)
    due_at = models.DateTimeField()
    reminder_id = models.UUIDField()
    recipient = models.ForeignKey(
        "patients.User",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    contact_point = models.ForeignKey(
        "patients.ContactPoint",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    channel = models.CharField(max_length=10)
    next_at = models.DateTimeField(null=True, blank=True)
    wanted_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(db_default=0)
    urgent = models.BooleanField(db_default=False)
    follows = models.UUIDField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=DeliveryOutcome, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(next_at__isnull=False, outcome="")
                | (models.Q(next_at__isnull=True) & ~models.Q(outcome="")),
                name="delivery_finished_or_next",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="delivery_unfinished",
            ),
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False, urgent=True),
                name="delivery_urgent",
            ),
            models.Index(
                fields=["wanted_at"],
                condition=models.Q(next_at__isnull=False, failures__gt=0),
                name="delivery_failing_age",
            ),
            models.Index(fields=["patient", "reminder_id"], name="delivery_by_reminder"),
            # What one person is still to be told, and how much they were told today.
            models.Index(fields=["recipient", "finished_at"], name="delivery_budget"),
        ]
