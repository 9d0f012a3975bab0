"""How an account is reached, and when it wants to be left alone."""

import json
from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.domain.roles import Channel
from patients.models.user import User

CHANNELS = [
    (Channel.EMAIL.value, _("e-mail")),
    (Channel.SMS.value, _("text message")),
    (Channel.PUSH.value, _("notification on this device")),
    (Channel.WEBHOOK.value, _("webhook")),
]

# For so long somebody is told that an address of theirs stopped working.
TOLD_FOR = timedelta(days=30)


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user).order_by("channel", "created_at", "id")

    def in_use(self) -> Self:
        return self.filter(retired_at__isnull=True)

    def verified(self) -> Self:
        """Contact points in use that are known to reach this person."""
        return self.in_use().filter(verified_at__isnull=False)

    def lost_since(self, moment: datetime) -> Self:
        """Those that stopped working by themselves, and that nobody removed or added again.

        A device that signs up again gets another address, so any newer device stands for it.
        """
        newer = ContactPoint.objects.in_use().filter(
            models.Q(address=models.OuterRef("address")) | models.Q(channel=Channel.PUSH),
            user=models.OuterRef("user"),
            channel=models.OuterRef("channel"),
            created_at__gt=models.OuterRef("retired_at"),
        )
        lost = self.filter(retired_at__gte=moment).exclude(retired_reason="removed")
        return lost.exclude(models.Exists(newer))


class ContactPoint(models.Model):
    """An address of an account on one channel. A push address is the subscription as JSON.

    secret: what a webhook's messages are signed with; it is shown once, when it is made.
    reminders_off_at: since when reminders don't come here, by the link in an e-mail. Alerts do.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="contact_points")
    channel = models.CharField(_("channel"), max_length=10, choices=CHANNELS)
    address = models.TextField(_("address"))
    created_at = models.DateTimeField(auto_now_add=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.TextField(default="", blank=True)
    secret = models.TextField(default="", blank=True, editable=False)
    reminders_off_at = models.DateTimeField(null=True, blank=True)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ["channel", "created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channel__in=[channel.value for channel in Channel]),
                name="contactpoint_channel_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(address=""), name="contactpoint_has_an_address"
            ),
            models.CheckConstraint(
                condition=models.Q(retired_at__isnull=True, retired_reason="")
                | (models.Q(retired_at__isnull=False) & ~models.Q(retired_reason="")),
                name="contactpoint_retired_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(channel="webhook", secret="")
                | models.Q(verified_at__isnull=True),
                name="contactpoint_webhook_in_use_has_a_secret",
            ),
            models.UniqueConstraint(
                fields=["user", "channel", "address"],
                condition=models.Q(retired_at__isnull=True),
                name="contactpoint_once_per_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.shown_address}"

    @property
    def shown_address(self) -> str:
        """The address as it may be shown: of a device only where it is, never its keys."""
        if self.channel != Channel.PUSH:
            return self.address
        return str(json.loads(self.address)["endpoint"])


class NotificationPreference(models.Model):
    """Quiet hours in the account's zone and how many messages a day are too many."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="notification_preference"
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    zone = models.TextField(_("time zone"), default="Asia/Shanghai")
    daily_budget = models.PositiveSmallIntegerField(_("messages a day at most"), default=6)
    may_wake = models.BooleanField(_("care that was agreed may wake me"), default=False)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notificationpreference_quiet_from_with_until",
            ),
            models.CheckConstraint(
                condition=models.Q(daily_budget__lte=100),
                name="notificationpreference_budget_is_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiet_from}-{self.quiet_until} {self.zone}"
