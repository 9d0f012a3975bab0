"""What a clinician picks from: protocols, plannable exercises, people who may be reminded."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from exercises.models import Exercise, Protocol
from patients.models.user import User


def plannable_exercises(language: str) -> list[tuple[str, str]]:
    """Return slug and name of every exercise that may become a plan item, by modality."""
    return _named("plan", language=language)


def recordable_exercises(language: str) -> list[tuple[str, str]]:
    """Return slug and name of every exercise that may have happened, by modality.

    Vibration, ultrasound and acupuncture are recorded when they happen and put into no plan.
    """
    return _named("plan", "record", language=language)


def _named(*uses: str, language: str) -> list[tuple[str, str]]:
    found = Exercise.objects.current().filter(use__in=uses)
    return [
        (each.slug, each.names[language])
        for each in found.order_by("modality_id", "position", "slug")
    ]


def modality_of_exercises() -> Mapping[str, str]:
    return dict(Exercise.objects.current().filter(use="plan").values_list("slug", "modality_id"))


def protocols() -> Sequence[Protocol]:
    return list(Protocol.objects.current().in_order().with_items())


def names_of_people(user_ids: Collection[UUID]) -> dict[UUID, str]:
    found = User.objects.filter(pk__in=user_ids).order_by("name", "id")
    return {user.pk: str(user) for user in found}


@dataclass(frozen=True, slots=True)
class SourcedRange:
    """What a source gives for one dose field; `source` names it."""

    low: float
    high: float
    source: str


Ranges = Mapping[tuple[str, str], SourcedRange]


def ranges_of(protocol_slug: str) -> Ranges:
    """Return what the sources of a protocol give, by exercise and dose field."""
    protocol = Protocol.objects.filter(slug=protocol_slug).with_items().first()
    found: dict[tuple[str, str], SourcedRange] = {}
    for item in protocol.current_items if protocol else ():
        for part in item.parts.all():
            for code, given in {**item.dose, **part.dose}.items():
                if given:
                    found[(part.exercise.slug, code)] = _range(given)
    return found


def _range(given: Mapping[str, Any]) -> SourcedRange:
    sources = ", ".join(str(each.get("source", "")) for each in given.get("citations", ()))
    return SourcedRange(given["low"], given["high"], sources)


def names_of_exercise(slug: str) -> Mapping[str, str]:
    found: Mapping[str, str] = Exercise.objects.values_list("names", flat=True).get(slug=slug)
    return found
