"""Reads that join several tables of the catalogue, in a constant number of statements."""

from django.db.models import QuerySet

from exercises.models.content import ordered
from exercises.models.exercise import Exercise
from exercises.models.protocol import Protocol
from exercises.models.safety import Contraindication, Precaution
from exercises.models.source import Source, SourceSection
from exercises.models.terms import Condition


def conditions_with_warnings() -> QuerySet[Condition]:
    """Conditions with the contraindications and precautions that name each of them."""
    return Condition.objects.current().prefetch_related(
        ordered("contraindications", Contraindication.objects.current()),
        ordered("precautions", Precaution.objects.current()),
    )


def sources_with_uses() -> QuerySet[Source]:
    """Sources with their sections, and the exercises and protocols that cite each section."""
    return Source.objects.prefetch_related(
        ordered("sections", SourceSection.objects.all()),
        ordered("sections__exercises", Exercise.objects.current()),
        ordered("sections__protocols", Protocol.objects.current()),
    )
