"""Is what a plan says about who is reminded sound?"""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from patients.domain.errors import FieldError
from rehab.domain.plan_draft import ItemDraft

SOONEST_NEXT_MINUTES = 5
LATEST_NEXT_MINUTES = 12 * 60


def reminding_faults(item: ItemDraft, circle: Collection[UUID]) -> Iterator[FieldError]:
    """Yield what can't be so; circle: the patient and the people who help now."""
    lists = {"reminded": item.reminded}
    lists |= {f"reminded_by_slot.{slot}": who for slot, who in item.reminded_by_slot.items()}
    for path, people in lists.items():
        if any(user not in circle for user in people):
            yield FieldError(
                path,
                "unknown_person",
                _("Only the patient and the people who help now can be reminded."),
            )
    for slot in item.reminded_by_slot:
        if slot not in slot_ids(item.schedule):
            yield FieldError(
                f"reminded_by_slot.{slot}", "unknown_slot", _("The schedule has no such time.")
            )
    yield from _next_faults(item, lists.values())


def _next_faults(item: ItemDraft, lists: Collection[Collection[UUID]]) -> Iterator[FieldError]:
    minutes = item.next_after_minutes
    if minutes is None:
        return
    if not SOONEST_NEXT_MINUTES <= minutes <= LATEST_NEXT_MINUTES:
        yield FieldError(
            "next_after_minutes",
            "out_of_range",
            _("Enter between %(least)s and %(most)s minutes.")
            % {"least": SOONEST_NEXT_MINUTES, "most": LATEST_NEXT_MINUTES},
        )
    elif all(len(people) < 2 for people in lists):
        yield FieldError(
            "next_after_minutes", "nobody_next", _("Name who is told next, after the first.")
        )


def slot_ids(schedule: Mapping[str, object]) -> Collection[str]:
    """Return the ids of a schedule's slots as it was sent in; n per week number theirs from 1."""
    if schedule.get("rule") == "times_per_week":
        n = schedule.get("n")
        return [str(each) for each in range(1, (n if isinstance(n, int) else 0) + 1)]
    slots = schedule.get("slots")
    given = slots if isinstance(slots, list | tuple) else ()
    return [str(slot.get("id")) for slot in given if isinstance(slot, Mapping)]
