"""Cards of content for a patient and whoever helps: what, how well proven, reviewed by whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from rehab.models.reads.content_shapes import (
    ExerciseCard,
    Grade,
    GuidanceCard,
    SourceShown,
    Standing,
)
from rehab.models.reads.content_words import reason_label
from rehab.web.presenters import content_words
from rehab.web.presenters.due_card import Chip

_SENTENCE = re.compile(r".+?(?:。|[.!?](?=\s|$))", re.DOTALL)

PAGES = {
    "guidance": "rehab:guidance",
    "exercise": "rehab:exercise",
    "food": "rehab:food",
    "recipe": "rehab:recipe",
}


@dataclass(frozen=True, slots=True)
class ContentCard:
    """brief: the first sentence of the advice. marks: how well it is proven and whether the
    clinic has reviewed it. withheld: why the advice is not shown; the caution is shown all the
    same."""

    name: str
    url: str
    brief: str
    advice: str
    caution: str
    withheld: str
    because: Sequence[str]
    facts: Sequence[str]
    marks: Sequence[Chip]


@dataclass(frozen=True, slots=True)
class Proof:
    """How well something is proven, at length."""

    label: str
    tone: str
    detail: str
    says: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    title: str
    section: str
    url: str
    unread: bool


def address_of(kind: str, ref: str, patient_id: UUID) -> str:
    return reverse(PAGES[kind], args=[patient_id, ref])


def guidance_card(card: GuidanceCard, patient_id: UUID, language: str) -> ContentCard:
    return ContentCard(
        name=card.name,
        url=address_of("guidance", card.slug, patient_id),
        brief=first_sentence(card.advice or ""),
        advice=card.advice or "",
        caution=card.caution or "",
        withheld=withheld_line(card.withheld, language) if card.advice is None else "",
        because=card.because,
        facts=place_facts(card.place, taught=card.taught_by_clinic),
        marks=marks(card.evidence, card.standing, traditional=card.topic == "traditional"),
    )


def exercise_card(card: ExerciseCard, patient_id: UUID, language: str) -> ContentCard:
    return ContentCard(
        name=card.name,
        url=address_of("exercise", card.slug, patient_id),
        brief=first_sentence(card.summary),
        advice=card.summary,
        caution="",
        withheld=withheld_line(card.withheld, language),
        because=(),
        facts=place_facts(card.place, taught=card.taught_by_clinic),
        marks=marks(card.evidence, card.standing),
    )


def first_sentence(text: str) -> str:
    """The beginning of a text, up to its first full stop in either language."""
    found = _SENTENCE.match(text)
    return found[0] if found else text


def place_facts(place: str, *, taught: bool) -> list[str]:
    """Where it is done, and that the clinic shows it first."""
    where = {"clinic": _("At the clinic only"), "home": _("At home")}.get(place)
    shown = _("The clinic shows you first") if taught else None
    return [each for each in (where, shown) if each]


def withheld_line(reasons: Sequence[str], language: str) -> str:
    if not reasons:
        return ""
    labels = _(", ").join(reason_label(each, language) for each in reasons)
    return _("Not shown as advice for you: %(why)s. Ask your clinic.") % {"why": labels}


def marks(grade: Grade, standing: Standing, *, traditional: bool = False) -> list[Chip]:
    proven = content_words.proven(grade.kind, grade.people, traditional=traditional)
    return [Chip(proven, content_words.GROUND[grade.kind], "chart"), reviewed(standing)]


def reviewed(standing: Standing) -> Chip:
    if standing.signed_by_clinic:
        return Chip(_("Reviewed by your clinic"), "done", "check")
    return Chip(_("Not yet reviewed by your clinic"), "quiet", "info")


def proof(grade: Grade, *, traditional: bool = False) -> Proof:
    return Proof(
        label=content_words.proven(grade.kind, grade.people, traditional=traditional),
        tone=content_words.GROUND[grade.kind],
        detail=grade.detail,
        says=grade.says,
    )


def source_lines(sources: Sequence[SourceShown], patient_id: UUID) -> list[SourceLine]:
    return [
        SourceLine(
            title=each.title,
            section=" ".join(filter(None, (numbered(each.section), each.section_title))),
            url=reverse("rehab:content-source", args=[patient_id, each.source]),
            unread=each.checked != "looked_up",
        )
        for each in sources
    ]


def numbered(section: str) -> str:
    """Numbers of sections are shown, codes such as "intro" are not."""
    return section if section[:1].isdigit() else ""


@dataclass(frozen=True, slots=True)
class Link:
    name: str
    url: str


def editors(standing: Standing) -> str:
    """Whether the people who wrote it have had it reviewed."""
    if standing.last_reviewed is None:
        return _("No professional has reviewed this text yet.")
    return _("Reviewed by %(who)s, %(when)s") % {
        "who": standing.reviewed_by,
        "when": standing.last_reviewed.isoformat(),
    }
