"""The plan editor: a draft, with what the clinician changed laid over it.

The draft that the page started from travels along, signed, so that what is not edited stays as it
was: ids of items and parts among it. Nothing is prefilled that no person decided.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from exercises import reference
from exercises.sheets.terms import Modality
from rehab.actions.reminding import slot_ids
from rehab.domain.plan_draft import ItemDraft, PartDraft, PlanDraft
from rehab.domain.typed import UnreadableMeasure, parse_typed
from rehab.web.forms.fields import checks, choice, hidden, long_text, number, select, shaped, text
from rehab.web.forms.plan_draft import Edited, seal
from rehab.web.presenters import doses, words

_IS_TIME = re.compile(r"\d{1,2}:\d{2}")
SESSIONS = ("sessions_per_day", "sessions_per_week")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a clinician picks from. modality_of: exercise slug -> modality code."""

    exercises: Sequence[tuple[str, str]]
    modality_of: Mapping[str, str]
    people: Sequence[tuple[str, str]]


class PlanForm(forms.Form):
    """Built from a draft. Items are i0, i1 …, their parts i0-p0, i0-p1 …"""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        draft: PlanDraft,
        choices: Choices,
        language: str,
        revises: bool,
    ) -> None:
        self.draft, self.choices, self.language = draft, choices, language
        super().__init__(data, initial=dict(_initial(draft)))
        self.fields["base"] = hidden()
        self.fields["title"] = text(_("Title of the plan"), required=True, max_length=200)
        self.fields["review_due_on"] = _date(_("Review due on"))
        self.fields["training_expires_on"] = _date(_("Training ends on"))
        for place, item in enumerate(draft.items):
            self.fields.update(dict(self._item(place, item)))
        if revises:
            self.fields["note"] = long_text(_("What changed, and why"))
        known = [(slug, name) for slug, name in choices.exercises]
        self.fields["add_item"] = select(_("Add another exercise"), known, empty=_("Choose …"))

    def modality(self, item: ItemDraft) -> Modality:
        return reference.modalities()[self.choices.modality_of[item.exercise]]

    def _item(self, place: int, item: ItemDraft) -> Iterator[tuple[str, forms.Field]]:
        prefix, modality = f"i{place}", self.modality(item)
        yield f"{prefix}-remove", forms.BooleanField(label=_("Leave this item out"), required=False)
        rules = [
            ("weekly", _("On days of the week")),
            ("every_n_days", _("Every few days")),
            ("times_per_week", _("So many times a week, on any days")),
        ]
        yield f"{prefix}-rule", choice(_("How often"), rules, required=False)
        yield f"{prefix}-days", checks(_("Days"), list(words.DAYS.items()))
        yield f"{prefix}-n", number(_("Every how many days, or how many times a week"))
        yield f"{prefix}-anchor", _date(_("Counted from"))
        yield f"{prefix}-times", text(_("Times of day"), help_text=_("For example 09:00, 16:00"))
        policies = [
            ("home", _("The plan's clock, wherever the patient is")),
            ("follow", _("The patient's own clock")),
        ]
        yield f"{prefix}-zone_policy", choice(_("Whose clock"), policies)
        yield f"{prefix}-starts_on", _date(_("First day"))
        yield f"{prefix}-ends_on", _date(_("Last day"))
        for code in _prescribed(modality, modality.session_fields):
            yield f"{prefix}-t-{code}", self._number(code, modality)
        for code in sorted(modality.maximum_allowed & modality.session_fields):
            yield f"{prefix}-m-{code}", self._number(code, modality)
        yield f"{prefix}-m-sessions_per_day", number(_("At most so many sessions a day"))
        yield f"{prefix}-m-sessions_per_week", number(_("At most so many sessions a week"))
        yield (
            f"{prefix}-first",
            select(_("Who is reminded first"), self.choices.people, empty=_("Nobody by name")),
        )
        yield f"{prefix}-then", select(_("And then"), self.choices.people, empty=_("Nobody else"))
        yield (
            f"{prefix}-next_after_minutes",
            number(
                _("Tell the next person after so many minutes without a log"),
                help_text=_("Empty: never"),
            ),
        )
        yield from self._slot_people(place, item)
        if item.kind == "care":
            yield (
                f"{prefix}-wakes",
                forms.BooleanField(label=_("May wake somebody who agreed to it"), required=False),
            )
        yield f"{prefix}-instruction", long_text(_("Instruction for this patient"))
        for number_of_part, part in enumerate(item.parts):
            yield from self._part(f"{prefix}-p{number_of_part}", part, modality)
        same = [
            each
            for each in self.choices.exercises
            if self.choices.modality_of.get(each[0]) == modality.code
        ]
        yield f"{prefix}-add", select(_("Add a part"), same, empty=_("Choose …"))

    def _slot_people(self, place: int, item: ItemDraft) -> Iterator[tuple[str, forms.Field]]:
        """Who is reminded at one time of the day, where that is not as for the whole item."""
        for slot in self.slots(place, item):
            said = {"time": slot["at"]}
            yield (
                f"i{place}-slot-{slot['id']}-first",
                select(
                    _("First at %(time)s") % said, self.choices.people, empty=_("As for the item")
                ),
            )
            yield (
                f"i{place}-slot-{slot['id']}-then",
                select(_("Then at %(time)s") % said, self.choices.people, empty=_("Nobody else")),
            )

    def slots(self, place: int, item: ItemDraft) -> list[dict[str, str]]:
        """The times of an item as they stand on the form; none for n times a week."""
        prefix = f"i{place}"
        if f"{prefix}-times" not in self.data:
            return [dict(each) for each in item.schedule.get("slots", ())]  # type: ignore[attr-defined]
        if self.data.get(f"{prefix}-rule") == "times_per_week":
            return []
        times = [each for each in _times(self.data[f"{prefix}-times"]) if _IS_TIME.fullmatch(each)]
        return _slots(times, item)

    def _part(
        self, prefix: str, part: PartDraft, modality: Modality
    ) -> Iterator[tuple[str, forms.Field]]:
        yield f"{prefix}-remove", forms.BooleanField(label=_("Leave this part out"), required=False)
        yield f"{prefix}-side", choice(_("Side"), list(words.SIDES.items()))
        if modality.part_kind == "muscle":
            yield f"{prefix}-channel", number(_("Channel"))
        for code in _prescribed(modality, modality.prescription_allowed - modality.session_fields):
            yield f"{prefix}-{code}", self._number(code, modality, part.motion)
        for code in sorted(modality.maximum_allowed - modality.session_fields):
            yield f"{prefix}-max-{code}", self._number(code, modality, part.motion)
        for code in modality.choice_fields:
            if reference.choice_fields()[code].clinicians_only:
                found = reference.choice_fields()[code]
                options = [(each.code, each.labels[self.language]) for each in found.choices]
                yield (
                    f"{prefix}-{code}",
                    select(found.labels[self.language], options, empty=_("Not set")),
                )

    def _number(self, code: str, modality: Modality, motion: str = "") -> forms.Field:
        limits = reference.limits(code, modality=modality.code, motion=motion or None)
        field = number(doses.label_of(code, self.language), unit=limits.unit)
        return shaped(field, "number", limits=limits)

    # --- what was entered ---------------------------------------------------------------------

    def edited(self) -> Edited:
        """Return the draft as it now stands, and where its items and parts are on the form."""
        said = self.cleaned_data
        kept = [place for place in range(len(self.draft.items)) if not said[f"i{place}-remove"]]
        parts = [
            [
                number_of_part
                for number_of_part in range(len(self.draft.items[place].parts))
                if not said[f"i{place}-p{number_of_part}-remove"]
            ]
            for place in kept
        ]
        items = tuple(
            self._item_draft(place, wanted) for place, wanted in zip(kept, parts, strict=True)
        )
        draft = replace(
            self.draft,
            title=said["title"],
            items=items,
            review_due_on=said["review_due_on"],
            training_expires_on=said["training_expires_on"],
            note=said.get("note", ""),
        )
        return Edited(draft, kept, parts)

    def _item_draft(self, place: int, wanted: Sequence[int]) -> ItemDraft:
        said, item, prefix = self.cleaned_data, self.draft.items[place], f"i{place}"
        modality = self.modality(item)
        maximum = [*SESSIONS, *(modality.maximum_allowed & modality.session_fields)]
        reminded = [said[f"{prefix}-first"], said[f"{prefix}-then"], *item.reminded[2:]]
        schedule = self._schedule(place, item)
        return replace(
            item,
            schedule=schedule,
            zone_policy=said[f"{prefix}-zone_policy"] or "home",
            starts_on=said[f"{prefix}-starts_on"],
            ends_on=said[f"{prefix}-ends_on"],
            target=self._values(f"{prefix}-t", _prescribed(modality, modality.session_fields)),
            maximum=self._values(f"{prefix}-m", maximum),
            reminded=tuple(dict.fromkeys(UUID(str(each)) for each in reminded if each)),
            reminded_by_slot=self._reminded_by_slot(prefix, item, schedule),
            next_after_minutes=self._whole(f"{prefix}-next_after_minutes"),
            wakes=bool(said.get(f"{prefix}-wakes")),
            instruction=said[f"{prefix}-instruction"],
            parts=tuple(
                self._part_draft(f"{prefix}-p{each}", item.parts[each], modality) for each in wanted
            ),
        )

    def _reminded_by_slot(
        self, prefix: str, item: ItemDraft, schedule: Mapping[str, object]
    ) -> dict[str, tuple[UUID, ...]]:
        """What the fields of the slots say; a slot without fields stays as it was."""
        found: dict[str, tuple[UUID, ...]] = {}
        for slot in slot_ids(schedule):
            before = item.reminded_by_slot.get(slot, ())
            if f"{prefix}-slot-{slot}-first" in self.fields:
                names = (f"{prefix}-slot-{slot}-first", f"{prefix}-slot-{slot}-then")
                said = [*(self.cleaned_data[name] for name in names), *before[2:]]
                before = tuple(dict.fromkeys(UUID(str(each)) for each in said if each))
            if before:
                found[slot] = before
        return found

    def _part_draft(self, prefix: str, part: PartDraft, modality: Modality) -> PartDraft:
        said = self.cleaned_data
        codes = _prescribed(modality, modality.prescription_allowed - modality.session_fields)
        chosen = {
            code: said[f"{prefix}-{code}"]
            for code in modality.choice_fields
            if said.get(f"{prefix}-{code}")
        }
        channel = (
            self._value(f"{prefix}-channel", "") if f"{prefix}-channel" in self.fields else None
        )
        return replace(
            part,
            side=said[f"{prefix}-side"] or "",
            channel=int(channel) if isinstance(channel, int | float) else None,
            dose={**self._values(prefix, codes), **chosen},
            maximum=self._values(
                f"{prefix}-max", sorted(modality.maximum_allowed - modality.session_fields)
            ),
        )

    def _values(self, prefix: str, codes: Sequence[str]) -> dict[str, Any]:
        found = {code: self._value(f"{prefix}-{code}", code) for code in codes}
        return {code: value for code, value in found.items() if value is not None}

    def _whole(self, name: str) -> int | None:
        """What is no whole number becomes 0, which is out of the range that it is judged by."""
        value = self._value(name, "")
        return value if value is None or isinstance(value, int) else 0

    def _value(self, name: str, code: str) -> float | int | str | None:
        typed = (self.cleaned_data.get(name) or "").strip()
        if not typed:
            return None
        try:
            value = parse_typed(typed, doses.unit_of(code)).value
        except UnreadableMeasure:
            return typed
        return int(value) if value == int(value) else value

    def _schedule(self, place: int, item: ItemDraft) -> dict[str, object]:
        said, prefix = self.cleaned_data, f"i{place}"
        times = _times(said[f"{prefix}-times"])
        n = self._value(f"{prefix}-n", "")
        policy = {"zone_policy": said[f"{prefix}-zone_policy"] or "home"}
        match said[f"{prefix}-rule"]:
            case "times_per_week":
                return {
                    "rule": "times_per_week",
                    "n": n,
                    **({"at": times[0]} if times else {}),
                    **policy,
                }
            case "every_n_days":
                anchor = said[f"{prefix}-anchor"]
                start = {"anchor": anchor.isoformat() if anchor else ""}
                return {
                    "rule": "every_n_days",
                    "n": n,
                    **start,
                    "slots": _slots(times, item),
                    **policy,
                }
            case "weekly":
                return {
                    "rule": "weekly",
                    "days": said[f"{prefix}-days"],
                    "slots": _slots(times, item),
                    **policy,
                }
        return {}


def _times(typed: str) -> list[str]:
    """The times of day as they were typed, apart."""
    plain = typed.replace("，", ",").replace("：", ":").replace(" ", ",")
    return [each for each in plain.split(",") if each]


def _slots(times: Sequence[str], item: ItemDraft) -> list[dict[str, str]]:
    """Slots in the order of the day. A time that stays keeps its slot, and with it its people;

    a new time takes the slot of one that went, so that moving it does not make it another.
    """
    before = [(str(each["id"]), str(each["at"])) for each in item.schedule.get("slots", ())]  # type: ignore[attr-defined]
    ordered = sorted(f"0{each}" if len(each) == 4 else each for each in times)
    kept = {at: slot for slot, at in before if at in ordered}
    freed = [slot for slot, _at in before if slot not in kept.values()]
    known = [slot for slot, _at in before]
    fresh = (name for name in (f"s{count}" for count in range(1, 100)) if name not in known)
    names = chain(freed, fresh)
    return [{"id": kept.pop(at, None) or next(names), "at": at} for at in ordered]


def _prescribed(modality: Modality, allowed: frozenset[str]) -> list[str]:
    return [use.code for use in modality.fields if use.prescribe != "no" and use.code in allowed]


def _date(label: str) -> forms.Field:
    field = forms.DateField(
        label=label, required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    return shaped(field, "text")


def _initial(draft: PlanDraft) -> Iterator[tuple[str, Any]]:
    yield "base", seal(draft)
    yield "title", draft.title
    yield "review_due_on", draft.review_due_on
    yield "training_expires_on", draft.training_expires_on
    for place, item in enumerate(draft.items):
        prefix = f"i{place}"
        schedule = item.schedule
        yield f"{prefix}-rule", schedule.get("rule", "weekly")
        yield f"{prefix}-days", schedule.get("days", [])
        yield f"{prefix}-n", schedule.get("n", "")
        yield f"{prefix}-anchor", schedule.get("anchor")
        slots = [str(each["at"]) for each in schedule.get("slots", ())]  # type: ignore[attr-defined]
        yield f"{prefix}-times", ", ".join(slots) or schedule.get("at", "")
        yield f"{prefix}-zone_policy", item.zone_policy
        yield f"{prefix}-starts_on", item.starts_on
        yield f"{prefix}-ends_on", item.ends_on
        yield f"{prefix}-wakes", item.wakes
        yield f"{prefix}-instruction", item.instruction
        for name, user in zip(("first", "then"), item.reminded, strict=False):
            yield f"{prefix}-{name}", str(user)
        yield f"{prefix}-next_after_minutes", item.next_after_minutes
        for slot, people in item.reminded_by_slot.items():
            for name, user in zip(("first", "then"), people, strict=False):
                yield f"{prefix}-slot-{slot}-{name}", str(user)
        yield from (
            (f"{prefix}-t-{code}", doses.number(value)) for code, value in item.target.items()
        )
        yield from (
            (f"{prefix}-m-{code}", doses.number(value)) for code, value in item.maximum.items()
        )
        for number_of_part, part in enumerate(item.parts):
            yield from _part_initial(f"{prefix}-p{number_of_part}", part)


def _part_initial(prefix: str, part: PartDraft) -> Iterator[tuple[str, Any]]:
    yield f"{prefix}-side", part.side
    yield f"{prefix}-channel", part.channel
    yield from ((f"{prefix}-{code}", doses.number(value)) for code, value in part.dose.items())
    yield from (
        (f"{prefix}-max-{code}", doses.number(value)) for code, value in part.maximum.items()
    )
