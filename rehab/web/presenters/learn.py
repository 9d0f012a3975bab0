"""Learn: what is most useful first, topics, and one item with how well it is proven."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import ngettext

from rehab.models.reads.content_shapes import (
    GuidanceCard,
    GuidanceDetail,
    GuidancePage,
    Named,
    NotRecorded,
)
from rehab.models.reads.planned import PlannedPart
from rehab.web.presenters import content_cards as cards
from rehab.web.presenters import content_words
from rehab.web.viewing import Viewer

FIRST = 4


# What helps whoever does the work at home comes before what the clinic does.
AT_HOME = frozenset({"self_care_home", "caregiver_assisted"})


ICONS = {
    "movement": "arc",
    "stimulation": "bolt",
    "standing_and_bone": "person",
    "strength": "chart",
    "skin_and_position": "alert",
    "daily_life": "clock",
    "eating": "bowl",
    "swallowing": "bowl",
    "checking": "list",
}


@dataclass(frozen=True, slots=True)
class TopicLink:
    label: str
    url: str
    many: str
    icon: str


@dataclass(frozen=True, slots=True)
class LearnPage:
    first: Sequence[cards.ContentCard]
    topics: Sequence[TopicLink]
    exercises_url: str
    search_url: str
    hidden: str
    not_recorded: Sequence[str]
    is_own: bool


@dataclass(frozen=True, slots=True)
class TopicPage:
    label: str
    learn_url: str
    cards: Sequence[cards.ContentCard]
    hidden: str


@dataclass(frozen=True, slots=True)
class GuidancePageShown:
    card: cards.ContentCard
    topic: cards.Link
    claim: str
    corrections: Sequence["CorrectionShown"]
    proof: cards.Proof
    sources: Sequence[cards.SourceLine]
    exercises: Sequence[cards.Link]
    recipes: Sequence[cards.Link]
    foods: Sequence[cards.Link]
    editors: str


@dataclass(frozen=True, slots=True)
class CorrectionShown:
    says: str
    sources: str


def learn_page(found: GuidancePage, planned: Sequence[PlannedPart], viewer: Viewer) -> LearnPage:
    patient = viewer.patient.pk
    return LearnPage(
        first=[
            cards.guidance_card(card, patient, viewer.language)
            for card in most_useful(found.results, planned)
        ],
        topics=list(topic_links(found.results, patient)),
        exercises_url=reverse("rehab:exercises", args=[patient]),
        search_url=reverse("rehab:learn", args=[patient]),
        hidden=found.hidden.line,
        not_recorded=gaps(found.not_recorded),
        is_own=viewer.is_patient,
    )


def most_useful(
    found: Sequence[GuidanceCard], planned: Sequence[PlannedPart]
) -> Sequence[GuidanceCard]:
    """The few to read first: about what is in the plan, then for whoever does the work at home.

    Then what was tried in people; what the content puts first wins where all else is equal.
    """
    modalities = {part.modality for part in planned}
    advised = [card for card in found if card.advice is not None]

    def rank(card: GuidanceCard) -> tuple[bool, bool, bool]:
        return (
            card.modality not in modalities,
            card.category not in AT_HOME,
            not card.evidence.kind.startswith("human"),
        )

    return sorted(advised, key=rank)[:FIRST]


def topic_links(found: Sequence[GuidanceCard], patient: UUID) -> Sequence[TopicLink]:
    counts = {code: sum(card.topic == code for card in found) for code in content_words.TOPICS}
    return [
        TopicLink(
            label=str(content_words.TOPICS[code]),
            url=reverse("rehab:topic", args=[patient, code]),
            many=ngettext("%(many)s item", "%(many)s items", many) % {"many": many},
            icon=ICONS.get(code, "info"),
        )
        for code, many in counts.items()
        if many
    ]


def topic_page(found: GuidancePage, code: str, viewer: Viewer) -> TopicPage | None:
    """One topic; None where there is no such topic, or nothing of it for this reader."""
    if code not in content_words.TOPICS or not (found.results or found.hidden.total):
        return None
    patient = viewer.patient.pk
    return TopicPage(
        label=str(content_words.TOPICS[code]),
        learn_url=reverse("rehab:learn", args=[patient]),
        cards=[cards.guidance_card(card, patient, viewer.language) for card in found.results],
        hidden=found.hidden.line,
    )


def guidance_page(found: GuidanceDetail, viewer: Viewer) -> GuidancePageShown:
    patient, card = viewer.patient.pk, found.card
    return GuidancePageShown(
        card=cards.guidance_card(card, patient, viewer.language),
        topic=cards.Link(
            str(content_words.TOPICS[card.topic]),
            reverse("rehab:topic", args=[patient, card.topic]),
        ),
        claim=found.claim or "",
        corrections=[
            CorrectionShown(each.says, "; ".join(each.sources)) for each in found.later_evidence
        ],
        proof=cards.proof(card.evidence, traditional=card.topic == "traditional"),
        sources=cards.source_lines(found.sources, patient),
        exercises=_links("exercise", found.exercises, patient),
        recipes=_links("recipe", found.recipes, patient),
        foods=_links("food", found.foods, patient),
        editors=cards.editors(card.standing),
    )


def _links(kind: str, named: Sequence[Named], patient: UUID) -> list[cards.Link]:
    return [cards.Link(each.name, cards.address_of(kind, each.code, patient)) for each in named]


def gaps(not_recorded: Sequence[NotRecorded]) -> list[str]:
    return [each.label for each in not_recorded]
