"""Exercises step by step: the list, and one with its drawing and what stops it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import pictures, reference
from rehab.models.reads.content_shapes import ExerciseDetail, ExercisePage
from rehab.models.reads.planned import PlannedPart
from rehab.web.presenters import content_cards as cards
from rehab.web.presenters import doses
from rehab.web.viewing import Viewer


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
        editors=cards.editors(card.standing),
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
