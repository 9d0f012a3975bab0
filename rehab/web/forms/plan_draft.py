"""A plan draft on its way through the editor: sealed, grown by a piece, and found again by path."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from uuid import uuid4

import msgspec
from django.core import signing
from django.utils.translation import gettext as _

from exercises.sheets.terms import Modality
from patients.domain.errors import FieldError
from rehab.domain.plan_draft import ItemDraft, PartDraft, PlanDraft
from rehab.models.shapes import converted

SALT = "rehab.plan-draft"


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited draft. items[n], parts[n][m]: where its nth item and mth part are on the form."""

    draft: PlanDraft
    items: Sequence[int]
    parts: Sequence[Sequence[int]]

    def field_name(self, path: str) -> str:
        """Where a path of the draft is: "items.0.parts.1.dose.minutes" is "i0-p1-minutes"."""
        match path.split("."):
            case ["items", item, "parts", part, *rest]:
                prefix = f"i{self.items[int(item)]}-p{self.parts[int(item)][int(part)]}"
                return f"{prefix}-{_part_tail(rest)}"
            case ["items", item, *rest]:
                return f"i{self.items[int(item)]}-{_item_tail(rest)}"
        return path

    def sentence(self, error: FieldError) -> str:
        """The refusal of one field, in the language of the page."""
        if ".schedule." in error.field:
            return _about_the_schedule(error.field)
        return _(error.detail)


def _about_the_schedule(path: str) -> str:
    """What to do about a schedule that cannot be read, by the field that is wrong."""
    match path.partition(".schedule.")[2].split("."):
        case ["days", *_more]:
            return _("Choose at least one day.")
        case ["n"]:
            return _("Enter a whole number.")
        case ["anchor"]:
            return _("Enter the date.")
        case ["rule"]:
            return _("Choose how often.")
    return _("Enter the times, for example 09:00, 16:00.")


def _part_tail(rest: Sequence[str]) -> str:
    match rest:
        case ["dose", code]:
            return code
        case ["maximum", code]:
            return f"max-{code}"
    return ".".join(rest)


def _item_tail(rest: Sequence[str]) -> str:
    match rest:
        case ["target", code]:
            return f"t-{code}"
        case ["maximum", code]:
            return f"m-{code}"
        case ["schedule", "days", *_more]:
            return "days"
        case ["schedule", ("n" | "anchor" | "rule") as name]:
            return name
        case ["schedule", *_more]:
            return "times"
        case ["reminded"]:
            return "first"
        case ["reminded_by_slot", slot]:
            return f"slot-{slot}-first"
    return ".".join(rest)


def seal(draft: PlanDraft) -> str:
    """The draft for a hidden field: signed, so that only what we showed comes back."""
    return signing.dumps(json.loads(msgspec.json.encode(asdict(draft))), salt=SALT, compress=True)


def unseal(sealed: str) -> PlanDraft | None:
    try:
        return converted(signing.loads(sealed, salt=SALT), PlanDraft, strict=False)
    except (signing.BadSignature, msgspec.ValidationError):
        return None


def with_item(
    draft: PlanDraft, slug: str, modality: Modality, names: Mapping[str, str]
) -> PlanDraft:
    """The draft with one more item, of one part, with nothing decided yet."""
    item = ItemDraft(
        exercise=slug,
        schedule={},
        series=uuid4(),
        kind=modality.kind,
        title=dict(names),
        parts=(PartDraft(part=uuid4(), exercise=slug, side=""),),
    )
    return replace(draft, items=(*draft.items, item))


def with_part(draft: PlanDraft, place: int, slug: str) -> PlanDraft:
    """The draft with one more part in one item."""
    items = list(draft.items)
    part = PartDraft(part=uuid4(), exercise=slug, side="")
    items[place] = replace(items[place], parts=(*items[place].parts, part))
    return replace(draft, items=tuple(items))
