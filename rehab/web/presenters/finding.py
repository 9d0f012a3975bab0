"""What a search found, and what was read of one source."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.models.reads.content_cards import EXCERPT
from rehab.models.reads.content_shapes import SearchAnswer
from rehab.models.reads.source_of_reader import ReadSource
from rehab.web.presenters import content_cards as cards
from rehab.web.presenters import content_words
from rehab.web.viewing import Viewer


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
    items: Sequence[cards.Link]


@dataclass(frozen=True, slots=True)
class SourcePageShown:
    name: str
    about: str
    address: str
    facts: str
    sections: Sequence[ReadSectionShown]
    unused: Sequence[str]
    learn_url: str


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
                    cards.Link(item.name, cards.address_of(item.kind, item.ref, patient))
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
