"""What a draft means by its items and parts: their exercise, modality, motion and muscle."""

from exercises import reference
from exercises.models import Exercise
from exercises.sheets.terms import Modality
from rehab.actions.surroundings import Around
from rehab.domain.plan_draft import ItemDraft, PartDraft


def slugs_of(item: ItemDraft) -> list[str]:
    """Return the exercises that an item and its parts name."""
    return [item.exercise, *(part.exercise for part in item.parts if part.exercise)]


def is_usable(item: ItemDraft, around: Around) -> bool:
    """Tell whether a plan may use everything that an item names."""
    return all(slug in around.exercises for slug in slugs_of(item))


def modality_of(item: ItemDraft, around: Around) -> Modality:
    return reference.modalities()[around.exercises[item.exercise].modality_id]


def exercise_of(item: ItemDraft, part: PartDraft, around: Around) -> Exercise:
    return around.exercises[part.exercise or item.exercise]


def motion_of(item: ItemDraft, part: PartDraft, around: Around) -> str:
    """Return the motion that a part names, else its exercise's own."""
    return part.motion or exercise_of(item, part, around).motion_id or ""


def muscle_of(item: ItemDraft, part: PartDraft, around: Around) -> str:
    return part.muscle or exercise_of(item, part, around).muscle_id or ""


def parts_of(item: ItemDraft) -> tuple[PartDraft, ...]:
    """Return the parts, or for an item without any the one that is the whole body."""
    return item.parts or (PartDraft(),)
