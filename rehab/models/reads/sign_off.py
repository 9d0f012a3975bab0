"""The queue of a clinic: what has its signature, what has lost it, what never had it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rehab.models.reads.cursors import InOrder, opaque
from rehab.models.reads.names import Text
from rehab.models.reads.signable import KINDS, Line, wordings
from rehab.models.signature import ContentSignature

STATES = ("changed", "new", "signed")
"""changed: signed in an earlier wording. new: never signed, or withdrawn. signed: as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The last signature of an item, whether it still stands or not."""

    id: UUID
    digest: str
    signed_by: str
    signed_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """One item that a clinic can sign. digest: send it back to say which wording was read.

    For patients: it reaches them, by its advice or its caution. group: topic, modality or role.
    """

    kind: str
    slug: str
    names: Text
    digest: str
    state: str
    for_patients: bool
    group: str
    last_reviewed: str | None
    signature: Signed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """counts: state -> how many items, before the filter of the state."""

    results: Sequence[QueueItem]
    counts: Mapping[str, int]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """An item as it stands, and as it was when the clinic last signed it."""

    item: QueueItem
    now: Sequence[Line]
    signed: Sequence[Line] | None


def queue_of(
    clinic_id: UUID,
    *,
    kind: str | None = None,
    state: str | None = None,
    group: str | None = None,
    for_patients: bool | None = None,
    typed: str = "",
    after: InOrder | None = None,
    limit: int = 20,
) -> Queue:
    """Return a page of what a clinic can sign: one statement a kind, and one for signatures.

    What changed since it was signed comes first, then what was never signed.
    """
    found = [
        item
        for item in _items(clinic_id, [kind] if kind else list(KINDS), typed=typed)
        if (group is None or item.group == group)
        and (for_patients is None or item.for_patients == for_patients)
    ]
    counts = {each: sum(item.state == each for item in found) for each in STATES}
    wanted = [item for item in found if state is None or item.state == state]
    wanted.sort(key=lambda item: STATES.index(item.state))
    skip = after.skip if after else 0
    return Queue(
        results=wanted[skip : skip + limit],
        counts=counts,
        next=opaque(InOrder(skip + limit)) if len(wanted) > skip + limit else None,
        previous=opaque(InOrder(max(skip - limit, 0))) if skip else None,
    )


def queue_item(clinic_id: UUID, kind: str, slug: str) -> QueueItem | None:
    """Return one item, or None for what nobody reads."""
    return next(iter(_items(clinic_id, [kind], slugs=[slug])), None)


def wording_beside_signed(clinic_id: UUID, item: QueueItem) -> Wording:
    """Return an item's wording with that of the last signature."""
    signed = (
        ContentSignature.objects.of_clinics([clinic_id])
        .filter(kind=item.kind, slug=item.slug)
        .newest_first()
        .values_list("wording", flat=True)
        .first()
    )
    now = wordings(item.kind, [item.slug])[item.slug]
    return Wording(item=item, now=now.wording, signed=signed)


def _items(
    clinic_id: UUID, kinds: Iterable[str], *, slugs: Sequence[str] = (), typed: str = ""
) -> list[QueueItem]:
    last, holding = _last_signatures(clinic_id), _holding(clinic_id)
    return [
        _item(kind, row, last.get((kind, row["key"])), holding)
        for kind in kinds
        for row in _rows(kind, slugs, typed)
    ]


def _rows(kind: str, slugs: Sequence[str], typed: str) -> Iterable[Mapping[str, Any]]:
    signable = KINDS[kind]
    rows = signable.listed()
    if slugs:
        rows = rows.filter(**{f"{signable.key}__in": list(slugs)})
    if typed:
        rows = rows.matching_words(typed)
    columns = [signable.key, "names", "digest", "last_reviewed"]
    if signable.told:
        columns += ["advice_audience", "caution_audience"]
    if signable.grouping:
        columns.append(signable.grouping)
    for row in rows.in_order().values(*columns):
        audiences = (row.get("advice_audience"), row.get("caution_audience"))
        yield {
            **row,
            "key": row[signable.key],
            "group": row[signable.grouping] if signable.grouping else "",
            "for_patients": "patient" in audiences,
        }


_SIGNATURE = (
    "id", "kind", "slug", "digest", "signed_by__name", "signed_at", "withdrawn_by__name",
    "withdrawn_at",
)  # fmt: skip


def _last_signatures(clinic_id: UUID) -> dict[tuple[str, str], Mapping[str, Any]]:
    rows = (
        ContentSignature.objects.of_clinics([clinic_id])
        .order_by("kind", "slug", "-signed_at", "-id")
        .distinct("kind", "slug")
        .values(*_SIGNATURE)
    )
    return {(row["kind"], row["slug"]): row for row in rows}


def _holding(clinic_id: UUID) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    """Every signature that stands; it holds where its digest is that of the item."""
    rows = ContentSignature.objects.of_clinics([clinic_id]).standing().values(*_SIGNATURE)
    return {(row["kind"], row["slug"], row["digest"]): row for row in rows}


def _item(
    kind: str,
    row: Mapping[str, Any],
    last: Mapping[str, Any] | None,
    holding: Mapping[tuple[str, str, str], Mapping[str, Any]],
) -> QueueItem:
    reviewed = row["last_reviewed"]
    held = holding.get((kind, row["key"], row["digest"]))
    return QueueItem(
        kind=kind,
        slug=row["key"],
        names=row["names"],
        digest=row["digest"],
        state="signed" if held else _state(last),
        for_patients=row["for_patients"],
        group=row["group"],
        last_reviewed=reviewed.isoformat() if reviewed else None,
        signature=_signed(shown) if (shown := held or last) else None,
    )


def _state(last: Mapping[str, Any] | None) -> str:
    """The state of an item whose wording of today nobody has signed."""
    return "new" if last is None or last["withdrawn_at"] is not None else "changed"


def _signed(row: Mapping[str, Any]) -> Signed:
    return Signed(
        id=row["id"],
        digest=row["digest"],
        signed_by=row["signed_by__name"],
        signed_at=row["signed_at"],
        withdrawn_by=row["withdrawn_by__name"],
        withdrawn_at=row["withdrawn_at"],
    )
