"""What the programme must know about a body before it may ask anything of it."""

import uuid

from django.conf import settings
from django.db import models

from .base import PatientKeyed, SeenWithConditions


class Answer(models.TextChoices):
    """Unknown is a value of its own and is never read as "no"."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class ClinicalProfile(PatientKeyed):
    """One revision of a patient's clinical profile; the highest number is in force.

    A change is a new row, so what was known when a plan was assigned stays readable.

    conditions: [{"code", "limbs": ["left_leg", ...], "since": date or null, "note"}],
        codes from `exercises.reference.conditions()`.
    answers: gate answers by code ("pacemaker", "pregnancy", "unstable_fracture" ...),
        each yes | no | unknown; a missing code is unknown.
    innervation: muscle code -> intact | partial | denervated | unknown.
    allergies: [{"code", "text", "severity"}], a class or food of the catalogue by its code, or
        what was typed; severity as in `rehab.domain.content_fit.SEVERITIES`.
    mixed_textures: may thin liquid with pieces in it be eaten below IDDSI level 7?
    kidney: one of `rehab.domain.content_fit.KIDNEY`.
    drugs: [{"code", "text", "note"}], drugs, herbs and supplements that are taken.
    baselines: {"systolic_mmhg": 102, ...}, personal values that rules compare with.
    barred: [{"exercise": slug, "reason"}], what this person must not do.
    insensate: body regions without feeling, as muscle or joint codes.
    taught: [{"motion", "to", "by", "on"}], what was shown to whom (neck,
        shoulder above 90 degrees).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    conditions = models.JSONField(default=list, blank=True)
    spinal_cord_injury = models.CharField(max_length=8, choices=Answer, default=Answer.UNKNOWN)
    injury_level = models.CharField(max_length=8, default="unknown")
    answers = models.JSONField(default=dict, blank=True)
    innervation = models.JSONField(default=dict, blank=True)
    allergies_known = models.CharField(max_length=8, choices=Answer, default=Answer.UNKNOWN)
    allergies = models.JSONField(default=list, blank=True)
    swallowing_food = models.PositiveSmallIntegerField(null=True, blank=True)
    swallowing_drink = models.PositiveSmallIntegerField(null=True, blank=True)
    mixed_textures = models.CharField(max_length=8, choices=Answer, default=Answer.UNKNOWN)
    kidney = models.CharField(max_length=16, default="unknown")
    drugs_known = models.CharField(max_length=8, choices=Answer, default=Answer.UNKNOWN)
    drugs = models.JSONField(default=list, blank=True)
    baselines = models.JSONField(default=dict, blank=True)
    barred = models.JSONField(default=list, blank=True)
    insensate = models.JSONField(default=list, blank=True)
    taught = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)

    objects = SeenWithConditions.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "number"], name="profile_revision_once"),
            models.CheckConstraint(
                condition=models.Q(swallowing_food__isnull=True)
                | models.Q(swallowing_food__gte=3, swallowing_food__lte=7),
                name="profile_food_iddsi_3_to_7",
            ),
            models.CheckConstraint(
                condition=models.Q(swallowing_drink__isnull=True)
                | models.Q(swallowing_drink__lte=4),
                name="profile_drink_iddsi_0_to_4",
            ),
        ]
