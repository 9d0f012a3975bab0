"""The secret address under which a calendar program reads when somebody's sessions are."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .base import PatientKeyed


class CalendarFeed(PatientKeyed):
    """One recipient's subscription to one patient's times.

    secret_hash: what is kept of the address; whoever loses it has a new one made.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    secret_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["secret_hash"], name="calendar_feed_secret_once"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="calendar_feed_revoked_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("created_at")),
                name="calendar_feed_revoked_after_it_was_made",
            ),
            models.CheckConstraint(condition=~Q(secret_hash=""), name="calendar_feed_has_a_secret"),
        ]
        indexes = [models.Index(fields=["patient", "recipient"], name="calendar_feed_by_patient")]
