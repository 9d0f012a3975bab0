"""What every table keyed to a patient has in common."""

from django.db import models

from patients.models.patient import OfPatient
from patients.models.querysets import PatientKeyedQuerySet


class SeenWithConditions(PatientKeyedQuerySet):
    """Rows that tell something about a diagnosis."""

    scope_to_see = "see_conditions"


class SeenWithDiet(PatientKeyedQuerySet):
    """Rows that tell what somebody eats, drinks and cannot eat."""

    scope_to_see = "see_diet"


class PatientKeyed(OfPatient):
    """A row about one patient, walled by that patient's clinic.

    No index of its own on the patient: every table here has one that starts with it.
    """

    patient = models.ForeignKey(
        "patients.Patient",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    objects = PatientKeyedQuerySet.as_manager()

    class Meta:
        abstract = True
