"""Judging the doses and the maxima of a draft: can they be, and do they go together?"""

from collections.abc import Collection, Iterator, Mapping

from django.utils.translation import gettext as _

from exercises import reference
from exercises.sheets.terms import Modality
from patients.domain.errors import FieldError
from rehab.actions.findings import as_error
from rehab.domain.measures import Limits, is_number, judge
from rehab.domain.plan_draft import ItemDraft, PartDraft
from rehab.domain.stimulation import judge_denervated, judge_intact

SESSIONS = ("sessions_per_day", "sessions_per_week")


def session_value_faults(item: ItemDraft, modality: Modality) -> Iterator[FieldError]:
    """Judge the target and the maximum of a whole session."""
    for code in SESSIONS:
        value = item.maximum.get(code)
        if value is not None and not (
            is_number(value) and value == int(value) and 1 <= value <= 100
        ):
            yield FieldError(
                f"maximum.{code}", "not_a_count", _("Enter a whole number from 1 to 100.")
            )
    most = {code: value for code, value in item.maximum.items() if code not in SESSIONS}
    fields = modality.session_fields
    yield from _values_faults("target", item.target, fields, modality, "")
    yield from _values_faults("maximum", most, fields & modality.maximum_allowed, modality, "")
    yield from _below_dose(item.target, most)


def part_value_faults(part: PartDraft, modality: Modality, motion: str) -> Iterator[FieldError]:
    """Judge the dose and the maximum of one part."""
    fields = (modality.logging_allowed | modality.prescription_allowed) - modality.session_fields
    most = modality.maximum_allowed - modality.session_fields
    yield from _values_faults("dose", part.dose, fields, modality, motion)
    yield from _values_faults("maximum", part.maximum, most, modality, motion)
    yield from _below_dose(part.dose, part.maximum)
    yield from _physics_faults(part, modality)


def _values_faults(
    path: str,
    values: Mapping[str, object],
    allowed: Collection[str],
    modality: Modality,
    motion: str,
) -> Iterator[FieldError]:
    for code, value in values.items():
        if path == "dose" and code in modality.choice_fields:
            yield from _choice_faults(code, value)
        elif code not in allowed:
            yield FieldError(
                f"{path}.{code}", "unknown_field", _("This item has no such field here.")
            )
        elif value is not None and (found := judge(_limits(code, modality, motion), value)):
            yield as_error(found, path=f"{path}.{code}")


def _choice_faults(code: str, value: object) -> Iterator[FieldError]:
    choices = [choice.code for choice in reference.choice_fields()[code].choices]
    if value not in choices:
        yield FieldError(
            f"dose.{code}",
            "not_a_choice",
            _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)},
        )


def _below_dose(dose: Mapping[str, object], maximum: Mapping[str, object]) -> Iterator[FieldError]:
    for code, value in dose.items():
        most = maximum.get(code)
        if is_number(value) and is_number(most) and value > most:
            yield FieldError(f"maximum.{code}", "below_dose", _("The maximum is below the dose."))


def _physics_faults(part: PartDraft, modality: Modality) -> Iterator[FieldError]:
    """Judge the pair of width and frequency by the physics of the modality."""
    if modality.physics is None:
        return
    judge_settings = judge_intact if modality.physics == "intact" else judge_denervated
    for found in judge_settings(part.dose, {}):
        if found.severity == "refuse":
            yield as_error(found, path=f"dose.{found.field}")


def _limits(code: str, modality: Modality, motion: str) -> Limits:
    """Return the recording limits; what is usual is for the clinician to say here."""
    field = reference.limits(code, modality=modality.code, motion=motion or None)
    return Limits(
        code, field.unit, field.hard_min, field.hard_max, None, None, field.integer, field.likely
    )
