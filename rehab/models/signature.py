"""Which wording of the catalogue a clinic has put its name to."""

import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from patients.models import Clinic


class SignedKind(models.TextChoices):
    """The kinds of content that a clinic signs item by item."""

    GUIDANCE = "guidance"
    EXERCISE = "exercise"
    FOOD = "food"
    RECIPE = "recipe"
    PROTOCOL = "protocol"
    INSTRUMENT = "instrument"


class ContentSignatureQuerySet(models.QuerySet["ContentSignature"]):
    def of_clinics(self, clinic_ids: Iterable[uuid.UUID]) -> Self:
        return self.filter(clinic_id__in=list(clinic_ids))

    def standing(self) -> Self:
        """Leave out what was withdrawn. What stands holds for its own digest only."""
        return self.filter(withdrawn_at__isnull=True)

    def signed_in(self, clinic: Clinic | uuid.UUID) -> Any:
        """(kind, slug, digest) of everything this clinic has signed, for a set or a subquery."""
        clinic_id = clinic.pk if isinstance(clinic, Clinic) else clinic
        return (
            self.standing().filter(clinic_id=clinic_id).values_list("kind", "slug", "digest")
        )  # fmt: skip

    def of_items(self, keys: Iterable[tuple[str, str, str]]) -> Self:
        """Signatures of these wordings: (kind, slug, digest)."""
        wanted = Q(pk__in=[])
        for kind, slug, digest in keys:
            wanted |= Q(kind=kind, slug=slug, digest=digest)
        return self.filter(wanted)

    def newest_first(self) -> Self:
        return self.order_by("-signed_at", "-id")


class ContentSignature(models.Model):
    """A practitioner of a clinic has read one wording of one item and lets it stand.

    kind, slug, digest: the item and the wording; when the wording changes its digest does, and
    the signature holds no longer. `slug` is a food's or an instrument's code.
    wording: [{"field", "zh-Hans", "en"}], what was read, so that a later reader sees what changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # fmt: skip
    kind = models.CharField(max_length=16, choices=SignedKind)
    slug = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    wording = models.JSONField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ContentSignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "kind", "slug", "digest"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_standing_signature_a_wording",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SignedKind.values), name="signature_has_a_known_kind"
            ),
            models.CheckConstraint(
                condition=~Q(slug="") & ~Q(digest=""), name="signature_names_a_wording"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="signature_withdrawn_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("signed_at")),
                name="signature_withdrawn_after_signing",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "kind", "slug", "-signed_at"], name="signature_history"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug} {self.digest[:8]}"


def signed(kind: str, clinic: Clinic | uuid.UUID, *, slug: str = "slug") -> Exists:
    """Condition on catalogue rows: this clinic has signed exactly this wording.

    `slug` is the row's own column that names it ("code" for foods and instruments); the row
    also carries its `digest`. Must run inside the wall of the clinic.
    """
    clinic_id = clinic.pk if isinstance(clinic, Clinic) else clinic
    return Exists(
        ContentSignature.objects.standing().filter(
            clinic_id=clinic_id, kind=kind, slug=OuterRef(slug), digest=OuterRef("digest")
        )
    )
