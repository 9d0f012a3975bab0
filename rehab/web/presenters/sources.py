"""Sources with what was made of each section, and conflicts with their sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from exercises.models import Source
from patients.models import Clinic
from rehab.models.reads.sources import ConflictView, SectionUse, SourceUse, Use
from rehab.web.presenters import clock, content_words

# Kinds that have a page of their own to read and sign.
WITH_PAGE = frozenset({"guidance", "exercise", "food", "recipe", "protocol", "instrument"})


@dataclass(frozen=True, slots=True)
class SourceRow:
    name: str
    url: str
    facts: str
    is_document: bool
    unread: bool


@dataclass(frozen=True, slots=True)
class UseLine:
    kind: str
    name: str
    url: str
    audience: str


@dataclass(frozen=True, slots=True)
class SectionBlock:
    """archived: how many items are kept for the record and shown to nobody."""

    title: str
    lines: Sequence[UseLine]
    archived: int
    is_empty: bool


@dataclass(frozen=True, slots=True)
class SourcePage:
    name: str
    other_name: str
    about: str
    facts: str
    address: str
    unread: bool
    used: int
    sections: Sequence[SectionBlock]


@dataclass(frozen=True, slots=True)
class ConflictSideLine:
    kind: str
    name: str
    url: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class ConflictRow:
    text: str
    sides: Sequence[ConflictSideLine]
    sources: Sequence[str]
    resolved: str
    is_open: bool


def source_rows(sources: Sequence[Source], language: str) -> list[SourceRow]:
    return [
        SourceRow(
            name=each.names[language],
            url=reverse("rehab:source", args=[each.code]),
            facts=_facts(each.published, each.checked),
            is_document=each.kind == "document",
            unread=each.checked != "looked_up",
        )
        for each in sources
    ]


def _facts(published: str, checked: str) -> str:
    read = _("Somebody has read it") if checked == "looked_up" else _("Nobody has read it yet")
    return " · ".join(filter(None, (published, read)))


def source_page(found: SourceUse, clinic: Clinic, language: str) -> SourcePage:
    other = "en" if language == "zh-Hans" else "zh-Hans"
    sections = [_block(each, clinic, language) for each in found.sections]
    return SourcePage(
        name=found.names[language],
        other_name=found.names[other],
        about=found.about[language] if found.about else "",
        facts=_facts(found.published, found.checked),
        address=_address(found.address),
        unread=found.checked != "looked_up",
        used=sum(not each.is_empty for each in sections),
        sections=sections,
    )


def _address(address: str) -> str:
    """Only what a browser can open is a link."""
    return address if address.startswith("https://") else ""


def _block(section: SectionUse, clinic: Clinic, language: str) -> SectionBlock:
    shown = [each for each in section.uses if each.audience != "archive"]
    return SectionBlock(
        title=" ".join(filter(None, (_number(section.number), section.names[language]))),
        lines=[_line(each, clinic, language) for each in shown],
        archived=len(section.uses) - len(shown),
        is_empty=not section.uses,
    )


def _number(number: str) -> str:
    """Numbers are shown, codes such as "intro" are not."""
    return number if number[:1].isdigit() else ""


def _line(use: Use, clinic: Clinic, language: str) -> UseLine:
    return UseLine(
        kind=str(content_words.ALL_KINDS[use.kind]),
        name=use.names[language],
        url=item_url(use.kind, use.ref, clinic) if use.ref else "",
        audience=str(content_words.AUDIENCES[use.audience]),
    )


def item_url(kind: str, ref: str, clinic: Clinic) -> str:
    if kind not in WITH_PAGE:
        return ""
    return f"{reverse('rehab:sign-item', args=[kind, ref])}?{urlencode({'clinic': clinic.pk})}"


def conflict_rows(
    found: Sequence[ConflictView], clinic: Clinic, language: str
) -> list[ConflictRow]:
    return [
        ConflictRow(
            text=each.names[language],
            sides=[
                ConflictSideLine(
                    str(content_words.KINDS[side.kind]),
                    side.names[language],
                    item_url(side.kind, side.ref, clinic),
                    side.hidden,
                )
                for side in each.sides
            ],
            sources=[title[language] for title in each.sources],
            resolved=_resolved(each, language),
            is_open=each.resolved_on is None,
        )
        for each in found
    ]


def _resolved(found: ConflictView, language: str) -> str:
    if found.resolved is None:
        return ""
    return _("%(words)s (%(who)s, %(when)s)") % {
        "words": found.resolved[language],
        "who": found.resolved_by,
        "when": clock.day(found.resolved_on),
    }
