"""Reads that join several tables of the catalogue, in a constant number of statements."""

from django.db.models import QuerySet

from exercises.models.audience import Audience
from exercises.models.content import ordered
from exercises.models.diet import Food, Recipe
from exercises.models.exercise import Exercise
from exercises.models.guidance import Guidance, TimeWindow
from exercises.models.instrument import Instrument
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
    """Sources with their sections, and what of the catalogue cites each section.

    Guidance that anybody reads is in `shown`, what is only archived in `archived`.
    """
    guidance = Guidance.objects.current()
    shown = guidance.shown_to(Audience.CLINICIAN)
    archived = guidance.exclude(pk__in=shown.order_by().values("pk"))
    return Source.objects.prefetch_related(
        ordered("sections", SourceSection.objects.all()),
        ordered("sections__exercises", Exercise.objects.current()),
        ordered("sections__protocols", Protocol.objects.current()),
        ordered("sections__guidance", shown, to_attr="shown"),
        ordered("sections__guidance", archived, to_attr="archived"),
        ordered("sections__corrections", guidance),
        ordered("sections__foods", Food.objects.current()),
        ordered("sections__recipes", Recipe.objects.current()),
        ordered("sections__instruments", Instrument.objects.current()),
        ordered("sections__time_windows", TimeWindow.objects.current()),
    )
