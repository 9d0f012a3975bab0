"""Where statements come from: the five documents, and what their numbers were checked against."""

from __future__ import annotations

from typing import Self

from django.db import models

from exercises.models.content import Content, ContentQuerySet, one_of


class Checked(models.TextChoices):
    LOOKED_UP = "looked_up"
    TO_VERIFY = "to_verify"


class SourceQuerySet(ContentQuerySet["Source"]):
    def of_kind(self, kind: str | None) -> Self:
        return self.filter(kind=kind) if kind else self


class Source(Content):
    id = models.UUIDField(primary_key=True, editable=False)
    code = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20)
    about = models.JSONField(null=True, blank=True)
    address = models.CharField(max_length=200, blank=True)
    published = models.CharField(max_length=10, blank=True)
    checked = models.CharField(max_length=10, choices=Checked)

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [one_of("checked", Checked, "source_is_looked_up_or_to_verify")]


class SourceSection(Content):
    """A section of a document; a source without sections has one with an empty number."""

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="sections")
    number = models.CharField(max_length=40, blank=True)

    objects = ContentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="section_once_in_a_source"),
        ]
