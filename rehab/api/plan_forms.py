"""What a clinician sends to assign, revise, hold or resume a plan."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from rehab.actions.from_protocol import draft_from_protocol
from rehab.api.forms import Form
from rehab.domain.plan_draft import ItemDraft, OverrideDraft, PartDraft, PlanDraft
from rehab.models import ItemKind, Side, ZonePolicy


class PartIn(Form):
    part = serializers.UUIDField(
        required=False, allow_null=True, help_text="Keep it to say: the same part of the body."
    )
    exercise = serializers.CharField(required=False, allow_blank=True, max_length=100)
    motion = serializers.CharField(required=False, allow_blank=True, max_length=60)
    muscle = serializers.CharField(required=False, allow_blank=True, max_length=60)
    channel = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=32)
    side = serializers.ChoiceField(["", *Side.values], required=False)
    dose = serializers.DictField(
        required=False, help_text="Dose-field code: number, in the unit that the code names."
    )
    maximum = serializers.DictField(required=False, help_text="The same for the part's maximum.")


class ItemIn(Form):
    series = serializers.UUIDField(
        required=False, allow_null=True, help_text="Keep it to say: the same item as before."
    )
    exercise = serializers.SlugField(max_length=100)
    kind = serializers.ChoiceField(ItemKind.choices, required=False)
    title = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="By language: zh-Hans and en."
    )
    parts = PartIn(many=True, required=False)
    target = serializers.DictField(
        required=False, help_text="The dose of the whole session (minutes, cadence), by field."
    )
    maximum = serializers.DictField(
        required=False, help_text="sessions_per_day, sessions_per_week, session-wide fields."
    )
    schedule = serializers.DictField(
        help_text='{"rule": "weekly", "days": ["mon"], "slots": [{"id": "a1", "at": "09:00"}]}, '
        '{"rule": "every_n_days", "n": 2, "anchor": "2026-10-19", "slots": […]} or '
        '{"rule": "times_per_week", "n": 3, "at": "18:00"}.'
    )
    zone = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=64,
        help_text="IANA name; the patient's if left out.",
    )
    zone_policy = serializers.ChoiceField(ZonePolicy.choices, required=False)
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    reminded = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        help_text="Accounts: the doer, then who next.",
    )
    reminded_by_slot = serializers.DictField(
        child=serializers.ListField(child=serializers.UUIDField(), min_length=1),
        required=False,
        help_text="The same for single slots, by slot id; all others go by `reminded`.",
    )
    next_after_minutes = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text="5 to 720: who comes next is told once when nothing was logged or skipped for "
        "so long after the reminder. Left out: never.",
    )
    wakes = serializers.BooleanField(required=False)
    instruction = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class PlanIn(Form):
    """With `protocol` the items may be left out: they come from the protocol, without doses."""

    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    protocol = serializers.SlugField(required=False, allow_blank=True, max_length=100)
    items = ItemIn(many=True, required=False)
    review_due_on = serializers.DateField(required=False, allow_null=True)
    training_expires_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if not given.get("items") and not given.get("protocol"):
            raise serializers.ValidationError(
                {"items": "Name a protocol or add items."}, code="required"
            )
        return given


class OverrideIn(Form):
    """A named person lets one item past one absolute gate."""

    series = serializers.UUIDField()
    gate = serializers.CharField(max_length=60)
    reason = serializers.CharField(max_length=1000)
    expires_on = serializers.DateField()


class ActivateIn(Form):
    overrides = OverrideIn(many=True, required=False, default=list)


class RevisionIn(PlanIn):
    overrides = OverrideIn(many=True, required=False, default=list)


class HoldIn(Form):
    series = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Left out: all training of the plan.",
    )
    part = serializers.UUIDField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=1000)


class ResumeIn(Form):
    series = serializers.UUIDField(required=False, allow_null=True, default=None)
    part = serializers.UUIDField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=1000)
    reconfirmed = serializers.BooleanField(
        required=False, default=False, help_text="The settings were looked at again and still hold."
    )


class CompleteIn(Form):
    reason = serializers.CharField(max_length=1000)


def draft_in(given: Mapping[str, Any], language: str) -> PlanDraft:
    """Return what was asked for as a draft; from its protocol where no items were given."""
    own = {name: value for name, value in given.items() if name not in ("items", "overrides")}
    if given.get("items"):
        items = tuple(_item(item) for item in given["items"])
        return PlanDraft(**{"title": "", **own, "items": items})
    suggested = draft_from_protocol(protocol_slug=given["protocol"], language=language)
    return PlanDraft(
        **{
            "title": own.pop("title", "") or suggested.title,
            "review_due_on": suggested.review_due_on,
            "training_expires_on": suggested.training_expires_on,
            **own,
            "items": suggested.items,
        }
    )


def overrides_in(given: Mapping[str, Any]) -> list[OverrideDraft]:
    return [OverrideDraft(**each) for each in given["overrides"]]


def _item(given: Mapping[str, Any]) -> ItemDraft:
    parts = tuple(PartDraft(**part) for part in given.get("parts", ()))
    people = {
        "reminded": tuple(given.get("reminded", ())),
        "reminded_by_slot": {
            slot: tuple(named) for slot, named in given.get("reminded_by_slot", {}).items()
        },
    }
    return ItemDraft(**{**given, "parts": parts, **people})
