"""The sign-off queue, and one item with what changed since the clinic last signed it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from exercises import reference
from patients.models import Clinic
from rehab.domain.differences import Piece, differences
from rehab.models.reads.names import LANGUAGES
from rehab.models.reads.sign_off import Queue, QueueItem, Wording
from rehab.models.reads.signable import Line, Said
from rehab.web.presenters import clock, content_words
from rehab.web.presenters.due_card import Chip


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of a wording in both languages, each before and after, in pieces."""

    label: str
    is_changed: bool
    sides: Sequence["Side"]


@dataclass(frozen=True, slots=True)
class Side:
    language: str
    name: str
    before: Sequence[Piece]
    after: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """value: what a ticked box sends: kind, slug and the digest of what was shown."""

    anchor: str
    value: str
    name: str
    about: str
    chip: Chip
    signature: str
    is_signed: bool
    url: str
    passages: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: Sequence[QueueRow]
    older: str
    newer: str
    counts: Mapping[str, int]
    signable: int


@dataclass(frozen=True, slots=True)
class ItemPage:
    name: str
    about: str
    chip: Chip
    signature: str
    signature_id: UUID | None
    value: str
    is_signed: bool
    is_changed: bool
    changed: Sequence[Passage]
    whole: Sequence[Passage]


def queue_page(
    queue: Queue, said: Mapping[tuple[str, str], Said], clinic: Clinic, language: str, asked: str
) -> QueuePage:
    """A page of the queue, each row with its wording at hand. asked: the filter, as it was."""
    rows = [
        _row(item, said[item.kind, item.slug].wording, clinic, language) for item in queue.results
    ]
    return QueuePage(
        rows=rows,
        older=_page(asked, queue.next),
        newer=_page(asked, queue.previous),
        counts=queue.counts,
        signable=sum(not row.is_signed for row in rows),
    )


def item_page(found: Wording, clinic: Clinic, language: str) -> ItemPage:
    item = found.item
    passages = list(_compared(found.signed or [], found.now, language))
    return ItemPage(
        name=item.names[language],
        about=_about(item, language),
        chip=_chip(item),
        signature=_signature(item, clinic),
        signature_id=item.signature.id if item.state == "signed" and item.signature else None,
        value=_value(item),
        is_signed=item.state == "signed",
        is_changed=item.state == "changed",
        changed=[each for each in passages if each.is_changed],
        whole=list(_compared(found.now, found.now, language)),
    )


def _row(item: QueueItem, wording: Sequence[Line], clinic: Clinic, language: str) -> QueueRow:
    return QueueRow(
        anchor=f"{item.kind}-{item.slug}",
        value=_value(item),
        name=item.names[language],
        about=_about(item, language),
        chip=_chip(item),
        signature=_signature(item, clinic),
        is_signed=item.state == "signed",
        url=item_url(item, clinic),
        passages=list(_compared(wording, wording, language)),
    )


def item_url(item: QueueItem, clinic: Clinic) -> str:
    url = reverse("rehab:sign-item", args=[item.kind, item.slug])
    return f"{url}?{urlencode({'clinic': clinic.pk})}"


def _value(item: QueueItem) -> str:
    return f"{item.kind}:{item.slug}:{item.digest}"


def _chip(item: QueueItem) -> Chip:
    label, tone, icon = content_words.STATES[item.state]
    return Chip(str(label), tone, icon)


def _about(item: QueueItem, language: str) -> str:
    return " · ".join(filter(None, _facts(item, language)))


def _facts(item: QueueItem, language: str) -> Iterator[str]:
    yield str(content_words.KINDS[item.kind])
    yield group_label(item.kind, item.group, language)
    yield _("Reaches patients") if item.for_patients else _("Clinicians only")


def group_label(kind: str, group: str, language: str) -> str:
    """The topic, kind of exercise or list that an item stands in."""
    if kind == "exercise" and group in reference.modalities():
        return reference.modalities()[group].labels[language]
    found = content_words.TOPICS.get(group) or content_words.ROLES.get(group)
    return str(found or "")


def _signature(item: QueueItem, clinic: Clinic) -> str:
    last = item.signature
    if last is None:
        return ""
    said = {"who": last.signed_by, "when": clock.moment(last.signed_at, clinic.zone)}
    if last.withdrawn_at is not None:
        said["end"] = clock.moment(last.withdrawn_at, clinic.zone)
        return _("Signed by %(who)s, %(when)s; withdrawn %(end)s") % said
    if item.state == "changed":
        return _("An earlier wording was signed by %(who)s, %(when)s") % said
    return _("Signed by %(who)s, %(when)s") % said


def _page(asked: str, cursor: str | None) -> str:
    if cursor is None:
        return ""
    return f"?{asked}&after={cursor}" if asked else f"?after={cursor}"


_LANGUAGE_NAMES = {"zh-Hans": "中文", "en": "English"}


def _compared(before: Sequence[Line], after: Sequence[Line], language: str) -> Iterator[Passage]:
    """Both wordings line by line, in the order of today's; what is gone comes last."""
    old = {line["field"]: line for line in before}
    new = {line["field"]: line for line in after}
    for field in dict.fromkeys([*new, *old]):
        then, now = old.get(field, {}), new.get(field, {})
        yield Passage(
            label=content_words.field_label(field, language),
            is_changed=then != now,
            sides=[_side(each, field, then, now) for each in LANGUAGES],
        )


def _side(language: str, field: str, then: Line, now: Line) -> Side:
    words = [
        content_words.value_words(field, line.get(language, ""), language) for line in (then, now)
    ]
    before, after = differences(*words)
    return Side(language, _LANGUAGE_NAMES[language], before, after)
