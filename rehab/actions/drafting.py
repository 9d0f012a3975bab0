"""Is what a clinician asks for sound? A draft may have gaps, but nothing in it that can't be so."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from exercises import reference
from patients.domain.errors import FieldError
from rehab.actions.draft_parts import exercise_of, modality_of, motion_of, muscle_of, slugs_of
from rehab.actions.draft_values import part_value_faults, session_value_faults
from rehab.actions.reminding import reminding_faults
from rehab.actions.surroundings import Around
from rehab.actions.texts import text_faults
from rehab.domain.plan_draft import ItemDraft, PartDraft, PlanDraft
from rehab.domain.recurrence import ScheduleError, schedule_from, zone_named
from rehab.models import ItemKind, Side, ZonePolicy

LONGEST_TITLE = 200
MOST_CHANNELS = 64


def faults(draft: PlanDraft, around: Around) -> list[FieldError]:
    """Return what can't be so, whatever state the plan is in."""
    found = list(_plan_faults(draft))
    used: set[UUID] = set(around.used_elsewhere)
    for place, item in enumerate(draft.items):
        errors = [*_item_faults(item, around), *_used_twice("series", item.series, used)]
        found += [replace(error, field=f"items.{place}.{error.field}") for error in errors]
    return found


def _plan_faults(draft: PlanDraft) -> Iterator[FieldError]:
    if not draft.title.strip():
        yield FieldError("title", "blank", _("Give the plan a title."))
    yield from text_faults({"title": draft.title}, longest=LONGEST_TITLE)
    yield from text_faults({"note": draft.note})
    if not draft.items:
        yield FieldError("items", "blank", _("Add at least one item."))


def _used_twice(field: str, given: UUID | None, used: set[UUID]) -> Iterator[FieldError]:
    """Yield a fault for an id that is taken, and remember the ones that are not."""
    if given is None:
        return
    if given in used:
        yield FieldError(field, "used_twice", _("Leave this id out, to get a new one."))
    used.add(given)


def _item_faults(item: ItemDraft, around: Around) -> Iterator[FieldError]:
    slugs = slugs_of(item)
    unknown = [slug for slug in slugs if slug not in around.exercises]
    if unknown:
        yield from (_not_usable(slug, around) for slug in dict.fromkeys(unknown))
        return
    if item.kind not in ItemKind.values:
        yield FieldError("kind", "not_a_choice", _("Choose training or care."))
    if item.zone_policy not in ZonePolicy.values:
        yield FieldError("zone_policy", "not_a_choice", _("Choose home or follow."))
    titles = {f"title.{language}": words for language, words in item.title.items()}
    yield from text_faults({"instruction": item.instruction, **titles})
    yield from _schedule_faults(item, around)
    yield from _barred(slugs, around)
    yield from session_value_faults(item, modality_of(item, around))
    yield from reminding_faults(item, around.circle)
    yield from _parts_faults(item, around)


def _not_usable(slug: str, around: Around) -> FieldError:
    """Name what the plan asks for and say why no plan may hold it."""
    refused = around.not_plannable.get(slug)
    if refused is None:
        return FieldError(
            "exercise",
            "unknown_exercise",
            _("There is no exercise “%(slug)s” that a plan may use.") % {"slug": slug},
        )
    return FieldError(
        "exercise",
        "not_plannable",
        _(refused.sentence) % {"name": refused.name},
        members={"item": slug, "reason": refused.reason},
    )


def _parts_faults(item: ItemDraft, around: Around) -> Iterator[FieldError]:
    used: set[UUID] = set()
    for place, part in enumerate(item.parts):
        for error in (*_part_faults(item, part, around), *_used_twice("part", part.part, used)):
            yield FieldError(f"parts.{place}.{error.field}", error.code, error.detail)


def _schedule_faults(item: ItemDraft, around: Around) -> Iterator[FieldError]:
    """Judge a schedule that is there; none at all is a gap."""
    zone = item.zone or around.default_zone
    try:
        zone_named(zone)
    except ScheduleError as error:
        yield FieldError("zone", "unknown_zone", str(error))
        return
    starts_on = item.starts_on or around.today(zone)
    try:
        if item.schedule:
            schedule_from(item.schedule, zone, starts_on=starts_on, ends_on=item.ends_on)
    except ScheduleError as error:
        if error.field == "ends_on":
            yield FieldError("ends_on", "schedule", _("The last day is before the first."))
        else:
            yield FieldError(f"schedule.{error.field}", "schedule", str(error))


def _barred(slugs: Collection[str], around: Around) -> Iterator[FieldError]:
    barred = (
        {each.get("exercise"): each.get("reason", "") for each in around.profile.barred}
        if around.profile
        else {}
    )
    for slug in dict.fromkeys(slugs):
        if slug in barred:
            yield FieldError(
                "exercise",
                "barred",
                _("This exercise is barred for this patient: %(reason)s")
                % {"reason": barred[slug]},
            )


def _part_faults(item: ItemDraft, part: PartDraft, around: Around) -> Iterator[FieldError]:
    modality = modality_of(item, around)
    if exercise_of(item, part, around).modality_id != modality.code:
        yield FieldError(
            "exercise", "other_modality", _("All parts of an item share one modality.")
        )
    if part.side not in Side.values:
        yield FieldError("side", "not_a_choice", _("Choose left, right, both or none."))
    if part.channel is not None and not 1 <= part.channel <= MOST_CHANNELS:
        yield FieldError("channel", "out_of_range", _("Number the channels from 1."))
    motion, muscle = motion_of(item, part, around), muscle_of(item, part, around)
    if motion and motion not in reference.motions():
        yield FieldError(
            "motion", "unknown_motion", _("There is no motion “%(code)s”.") % {"code": motion}
        )
    elif muscle and muscle not in reference.muscles():
        yield FieldError(
            "muscle", "unknown_muscle", _("There is no muscle “%(code)s”.") % {"code": muscle}
        )
    else:
        yield from part_value_faults(part, modality, motion)
