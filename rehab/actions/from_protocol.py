"""A draft plan from a protocol: its items and schedule, and none of its doses.

Ranges with their sources are shown beside the empty fields; the clinician fills them in.
"""

from collections.abc import Collection
from uuid import uuid4

from django.utils.translation import gettext as _

from exercises.models import Protocol, ProtocolItem, ProtocolPart
from patients.domain.errors import Invalid
from rehab.domain.plan_draft import ItemDraft, PartDraft, PlanDraft


def draft_from_protocol(
    *, protocol_slug: str, language: str = "zh-Hans", chosen: Collection[str] | None = None
) -> PlanDraft:
    """Return the draft that a protocol describes; Invalid when there is no such protocol.

    chosen: codes of the items to take; None takes all that the protocol does not call optional.
    """
    protocol = Protocol.objects.current().filter(slug=protocol_slug).with_items().first()
    if protocol is None:
        raise Invalid(_("There is no such protocol."), field="protocol", code="unknown_protocol")
    return PlanDraft(
        title=protocol.names[language],
        protocol=protocol.slug,
        items=tuple(_item(item) for item in protocol.current_items if _is_wanted(item, chosen)),
    )


def _is_wanted(item: ProtocolItem, chosen: Collection[str] | None) -> bool:
    return not item.optional if chosen is None else item.code in chosen


def _item(item: ProtocolItem) -> ItemDraft:
    parts = sorted(item.parts.all(), key=lambda part: part.position)
    return ItemDraft(
        series=uuid4(),
        exercise=parts[0].exercise.slug,
        kind=item.kind,
        title=item.names,
        schedule=item.schedule or {},
        parts=tuple(_part(part) for part in parts),
    )


def _part(part: ProtocolPart) -> PartDraft:
    return PartDraft(
        part=uuid4(),
        exercise=part.exercise.slug,
        motion=part.motion_id or part.exercise.motion_id or "",
        muscle=part.muscle_id or part.exercise.muscle_id or "",
        side="" if part.side == "affected" else part.side,
    )
