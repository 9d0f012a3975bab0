"""Learn: what is most useful first, topics, one item, exercises step by step, what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises import pictures, reference
from rehab.models.reads.content_cards import EXCERPT
from rehab.models.reads.content_shapes import (
    ExerciseDetail,
    ExercisePage,
    GuidanceCard,
    GuidanceDetail,
    GuidancePage,
    Named,
    NotRecorded,
    SearchAnswer,
)
from rehab.models.reads.planned import PlannedPart
from rehab.models.reads.source_of_reader import ReadSource
from rehab.web.presenters import content_cards as cards
from rehab.web.presenters import content_words, doses
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
class Link:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class GuidancePageShown:
    card: cards.ContentCard
    topic: Link
    claim: str
    corrections: Sequence["CorrectionShown"]
    proof: cards.Proof
    sources: Sequence[cards.SourceLine]
    exercises: Sequence[Link]
    recipes: Sequence[Link]
    foods: Sequence[Link]
    editors: str


@dataclass(frozen=True, slots=True)
class CorrectionShown:
    says: str
    sources: str


@dataclass(frozen=True, slots=True)
class ExerciseGroup:
    label: str
    cards: Sequence[cards.ContentCard]


@dataclass(frozen=True, slots=True)
class ExercisesPage:
    learn_url: str
    planned: Sequence[cards.ContentCard]
    groups: Sequence[ExerciseGroup]
    hidden: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What the drawing tag asks for: codes, the side, and in a plan the plan's own end."""

    modality: str
    motion: str
    muscle: str
    side: str
    end_degrees: float | None


@dataclass(frozen=True, slots=True)
class ExercisePageShown:
    card: cards.ContentCard
    back_url: str
    kind: str
    in_plan: Sequence[str]
    picture: Picture | None
    steps: Sequence[str]
    stop_at: Sequence[str]
    cautions: Sequence[str]
    proof: cards.Proof
    sources: Sequence[cards.SourceLine]
    editors: str


@dataclass(frozen=True, slots=True)
class FoundLine:
    name: str
    url: str
    kind: str
    excerpt: str
    is_signed: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    typed: str
    search_url: str
    results: Sequence[FoundLine]
    many: str
    hidden: str


@dataclass(frozen=True, slots=True)
class ReadSectionShown:
    title: str
    items: Sequence[Link]


@dataclass(frozen=True, slots=True)
class SourcePageShown:
    name: str
    about: str
    address: str
    facts: str
    sections: Sequence[ReadSectionShown]
    unused: Sequence[str]
    learn_url: str


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
        topic=Link(
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
        editors=editors(card.standing),
    )


def _links(kind: str, named: Sequence[Named], patient: UUID) -> list[Link]:
    return [Link(each.name, cards.address_of(kind, each.code, patient)) for each in named]


def editors(standing: cards.Standing) -> str:
    """Whether the people who wrote it have had it reviewed."""
    if standing.last_reviewed is None:
        return _("No professional has reviewed this text yet.")
    return _("Reviewed by %(who)s, %(when)s") % {
        "who": standing.reviewed_by,
        "when": standing.last_reviewed.isoformat(),
    }


def exercises_page(
    found: ExercisePage, planned: Sequence[PlannedPart], viewer: Viewer
) -> ExercisesPage:
    patient, language = viewer.patient.pk, viewer.language
    in_plan = {part.exercise for part in planned}
    order = list(reference.modalities())
    ordered = sorted(found.results, key=lambda card: order.index(card.modality))
    return ExercisesPage(
        learn_url=reverse("rehab:learn", args=[patient]),
        planned=[
            cards.exercise_card(card, patient, language)
            for card in found.results
            if card.slug in in_plan
        ],
        groups=[
            ExerciseGroup(
                label=reference.modalities()[modality].labels[language],
                cards=[cards.exercise_card(card, patient, language) for card in group],
            )
            for modality, group in groupby(ordered, key=lambda card: card.modality)
        ],
        hidden=found.hidden.line,
    )


def exercise_page(
    found: ExerciseDetail, planned: Sequence[PlannedPart], viewer: Viewer
) -> ExercisePageShown:
    patient, card = viewer.patient.pk, found.card
    return ExercisePageShown(
        card=cards.exercise_card(card, patient, viewer.language),
        back_url=reverse("rehab:exercises", args=[patient]),
        kind=reference.modalities()[card.modality].labels[viewer.language],
        in_plan=[_limit(part, viewer) for part in planned],
        picture=_picture(found, planned) if found.steps else None,
        steps=found.steps,
        stop_at=found.stop_at,
        cautions=found.cautions,
        proof=cards.proof(card.evidence),
        sources=cards.source_lines(found.sources, patient),
        editors=editors(card.standing),
    )


def _limit(part: PlannedPart, viewer: Viewer) -> str:
    """That it is in the plan, on which side, and how far the plan lets it go."""
    side = {"left": _("left"), "right": _("right"), "both": _("both sides")}.get(part.side, "")
    if part.end_degrees is None:
        return _("In your plan: %(side)s") % {"side": side} if side else _("In your plan")
    said = {"side": side, "most": doses.with_unit("end_angle_degrees", part.end_degrees)}
    if side:
        return _("In your plan: %(side)s, no further than %(most)s") % said
    return _("In your plan: no further than %(most)s") % said


def _picture(found: ExerciseDetail, planned: Sequence[PlannedPart]) -> Picture | None:
    """What there is to draw; in a plan it ends at the plan's own maximum, on the plan's side."""
    card = found.card
    part = planned[0] if planned else None
    muscles = [card.muscle] if card.muscle else []
    if not list(
        pictures.drawn_for(modality=card.modality, motion=card.motion or "", muscles=muscles)
    ):
        return None
    return Picture(
        modality=card.modality,
        motion=card.motion or "",
        muscle=card.muscle or "",
        side=part.side if part else "right",
        end_degrees=part.end_degrees if part else None,
    )


def search_page(found: SearchAnswer, viewer: Viewer) -> SearchPage:
    patient = viewer.patient.pk
    many = len(found.results)
    return SearchPage(
        typed=found.query,
        search_url=reverse("rehab:learn", args=[patient]),
        results=[
            FoundLine(
                name=each.name,
                url=cards.address_of(each.kind, each.ref, patient),
                kind=str(content_words.KINDS[each.kind]),
                excerpt=_clipped(each.excerpt),
                is_signed=each.signed_by_clinic,
            )
            for each in found.results
        ],
        many=ngettext("%(many)s found", "%(many)s found", many) % {"many": many},
        hidden=found.hidden.line,
    )


def _clipped(excerpt: str) -> str:
    """An excerpt that was cut ends after a whole word, and says that more follows."""
    if len(excerpt) < EXCERPT:
        return excerpt
    whole, space, _cut = excerpt.rpartition(" ")
    return f"{whole if space and excerpt.isascii() else excerpt}…"


def source_page(found: ReadSource, viewer: Viewer) -> SourcePageShown:
    patient = viewer.patient.pk
    read = _("Nobody has read it yet") if found.unread else _("Somebody has read it")
    return SourcePageShown(
        name=found.name,
        about=found.about,
        address=found.address if found.address.startswith("https://") else "",
        facts=" · ".join(filter(None, (found.published, read))),
        sections=[
            ReadSectionShown(
                _title(each.number, each.name),
                [
                    Link(item.name, cards.address_of(item.kind, item.ref, patient))
                    for item in each.items
                ],
            )
            for each in found.sections
            if each.items
        ],
        unused=[_title(each.number, each.name) for each in found.sections if not each.items]
        if found.is_document
        else [],
        learn_url=reverse("rehab:learn", args=[patient]),
    )


def _title(number: str, name: str) -> str:
    return " ".join(filter(None, (cards.numbered(number), name)))


def gaps(not_recorded: Sequence[NotRecorded]) -> list[str]:
    return [each.label for each in not_recorded]
