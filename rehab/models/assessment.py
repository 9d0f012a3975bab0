"""What an assessment found: scores of one instrument at one moment."""

from django.db import models

from .amendment import Amendment, ToldRecord
from .base import SeenWithConditions
from .session import Performer


class Assessment(ToldRecord):
    """Scores of one instrument of the registry, as it now stands.

    results: [{"score", "value", "facts", "typed"}]: a number in the unit of the registry, the
    code of a grade ("1+"), or "unable", "cannot_feel", "not_testable". facts: what stands beside
    the value: side, muscle, motion, site, landmark_distance_cm, device ...
    assessed_by, assessor_name: who did it, which need not be who typed it.
    """

    instrument = models.CharField(max_length=60)
    assessed_by = models.CharField(max_length=10, choices=Performer)
    assessor_name = models.CharField(max_length=120, blank=True)
    results = models.JSONField()
    confirmed = models.JSONField(default=list, blank=True)

    objects = SeenWithConditions.as_manager()

    class Meta(ToldRecord.Meta):
        abstract = False
        constraints = [
            *ToldRecord.Meta.constraints,
            models.CheckConstraint(
                condition=~models.Q(instrument=""), name="assessment_names_its_instrument"
            ),
            models.CheckConstraint(condition=~models.Q(results=[]), name="assessment_has_a_result"),
        ]
        indexes = [
            models.Index(fields=["patient", "-performed_at", "-id"], name="assessment_history"),
            models.Index(
                fields=["patient", "instrument", "-performed_at"], name="assessment_by_instrument"
            ),
        ]


class AssessmentAmendment(Amendment):
    objects = SeenWithConditions.as_manager()
