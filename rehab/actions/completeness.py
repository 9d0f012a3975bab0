"""What is still missing before a plan can be active. Nothing here fills a gap: a person does."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from exercises import reference
from exercises.sheets.terms import Modality
from patients.domain.errors import FieldError
from rehab.actions.draft_parts import is_usable, modality_of, motion_of, muscle_of, parts_of
from rehab.actions.surroundings import Around
from rehab.domain.measures import is_number
from rehab.domain.plan_draft import ItemDraft, PartDraft, PlanDraft
from rehab.models import ItemKind, Side

SIDES = (Side.LEFT, Side.RIGHT, Side.BOTH)


def gaps(draft: PlanDraft, around: Around) -> list[FieldError]:
    """Return every gap, with its path."""
    found = list(_date_gaps(draft, around))
    for place, item in enumerate(draft.items):
        if not is_usable(item, around):
            continue  # It is refused by name; what it lacks does not matter.
        missing = [*_item_gaps(item, around), *_teaching_gaps(item, around)]
        found += [
            FieldError(f"items.{place}.{error.field}", error.code, error.detail)
            for error in missing
        ]
    return found


def _date_gaps(draft: PlanDraft, around: Around) -> Iterator[FieldError]:
    trains = any(item.kind == ItemKind.TRAINING for item in draft.items)
    ends = draft.training_expires_on
    if trains and ends is not None and ends < around.today():
        yield FieldError(
            "training_expires_on",
            "in_the_past",
            _("Training would have ended already. Set a later day, or leave it empty."),
        )


def _item_gaps(item: ItemDraft, around: Around) -> Iterator[FieldError]:
    modality = modality_of(item, around)
    if not item.schedule:
        yield FieldError("schedule", "required", _("Say when this is to be done."))
    for code in sorted(modality.prescription_required & modality.session_fields):
        if item.target.get(code) is None:
            yield _gap(f"target.{code}", code)
    for place, part in enumerate(parts_of(item)):
        for error in _part_gaps(item, part, modality, around):
            yield FieldError(f"parts.{place}.{error.field}", error.code, error.detail)


def _part_gaps(
    item: ItemDraft, part: PartDraft, modality: Modality, around: Around
) -> Iterator[FieldError]:
    for code in sorted(modality.prescription_required - modality.session_fields):
        if part.dose.get(code) is None:
            yield _gap(f"dose.{code}", code)
    if _needs_side(item, part, around) and part.side not in SIDES:
        yield FieldError("side", "required", _("Choose the side."))
    if modality.part_kind == "motion" and not motion_of(item, part, around):
        yield FieldError("motion", "required", _("Choose the motion."))
    if modality.part_kind == "muscle" and not muscle_of(item, part, around):
        yield FieldError("muscle", "required", _("Choose the muscle."))


def _teaching_gaps(item: ItemDraft, around: Around) -> Iterator[FieldError]:
    """Neck motions, and the shoulder above 90 degrees, wait for "shown to ... by ... on ..."."""
    taught = {each.get("motion") for each in around.profile.taught} if around.profile else set()
    for place, part in enumerate(parts_of(item)):
        code = motion_of(item, part, around)
        if code not in taught and (degrees := _untaught_from(part, code)) is not None:
            yield FieldError(
                f"parts.{place}.motion",
                "teaching_required",
                _(
                    "Record first in the profile to whom this motion was shown, by whom and when,"
                    " or set a maximum of %(degrees)s degrees or less."
                )
                % {"degrees": f"{degrees:g}"},
            )


def _untaught_from(part: PartDraft, code: str) -> float | None:
    """Return the degrees up to which this motion needs no teaching, None if it needs none here."""
    motion = reference.motions().get(code)
    if motion is None:
        return None
    if motion.needs_teaching:
        return 0
    above = motion.needs_teaching_above_degrees
    most = part.maximum.get("end_angle_degrees", part.dose.get("end_angle_degrees"))
    return None if above is None or (is_number(most) and most <= above) else above


def _needs_side(item: ItemDraft, part: PartDraft, around: Around) -> bool:
    motion, muscle = motion_of(item, part, around), muscle_of(item, part, around)
    if motion:
        return reference.motions()[motion].paired_sides
    return bool(muscle) and reference.muscles()[muscle].paired_sides


def _gap(path: str, code: str) -> FieldError:
    return FieldError(
        path, "required", _("The clinician fills this in: %(field)s.") % {"field": code}
    )
