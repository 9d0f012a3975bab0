"""Which content is loaded, since when."""

from __future__ import annotations

from django.db import models


class ContentVersionQuerySet(models.QuerySet["ContentVersion"]):
    def latest_loaded(self) -> ContentVersion | None:
        return self.order_by("-number").first()


class ContentVersion(models.Model):
    """One row per load that changed something; `fingerprint` is over the sheets themselves."""

    number = models.PositiveIntegerField(primary_key=True)
    fingerprint = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=80)
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    withdrawn = models.PositiveIntegerField()

    objects = ContentVersionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.number} ({self.fingerprint[:8]})"
