"""What the protocol sheets say the tables should hold."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from exercises.actions.plain import plain
from exercises.actions.rows import Rows, cited, graded
from exercises.actions.wording import worded
from exercises.domain.identity import content_id
from exercises.models import Protocol, ProtocolItem, ProtocolPart
from exercises.sheets import catalogue
from exercises.sheets.library import Library


def protocol_rows(library: Library) -> Iterator[Rows]:
    protocols, items, parts = Rows(Protocol), Rows(ProtocolItem), Rows(ProtocolPart)
    for slug, placed in library.protocols.items():
        key = content_id("protocol", slug)
        protocols.add(
            key,
            _protocol(placed.item),
            conditions=placed.item.conditions,
            sections=cited(placed.item.citations),
        )
        for item in placed.item.items:
            item_key = content_id("protocol-item", slug, item.code)
            items.add(item_key, _item(item, protocol_id=key))
            for number, part in enumerate(item.parts, 1):
                part_key = content_id("protocol-part", slug, item.code, str(number))
                parts.add(part_key, _part(part, library, item_id=item_key))
    yield from (protocols, items, parts)


def _protocol(item: catalogue.Protocol) -> dict[str, Any]:
    return {
        "slug": item.slug,
        "names": plain(item.names),
        "summary": plain(item.summary),
        "phase_weeks": item.phase_weeks,
        "review_after_weeks": item.review_after_weeks,
        "training_expires_after_weeks": item.training_expires_after_weeks,
        "gates": plain(item.gates),
        "barred": plain(item.barred),
        "milestones": plain(item.milestones),
        **graded(item),
        **worded(item, item.names, item.summary),
    }


def _item(item: catalogue.ProtocolItem, *, protocol_id: UUID) -> dict[str, Any]:
    return {
        "protocol_id": protocol_id,
        "code": item.code,
        "names": plain(item.names),
        "kind": item.kind,
        "modality_id": item.modality,
        "optional": item.optional,
        "notes": plain(item.notes),
        "dose": plain(item.dose),
        "sessions_per_day": plain(item.sessions_per_day),
        "sessions_per_week": plain(item.sessions_per_week),
        "schedule": plain(item.schedule),
    }


def _part(part: catalogue.ProtocolPart, library: Library, *, item_id: UUID) -> dict[str, Any]:
    exercise = library.exercises[part.exercise].item
    motion = part.motion or exercise.motion
    muscle = part.muscle or exercise.muscle
    moved = library.motions.get(motion or "") or library.muscles.get(muscle or "")
    return {
        "item_id": item_id,
        "exercise_id": content_id("exercise", part.exercise),
        "motion_id": motion,
        "muscle_id": muscle,
        "names": plain(moved.item.labels if moved else exercise.names),
        "side": part.side,
        "dose": plain(part.dose),
    }
