"""What operators look at: messages that were given up, and plans that cannot be computed.

Neither holds a name, an address, or a word about a body.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models.contact import CHANNELS
from patients.models.querysets import PatientKeyedQuerySet

from .plan import Plan


class DeadLetter(models.Model):
    """A delivery that failed for good. A view of the queue; `actions.dead_letters` revives it."""

    id = models.UUIDField(primary_key=True)
    clinic = models.ForeignKey(
        "patients.Clinic", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    due_at = models.DateTimeField(_("due"))
    finished_at = models.DateTimeField(_("given up"))
    channel = models.CharField(_("channel"), max_length=10, choices=CHANNELS)
    urgent = models.BooleanField(_("alert"))
    attempts = models.PositiveSmallIntegerField(_("tries"))
    reason = models.CharField(_("reason"), max_length=60)

    class Meta:
        managed = False
        db_table = "rehab_deadletter"
        verbose_name = _("message given up")
        verbose_name_plural = _("messages given up")
        ordering = ["-finished_at", "id"]

    def __str__(self) -> str:
        return f"{self.channel} {self.due_at:%Y-%m-%d %H:%M} {self.reason}"


class UncomputedPlans(PatientKeyedQuerySet):
    def waiting(self) -> "UncomputedPlans":
        return self.filter(uncomputed_since__isnull=False).order_by("uncomputed_since", "id")


class UncomputedPlan(Plan):
    """A running plan of which nothing more can be stored until somebody mends it."""

    objects = UncomputedPlans.as_manager()

    class Meta:
        proxy = True
        verbose_name = _("plan that cannot be computed")
        verbose_name_plural = _("plans that cannot be computed")

    def __str__(self) -> str:
        return str(self.pk)
