"""Protocols to choose from, each with how well it is proven."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exercises.models import Protocol


@dataclass(frozen=True, slots=True)
class ProtocolCard:
    slug: str
    name: str
    summary: str
    items: Sequence[str]
    conditions: str
    weeks: str
    evidence: str


def protocol_cards(protocols: Sequence[Protocol], language: str) -> list[ProtocolCard]:
    return [_card(each, language) for each in protocols]


def _card(protocol: Protocol, language: str) -> ProtocolCard:
    joint = "、" if language == "zh-Hans" else ", "
    return ProtocolCard(
        slug=protocol.slug,
        name=protocol.names[language],
        summary=protocol.summary[language],
        items=[item.names[language] for item in protocol.current_items],  # type: ignore[attr-defined]
        conditions=joint.join(each.names[language] for each in protocol.conditions.all()),
        weeks=_("review after %(review)s weeks, training ends after %(end)s")
        % {"review": protocol.review_after_weeks, "end": protocol.training_expires_after_weeks},
        evidence=_evidence(protocol, language),
    )


def _evidence(protocol: Protocol, language: str) -> str:
    detail = protocol.evidence_detail or {}
    return detail.get(language, "")
