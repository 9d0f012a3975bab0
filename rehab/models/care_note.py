"""Notes between home and clinic: no chat, and nobody promises to watch."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from patients.access.authority import Authority
from patients.domain.roles import Role, Scope
from patients.models import Clinic
from patients.models.querysets import PatientKeyedQuerySet

from .base import PatientKeyed

LONGEST_NOTE = 2000
LONGEST_TITLE = 80


class NoteReaders(models.TextChoices):
    """patient: the patient, whoever manages their care, and the clinicians.

    helpers: also everybody who logs for the patient.
    """

    PATIENT = "patient"
    HELPERS = "helpers"


class CareNoteQuerySet(PatientKeyedQuerySet):
    scope_to_see = "log_sessions"

    def visible_under(
        self, authority: Authority, *, scope: str | None = None, at: datetime
    ) -> Self:
        """Who may log reads what is for helpers and what they wrote; the rest is for the patient,
        for who manages their care by name, and for their clinicians."""
        rows = super().visible_under(authority, scope=scope, at=at)
        whole = {
            relation.patient_id
            for relation in authority.relations
            if authority.covers(relation, at)
            and (relation.role == Role.CLINICIAN or Scope.MANAGE in relation.scopes)
        }
        return rows.filter(
            Q(patient_id__in=whole | authority.own_patient_ids)
            | Q(readers=NoteReaders.HELPERS)
            | Q(author_id=authority.user_id)
        )


class ReadingQuerySet(PatientKeyedQuerySet):
    scope_to_see = "manage"


class CareNote(PatientKeyed):
    """One note, under an id of the client's own. It is never changed, only withdrawn.

    from_clinic: a clinician of the patient wrote it. series: an item of the plan that it is about.
    """

    pk = models.CompositePrimaryKey("patient_id", "id")
    id = models.UUIDField(editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    from_clinic = models.BooleanField()
    readers = models.CharField(max_length=10, choices=NoteReaders)
    body = models.TextField(max_length=LONGEST_NOTE)
    series = models.UUIDField(null=True, blank=True)
    written_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CareNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(readers__in=NoteReaders.values), name="care_note_has_known_readers"
            ),
            models.CheckConstraint(condition=~Q(body=""), name="care_note_says_something"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(withdrawn_at__gte=models.F("written_at")),
                name="care_note_withdrawn_after_written",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-written_at", "-id"], name="care_note_history"),
        ]


class CareNoteReading(PatientKeyed):
    """That one person had a note in front of them."""

    pk = models.CompositePrimaryKey("patient_id", "note_id", "reader_id")
    note_id = models.UUIDField()
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    by_clinic = models.BooleanField()

    objects = ReadingQuerySet.as_manager()


class NoteTemplate(models.Model):
    """A text that a clinic's staff begin a note with; empty in one language, the other serves."""

    pk = models.CompositePrimaryKey("clinic_id", "id")
    id = models.UUIDField(editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+", db_index=False)
    title = models.CharField(max_length=LONGEST_TITLE)
    text_zh_hans = models.TextField(max_length=LONGEST_NOTE, blank=True)
    text_en = models.TextField(max_length=LONGEST_NOTE, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "title"], name="note_template_title_once"),
            models.CheckConstraint(condition=~Q(title=""), name="note_template_has_a_title"),
            models.CheckConstraint(
                condition=~Q(text_zh_hans="", text_en=""), name="note_template_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title
