"""Is what a clinician asks for sound, and complete enough to be assigned?

A draft may have gaps; an active plan may not. Nothing here fills a gap: where no source gives a
dose, a person does.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from exercises import reference
from exercises.models import Exercise
from exercises.sheets.terms import Modality
from patients.domain.errors import FieldError
from rehab.actions.findings import as_error
from rehab.domain.measures import Limits, is_number, judge
from rehab.domain.plan_draft import ItemDraft, PartDraft, PlanDraft
from rehab.domain.recurrence import ScheduleError, schedule_from, zone_named
from rehab.domain.stimulation import judge_denervated, judge_intact
from rehab.models import ClinicalProfile, ItemKind, Side, ZonePolicy

SESSIONS = ("sessions_per_day", "sessions_per_week")
SIDES_ONE = (Side.LEFT, Side.RIGHT, Side.BOTH)


@dataclass(frozen=True, slots=True)
class Around:
    """What a draft is judged against."""

    exercises: Mapping[str, Exercise]
    profile: ClinicalProfile | None
    circle: Collection[UUID]
    default_zone: str
    today: date


def faults(draft: PlanDraft, around: Around) -> list[FieldError]:
    """Return what can't be so, whatever state the plan is in."""
    found = (
        [] if draft.title.strip() else [FieldError("title", "blank", _("Give the plan a title."))]
    )
    if not draft.items:
        found.append(FieldError("items", "blank", _("Add at least one item.")))
    for place, item in enumerate(draft.items):
        found += [
            FieldError(f"items.{place}.{error.field}", error.code, error.detail)
            for error in _item_faults(item, around)
        ]
    return found


def gaps(draft: PlanDraft, around: Around) -> list[FieldError]:
    """Return what is still missing before the plan can be active."""
    found: list[FieldError] = []
    for place, item in enumerate(draft.items):
        missing = [*_item_gaps(item, around), *_teaching_gaps(item, around)]
        found += [
            FieldError(f"items.{place}.{error.field}", error.code, error.detail)
            for error in missing
        ]
    return found


def modality_of(item: ItemDraft, around: Around) -> Modality:
    return reference.modalities()[around.exercises[item.exercise].modality_id]


def exercise_of(item: ItemDraft, part: PartDraft, around: Around) -> Exercise:
    return around.exercises[part.exercise or item.exercise]


def motion_of(item: ItemDraft, part: PartDraft, around: Around) -> str:
    """Return the motion that a part names, else its exercise's own."""
    return part.motion or exercise_of(item, part, around).motion_id or ""


def muscle_of(item: ItemDraft, part: PartDraft, around: Around) -> str:
    return part.muscle or exercise_of(item, part, around).muscle_id or ""


def parts_of(item: ItemDraft) -> tuple[PartDraft, ...]:
    """Return the parts, or for an item without any the one that is the whole body."""
    return item.parts or (PartDraft(),)


def _item_faults(item: ItemDraft, around: Around) -> Iterator[FieldError]:
    unknown = [
        slug
        for slug in {item.exercise, *(part.exercise for part in item.parts)} - {""}
        if slug not in around.exercises
    ]
    if item.exercise not in around.exercises or unknown:
        yield FieldError(
            "exercise",
            "unknown_exercise",
            _("There is no exercise “%(slug)s” that a plan may use.")
            % {"slug": (unknown or [item.exercise])[0]},
        )
        return
    if item.kind not in ItemKind.values:
        yield FieldError("kind", "not_a_choice", _("Choose training or care."))
    if item.zone_policy not in ZonePolicy.values:
        yield FieldError("zone_policy", "not_a_choice", _("Choose home or follow."))
    yield from _schedule_faults(item, around)
    yield from _barred(item, around)
    yield from _maximum_faults(item, around)
    if any(user not in around.circle for user in item.reminded):
        yield FieldError(
            "reminded",
            "unknown_person",
            _("Only the patient and the people who help now can be reminded."),
        )
    for place, part in enumerate(item.parts):
        for error in _part_faults(item, part, around):
            yield FieldError(f"parts.{place}.{error.field}", error.code, error.detail)


def _schedule_faults(item: ItemDraft, around: Around) -> Iterator[FieldError]:
    """Judge a schedule that is there; none at all is a gap, as a protocol may suggest none."""
    zone = item.zone or around.default_zone
    try:
        zone_named(zone)
        if item.schedule:
            schedule_from(
                item.schedule, zone, starts_on=item.starts_on or around.today, ends_on=item.ends_on
            )
    except ScheduleError as error:
        yield FieldError(f"schedule.{error.field}", "schedule", str(error))


def _barred(item: ItemDraft, around: Around) -> Iterator[FieldError]:
    barred = (
        {each["exercise"]: each.get("reason", "") for each in around.profile.barred}
        if around.profile
        else {}
    )
    for slug in dict.fromkeys([item.exercise, *(part.exercise for part in item.parts)]):
        if slug in barred:
            yield FieldError(
                "exercise",
                "barred",
                _("This exercise is barred for this patient: %(reason)s")
                % {"reason": barred[slug]},
            )


def _maximum_faults(item: ItemDraft, around: Around) -> Iterator[FieldError]:
    modality = modality_of(item, around)
    for code in SESSIONS:
        value = item.maximum.get(code)
        if value is not None and not (
            is_number(value) and value == int(value) and 1 <= value <= 100
        ):
            yield FieldError(
                f"maximum.{code}", "not_a_count", _("Enter a whole number from 1 to 100.")
            )
    rest = {code: value for code, value in item.maximum.items() if code not in SESSIONS}
    yield from _dose_faults(
        item.target, rest, modality.session_fields, modality.code, "target", "maximum", ""
    )


def _part_faults(item: ItemDraft, part: PartDraft, around: Around) -> Iterator[FieldError]:
    modality = modality_of(item, around)
    if exercise_of(item, part, around).modality_id != modality.code:
        yield FieldError(
            "exercise", "other_modality", _("All parts of an item share one modality.")
        )
    if part.side not in (*Side.values, ""):
        yield FieldError("side", "not_a_choice", _("Choose left, right, both or none."))
    motion, muscle = motion_of(item, part, around), muscle_of(item, part, around)
    if motion and motion not in reference.motions():
        yield FieldError(
            "motion", "unknown_motion", _("There is no motion “%(code)s”.") % {"code": motion}
        )
        return
    if muscle and muscle not in reference.muscles():
        yield FieldError(
            "muscle", "unknown_muscle", _("There is no muscle “%(code)s”.") % {"code": muscle}
        )
        return
    fields = modality.logging_allowed | modality.prescription_allowed
    yield from _dose_faults(
        part.dose,
        part.maximum,
        fields - modality.session_fields,
        modality.code,
        "dose",
        "maximum",
        motion,
    )
    yield from _physics_faults(part, modality)


def _dose_faults(
    dose: Mapping[str, object],
    maximum: Mapping[str, object],
    allowed: Collection[str],
    modality: str,
    dose_path: str,
    maximum_path: str,
    motion: str,
) -> Iterator[FieldError]:
    for path, values in ((dose_path, dose), (maximum_path, maximum)):
        for code, value in values.items():
            if code not in allowed:
                yield FieldError(
                    f"{path}.{code}", "unknown_field", _("This item has no such field here.")
                )
            elif found := judge(_limits(code, modality, motion), value):
                if found.severity == "refuse":
                    yield as_error(found, path=f"{path}.{code}")
    for code, value in dose.items():
        most = maximum.get(code)
        if is_number(value) and is_number(most) and value > most:
            yield FieldError(
                f"{maximum_path}.{code}", "below_dose", _("The maximum is below the dose.")
            )


def _physics_faults(part: PartDraft, modality: Modality) -> Iterator[FieldError]:
    """Judge the pair of width and frequency by the physics of the modality."""
    if modality.physics is None:
        return
    judge_settings = judge_intact if modality.physics == "intact" else judge_denervated
    for found in judge_settings(part.dose, {}):
        if found.severity == "refuse":
            yield as_error(found, path=f"dose.{found.field}")


def _item_gaps(item: ItemDraft, around: Around) -> Iterator[FieldError]:
    modality = modality_of(item, around)
    if not item.schedule:
        yield FieldError("schedule", "required", _("Choose the days and times."))
    for code in sorted(modality.prescription_required & modality.session_fields):
        if item.target.get(code) is None:
            yield _gap(f"target.{code}", code)
    for place, part in enumerate(parts_of(item)):
        path = f"parts.{place}"
        for code in sorted(modality.prescription_required - modality.session_fields):
            if part.dose.get(code) is None and not _whole(item, modality, code):
                yield _gap(f"{path}.dose.{code}", code)
        if _needs_side(item, part, around) and part.side not in SIDES_ONE:
            yield FieldError(f"{path}.side", "required", _("Choose the side."))
        if modality.part_kind == "motion" and not motion_of(item, part, around):
            yield FieldError(f"{path}.motion", "required", _("Choose the motion."))
        if modality.part_kind == "muscle" and not muscle_of(item, part, around):
            yield FieldError(f"{path}.muscle", "required", _("Choose the muscle."))


def _whole(item: ItemDraft, modality: Modality, code: str) -> bool:
    return modality.part_kind == "whole" and not item.parts and item.target.get(code) is not None


def _teaching_gaps(item: ItemDraft, around: Around) -> Iterator[FieldError]:
    """Neck motions, and the shoulder above 90 degrees, wait for "shown to ... by ... on ..."."""
    taught = {each.get("motion") for each in around.profile.taught} if around.profile else set()
    for place, part in enumerate(item.parts):
        code = motion_of(item, part, around)
        motion = reference.motions().get(code)
        if motion is None or code in taught:
            continue
        most = part.maximum.get("end_angle_degrees", part.dose.get("end_angle_degrees"))
        above = motion.needs_teaching_above_degrees
        if motion.needs_teaching or (above is not None and (not is_number(most) or most > above)):
            yield FieldError(
                f"parts.{place}.motion",
                "teaching_required",
                _(
                    "Record first in the profile to whom this motion was shown, by whom and when, or set a maximum of %(degrees)s degrees or less."
                )
                % {"degrees": above if above is not None else 0},
            )


def _needs_side(item: ItemDraft, part: PartDraft, around: Around) -> bool:
    motion, muscle = motion_of(item, part, around), muscle_of(item, part, around)
    if motion:
        return reference.motions()[motion].paired_sides
    return bool(muscle) and reference.muscles()[muscle].paired_sides


def _gap(path: str, code: str) -> FieldError:
    return FieldError(
        path, "required", _("The clinician fills this in: %(field)s.") % {"field": code}
    )


def _limits(code: str, modality: str, motion: str) -> Limits:
    field = reference.limits(code, modality=modality, motion=motion or None)
    return Limits(
        code, field.unit, field.hard_min, field.hard_max, None, None, field.integer, field.likely
    )
